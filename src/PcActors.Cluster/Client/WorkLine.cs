using System.Numerics;
using PcActors.Cluster.Wire;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Cluster.Client;

/// <summary>The work of a run in its order, and what has become of it: jobs, and the steps since the
/// last checkpoint, which are sent again to each new term. Whoever asked for a step learns of its result once.
/// Plain, without actors.</summary>
/// <param name="newBatch">Makes a batch.</param>
/// <param name="start">What the run goes on from.</param>
/// <param name="parameters">Ids of the parameters, all of whose states make a checkpoint.</param>
/// <param name="checkpointEvery">Steps after which a checkpoint is asked for.</param>
/// <param name="valuesPerPrediction">Messages of a prediction, which is not made again.</param>
internal sealed class WorkLine<T>(
    Func<Batch<T>> newBatch, RunState<T> start, IReadOnlySet<int> parameters, int checkpointEvery,
    long valuesPerPrediction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Pieces of work that the coordinator may have at once: while it is at one, the next has come.</summary>
    public const int Window = 4;

    private readonly List<Job> _pending = [];
    private readonly Queue<(long Number, Piece Piece)> _sent = [];
    private readonly StepHistory<T> _history = new(newBatch, start.Step);
    private Dictionary<int, ParameterSnapshot<T>> _collected = [];
    private MessageCounts _countsBefore = new(0, 0);
    private int _term;
    private long _number;
    private int _again;
    private int _sentPending;
    private long _stepsSent;
    private long _checkpointAsked;
    private long _predictions;
    private MessageCounts _inferences = new(0, 0);
    private int _sinceStep;
    private int _sentSinceStep;

    /// <summary>One piece of work: a step made again, a job, or a checkpoint that nobody has asked for.</summary>
    private abstract record Piece
    {
        public sealed record Again(Batch<T> Batch) : Piece;

        public sealed record Asked(Job Job) : Piece;

        public sealed record Keep : Piece;
    }

    /// <summary>What a new term goes on from.</summary>
    public RunState<T> Checkpoint { get; private set; } = start;

    /// <summary>Steps that a new term makes again.</summary>
    public int StepsSinceCheckpoint => _history.Count;

    /// <summary>Takes a job.</summary>
    public void Add(Job job) => _pending.Add(job);

    /// <summary>Begins with a term: everything that the checkpoint does not hold is sent, again or
    /// for the first time.</summary>
    /// <exception cref="RunFailedException">The term begins elsewhere than at the checkpoint.</exception>
    public void Begin(TermBegun term)
    {
        if (term.Step != Checkpoint.Step)
            throw new RunFailedException(
                $"the graph is placed as it is after step {term.Step}; the last checkpoint is after step "
                + $"{Checkpoint.Step}");
        _term = term.Term;
        _sent.Clear();
        _collected = [];
        (_number, _again, _sentPending) = (0, 0, 0);
        _stepsSent = _checkpointAsked = Checkpoint.Step;
        var counts = Checkpoint.Messages;
        _countsBefore = new(counts.Values + _inferences.Values + (_predictions * valuesPerPrediction),
            counts.Errors + _inferences.Errors);
        _sentSinceStep = _sinceStep;
    }

    /// <summary>Ends with a term: nothing that still comes from it counts.</summary>
    public void Pause() => _term = 0;

    /// <summary>The next piece of work to be sent; null when there is none, or enough is on its way.</summary>
    public Work<T>? Next()
    {
        if (_term == 0 || _sent.Count >= Window) return null;
        Piece? piece = null;
        if (_again < _history.Count) piece = new Piece.Again(_history[_again++]);
        else if (_stepsSent - _checkpointAsked >= checkpointEvery) piece = new Piece.Keep();
        else if (_sentPending < _pending.Count) piece = new Piece.Asked(_pending[_sentPending++]);
        if (piece is null) return null;
        _sent.Enqueue((++_number, piece));
        return WorkOf(piece);
    }

    /// <summary>Takes a parameter's state.</summary>
    public void Take(StateCollected<T> state)
    {
        if (state.Term == _term) _collected[state.Vertex] = state.State;
    }

    /// <summary>Takes a result. What comes from an earlier term is none.</summary>
    /// <exception cref="RunFailedException">It is a checkpoint that not all parameters' states make.</exception>
    public void Take(WorkDone<T> done)
    {
        if (done.Term != _term || !_sent.TryPeek(out var first) || first.Number != done.Number) return;
        _sent.Dequeue();
        if (KindOf(first.Piece) == WorkKind.States && done.Result is MessageCounts counts) Keep(counts);
        if (first.Piece is not Piece.Asked { Job: var job }) return;
        _pending.RemoveAt(0);
        _sentPending--;
        Complete(job, done.Result);
    }

    /// <summary>Ends all jobs with an error.</summary>
    public void Fail(Exception error)
    {
        Pause();
        foreach (var job in _pending) job.Fail(error);
        _pending.Clear();
    }

    private static WorkKind KindOf(Piece piece) => piece switch
    {
        Piece.Again or Piece.Asked { Job: TrainingStep<T> } => WorkKind.Step,
        Piece.Asked { Job: Prediction<T> } => WorkKind.Prediction,
        Piece.Asked { Job: InferenceJob<T> } => WorkKind.Inference,
        Piece.Asked { Job: CounterCollection } => WorkKind.Counts,
        _ => WorkKind.States,
    };

    private Work<T> WorkOf(Piece piece)
    {
        var kind = KindOf(piece);
        var batch = piece switch
        {
            Piece.Again again => again.Batch,
            Piece.Asked { Job: TrainingStep<T> step } => step.Batch,
            Piece.Asked { Job: Prediction<T> prediction } => prediction.Batch,
            _ => null,
        };
        if (kind == WorkKind.Step) _stepsSent++;
        // The states say which update they follow, so values are taken from there, too.
        if (kind == WorkKind.States) _checkpointAsked = _stepsSent;
        var asked = (piece as Piece.Asked)?.Job;
        if (asked is TrainingStep<T>) _sentSinceStep = 0;
        else if (asked is Prediction<T> or InferenceJob<T>) _sentSinceStep++;
        return new Work<T>(_term, _number, kind, batch?.Inputs ?? [], kind == WorkKind.Step ? batch!.Target : null)
        {
            WithEnergies = asked is TrainingStep<T> { WithEnergies: true },
            Inference = asked is InferenceJob<T> inference
                ? new InferenceWork<T>(
                    [.. inference.Clamps.Select(c => new ClampedVertex<T>(c.Key, c.Value))], inference.Reads,
                    _sentSinceStep)
                : null,
        };
    }

    private void Keep(MessageCounts counts)
    {
        // A state that is missing would be an initial value in the next term: other bits, and nobody would know.
        if (!parameters.SetEquals(_collected.Keys))
            throw new RunFailedException(
                $"the coordinator gave the states of {_collected.Count} vertices for a checkpoint; the graph's "
                + $"parameters are {parameters.Count}");
        // Results come in order: this one holds all steps and predictions whose results have come.
        Checkpoint = new RunState<T>(_history.End, _collected, CountsAt(counts));
        _history.DropUntil(_history.End);
        _collected = [];
        (_again, _predictions, _inferences) = (0, 0, new(0, 0));
    }

    private MessageCounts CountsAt(MessageCounts counts) =>
        new(_countsBefore.Values + counts.Values, _countsBefore.Errors + counts.Errors);

    private void Complete(Job job, object result)
    {
        switch (job, result)
        {
            case (TrainingStep<T> step, StepResult done):
                _history.Add(step.Batch);
                _sinceStep = 0;
                _again++;
                step.Complete(done);
                break;
            case (Prediction<T> prediction, Tensor<T> done):
                _predictions++;
                _sinceStep++;
                prediction.Complete(done);
                break;
            case (InferenceJob<T> inference, InferenceDone<T> done):
                _inferences = new(_inferences.Values + done.Messages.Values, _inferences.Errors + done.Messages.Errors);
                _sinceStep++;
                inference.Complete(new InferredValues<T>(
                    done.Values.ToDictionary(v => v.Vertex, v => v.Value), done.Record));
                break;
            case (CounterCollection counters, MessageCounts counts):
                counters.Complete(CountsAt(counts));
                break;
            case (StateCollection<T> collection, MessageCounts):
                collection.Complete(Checkpoint);
                break;
            case (ParameterCollection<T> collection, MessageCounts):
                collection.Complete(Checkpoint.States.ToDictionary(s => s.Key, s => s.Value.Value));
                break;
            default:
                job.Fail(
                    new RunFailedException(
                        $"the coordinator answered with {result.GetType().Name}, which was not asked for"));
                break;
        }
    }
}
