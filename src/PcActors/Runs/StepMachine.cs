using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Runs;

/// <summary>Where a <see cref="StepMachine{T}"/>'s messages go.</summary>
internal interface IStepOutbox
{
    /// <summary>Sends a control message to a vertex.</summary>
    void Tell(int vertex, object message);

    /// <summary>Is told what is worth knowing of a run that goes on.</summary>
    void Note(string trouble)
    {
    }
}

/// <summary>Begins steps and sees them end: jobs, reports and the passing of time come in, control
/// messages and results go out. Plain, without actors and without a clock.</summary>
/// <remarks>
/// It clamps data and target; it never sees a value, an error or a parameter while the network
/// learns. A step is a transaction: the updates that it computed are taken over only when the next step begins (or on a
/// commit). If it does not end in time, the attempt is abandoned and begun anew under a higher run number, from the
/// same parameters; messages of the abandoned attempt are stale then, wherever they are. Jobs
/// are done one after the other.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed partial class StepMachine<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StepPlan _plan;
    private readonly VertexOptions _options;
    private readonly IStepOutbox _outbox;
    private readonly Queue<Job> _waiting = [];
    private readonly Attempts _attempts;
    private readonly StepProgress _progress;
    private readonly Tensor<T>?[] _predictions;
    private Job? _job;
    private Interview? _interview;
    private int _inquiries;
    private RunFailedException? _failure;
    private bool _isReady;
    private bool _isSettled;
    private StepId _current;
    private StepId? _completed;

    /// <summary>A run whose vertices are not there yet.</summary>
    /// <param name="plan">The graph.</param>
    /// <param name="options">What its vertices have in common.</param>
    /// <param name="retries">When a step is tried again.</param>
    /// <param name="outbox">Where messages go.</param>
    /// <param name="step">Training steps made before.</param>
    public StepMachine(StepPlan plan, VertexOptions options, RetryPolicy retries, IStepOutbox outbox, long step = 0)
    {
        (_plan, _options, _outbox) = (plan, options, outbox);
        _attempts = new Attempts(retries);
        _progress = new StepProgress(plan, options.MicroBatches);
        _predictions = new Tensor<T>?[options.MicroBatches];
        _current = new StepId(1, step);
    }

    /// <summary>The vertices are there: work begins.</summary>
    public void Start()
    {
        _isReady = true;
        BeginNext();
    }

    /// <summary>Takes a job.</summary>
    public void Do(Job job)
    {
        if (job is EndOfRun end)
        {
            Fail(new RunFailedException("the run was stopped"));
            end.Complete(true);
            return;
        }
        _waiting.Enqueue(job);
        BeginNext();
    }

    /// <summary>Time has passed.</summary>
    /// <param name="elapsed">Since the last call.</param>
    public void Tick(TimeSpan elapsed)
    {
        if (_job is not null && _attempts.Pass(elapsed)) Retry();
    }

    /// <summary>Takes a report of a vertex, or what became of one; false for any other message.</summary>
    public bool Receive(object message)
    {
        try
        {
            switch (message)
            {
                case PredictionReport<T> report:
                    if (report.Step == _current && _job is Prediction<T> prediction) Take(prediction, report);
                    break;
                case AnswerReport report:
                    if (_interview is { } interview && interview.Take(report)) Proceed(interview);
                    break;
                case VertexFailed failed:
                    Fail(RunFailedException.OfVertex(failed.Vertex, _job is null or IInquiry, _current, failed.Cause));
                    break;
                case HostFailed failed:
                    Fail(
                        new RunFailedException($"the vertices could not be started: {failed.Cause.Message}",
                            cause: failed.Cause));
                    break;
                default:
                    if (StepProgress.StepOf(message) is not { } step) return false;
                    if (step != _current || _interview is not null) break;
                    if (IsStepwise) Take(_job!, message);
                    else if (_job is Prediction<T> predicted && message is ForwardReport) Take(predicted, message);
                    break;
            }
        }
        catch (RunFailedException e)
        {
            Fail(e);
        }
        return true;
    }

    /// <summary>Ends the run: the job at hand fails, and so does every other one.</summary>
    public void Fail(RunFailedException failure)
    {
        _failure ??= failure;
        _job?.Fail(_failure);
        (_job, _interview) = (null, null);
        while (_waiting.TryDequeue(out var job)) job.Fail(_failure);
    }

    private void BeginNext()
    {
        if (_failure is not null) Fail(_failure);
        if (_job is not null || !_isReady || !_waiting.TryDequeue(out _job)) return;
        if (_job is TrainingStep<T>) _current = new StepId(_current.Run, _current.Step + 1);
        else if (_job is Prediction<T> or InferenceJob<T>)
            _current = _current with
            {
                Prediction = (_job as InferenceJob<T>)?.Number ?? _current.Prediction + 1,
                Infers = _job is InferenceJob<T>,
            };
        _attempts.Begin();
        Begin();
    }

    private void Finish()
    {
        (_job, _interview) = (null, null);
        BeginNext();
    }
}
