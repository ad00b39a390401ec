using System.Numerics;
using PcActors.Actors;
using PcActors.Cluster.Coordination;
using PcActors.Cluster.Hosting;
using PcActors.Learning.Vertices;
using PcActors.Learning;

namespace PcActors.Cluster.Client;

/// <summary>The work of a run in its order, and what has become of it: jobs, and the steps since the last checkpoint, which are sent
/// again to each new epoch. Whoever asked for a step learns of its result once. Plain, without actors.</summary>
/// <param name="newBatch">Makes a batch.</param>
/// <param name="start">What the run goes on from.</param>
/// <param name="parameters">Ids of the parameters, all of whose states make a checkpoint.</param>
/// <param name="checkpointEvery">Steps after which a checkpoint is asked for.</param>
/// <param name="valuesPerPrediction">Messages of a prediction, which is not made again.</param>
internal sealed class WorkLine<T>(
    Func<Batch<T>> newBatch, RunCheckpoint<T> start, IReadOnlySet<int> parameters, int checkpointEvery, long valuesPerPrediction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Pieces of work that the coordinator may have at once: while it is at one, the next has come.</summary>
    public const int Window = 4;

    private readonly List<Job> _pending = [];
    private readonly Queue<(long Number, Piece Piece)> _sent = [];
    private readonly StepHistory<T> _history = new(newBatch, start.Step);
    private Dictionary<int, ParameterSnapshot<T>> _collected = [];
    private MessageCounts _countsBefore = new(0, 0);
    private int _epoch;
    private long _number;
    private int _again;
    private int _sentPending;
    private long _stepsSent;
    private long _checkpointAsked;
    private long _predictions;
    private long _stepsAndPredictions;

    /// <summary>One piece of work: a step made again, a job, or a checkpoint that nobody has asked for.</summary>
    private abstract record Piece
    {
        public sealed record Again(Batch<T> Batch) : Piece;

        public sealed record Asked(Job Job) : Piece;

        public sealed record Keep : Piece;
    }

    /// <summary>What a new epoch goes on from.</summary>
    public RunCheckpoint<T> Checkpoint { get; private set; } = start;

    /// <summary>Steps that a new epoch makes again.</summary>
    public int StepsSinceCheckpoint => _history.Count;

    /// <summary>The number of the step or prediction at hand, from 1.</summary>
    public long Current => _stepsAndPredictions + 1;

    /// <summary>Takes a job.</summary>
    public void Add(Job job) => _pending.Add(job);

    /// <summary>Begins with an epoch: everything that the checkpoint does not hold is sent, again or for the first time.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <exception cref="RunFailedException">The epoch begins elsewhere than at the checkpoint.</exception>
    public void Begin(EpochBegun epoch)
    {
        if (epoch.Step != Checkpoint.Step)
            throw new RunFailedException($"an epoch begins after step {epoch.Step}; the last checkpoint is after step {Checkpoint.Step}");
        _epoch = epoch.Epoch;
        _sent.Clear();
        _collected = [];
        (_number, _again, _sentPending) = (0, 0, 0);
        _stepsSent = _checkpointAsked = Checkpoint.Step;
        var counts = Checkpoint.Counts;
        _countsBefore = counts with { Values = counts.Values + (_predictions * valuesPerPrediction) };
    }

    /// <summary>Ends with an epoch: nothing that still comes from it counts.</summary>
    public void Pause() => _epoch = 0;

    /// <summary>The next piece of work to be sent; null when there is none, or enough is on its way.</summary>
    public EpochJob? Next()
    {
        if (_epoch == 0 || _sent.Count >= Window) return null;
        Piece? piece = null;
        if (_again < _history.Count) piece = new Piece.Again(_history[_again++]);
        else if (_stepsSent - _checkpointAsked >= checkpointEvery) piece = new Piece.Keep();
        else if (_sentPending < _pending.Count) piece = new Piece.Asked(_pending[_sentPending++]);
        if (piece is null) return null;
        _sent.Enqueue((++_number, piece));
        return JobFor(piece);
    }

    /// <summary>Takes a parameter's state.</summary>
    public void Enter(StateCollected<T> state)
    {
        if (state.Epoch == _epoch) _collected[state.Vertex] = state.State;
    }

    /// <summary>Takes a result. What comes from an earlier epoch is none.</summary>
    /// <exception cref="RunFailedException">It is a checkpoint that not all parameters' states make.</exception>
    public void Enter(EpochResult result)
    {
        if (result.Epoch != _epoch || !_sent.TryPeek(out var first) || first.Number != result.Number) return;
        _sent.Dequeue();
        if (result is SnapshotDone snapshot) Keep(snapshot);
        if (first.Piece is not Piece.Asked { Job: var job }) return;
        _pending.RemoveAt(0);
        _sentPending--;
        Complete(job, result);
    }

    /// <summary>Ends all jobs with an error.</summary>
    public void Fail(Exception error)
    {
        Pause();
        foreach (var job in _pending) job.Fail(error);
        _pending.Clear();
    }

    private EpochJob JobFor(Piece piece)
    {
        switch (piece)
        {
            case Piece.Again again:
                return StepOf(again.Batch);
            case Piece.Asked { Job: TrainingStep<T> step }:
                return StepOf(step.Batch);
            case Piece.Asked { Job: Prediction<T> prediction }:
                return new PredictionJob<T>(_epoch, _number, prediction.Batch.Inputs);
            case Piece.Asked { Job: CounterCollection }:
                return new CountJob(_epoch, _number);
            case Piece.Asked { Job: LinkCounterCollection }:
                return new TrafficJob(_epoch, _number);
            default:
                // The states say which update they follow, so values are taken from there, too.
                _checkpointAsked = _stepsSent;
                return new SnapshotJob(_epoch, _number, _stepsSent);
        }
    }

    private StepJob<T> StepOf(Batch<T> batch)
    {
        _stepsSent++;
        return new StepJob<T>(_epoch, _number, batch.Inputs, batch.Target);
    }

    private void Keep(SnapshotDone done)
    {
        // A state that is missing would be an initial value in the next epoch: other bits, and nobody would know.
        if (!parameters.SetEquals(_collected.Keys))
            throw new RunFailedException($"the coordinator gave the states of {_collected.Count} vertices for a checkpoint; the graph's parameters are {parameters.Count}");
        // Results come in order: this one holds all steps and predictions whose results have come.
        Checkpoint = new RunCheckpoint<T>(_history.End, _collected, CountsAt(done.Counts));
        _history.DropUntil(_history.End);
        _collected = [];
        (_again, _predictions) = (0, 0);
    }

    private MessageCounts CountsAt(MessageCounts counts) => new(_countsBefore.Values + counts.Values, _countsBefore.Errors + counts.Errors);

    private void Complete(Job job, EpochResult result)
    {
        switch (job, result)
        {
            case (TrainingStep<T> step, StepDone done):
                _history.Add(step.Batch);
                _again++;
                step.Complete(new StepResult(++_stepsAndPredictions, done.Loss, done.Attempts));
                break;
            case (Prediction<T> prediction, PredictionDone<T> done):
                _predictions++;
                _stepsAndPredictions++;
                prediction.Complete(done.Prediction);
                break;
            case (CounterCollection counters, CountDone done):
                counters.Complete(CountsAt(done.Counts));
                break;
            case (LinkCounterCollection traffic, TrafficDone done):
                traffic.Complete(done.Links);
                break;
            case (CheckpointCollection<T> checkpoint, SnapshotDone):
                checkpoint.Complete(Checkpoint);
                break;
            case (ParameterCollection<T> parameters, SnapshotDone):
                parameters.Complete(Checkpoint.States.ToDictionary(s => s.Key, s => s.Value.Value));
                break;
            default:
                job.Fail(new RunFailedException($"the coordinator answered with {result.GetType().Name}, which was not asked for"));
                break;
        }
    }
}
