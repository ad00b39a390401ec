using System.Globalization;
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

/// <summary>How long a step may go without a sign of progress and how often it is tried again.</summary>
/// <param name="Timeout">After this time without a report, an attempt is abandoned.</param>
/// <param name="MaxRetries">Further attempts before the run fails.</param>
internal sealed record RetryPolicy(TimeSpan Timeout, int MaxRetries);

/// <summary>Begins steps and sees them end: jobs, reports and the passing of time come in, control messages and results go out. Plain,
/// without actors and without a clock.</summary>
/// <remarks>
/// It clamps data and target; it never sees a value, an error or a parameter while the network learns. A step is a transaction: the
/// updates that it computed are taken over only when the next step begins (or on a commit). If it does not end in time, the attempt is
/// abandoned and begun anew under a higher run number, from the same parameters; messages of the abandoned attempt are stale then,
/// wherever they are. Jobs are done one after the other.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class StepMachine<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StepPlan _plan;
    private readonly VertexOptions _options;
    private readonly RetryPolicy _retries;
    private readonly IStepOutbox _outbox;
    private readonly Queue<Job> _waiting = [];
    private readonly StepProgress _progress;
    private readonly Tensor<T>?[] _predictions;
    private readonly Dictionary<int, AnswerReport> _answers = [];
    private Job? _job;
    private IInquiry? _inquiry;
    private int _inquiries;
    private RunFailedException? _failure;
    private bool _isReady;
    private StepId _current;
    private StepId? _completed;
    private int _attempt;
    private TimeSpan _idle;
    private bool _hasProgressed;

    /// <summary>A run whose vertices are not there yet.</summary>
    /// <param name="plan">The graph.</param>
    /// <param name="options">What its vertices have in common.</param>
    /// <param name="retries">When a step is tried again.</param>
    /// <param name="outbox">Where messages go.</param>
    /// <param name="step">Training steps made before.</param>
    public StepMachine(StepPlan plan, VertexOptions options, RetryPolicy retries, IStepOutbox outbox, long step = 0)
    {
        (_plan, _options, _retries, _outbox) = (plan, options, retries, outbox);
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

    /// <summary>Time has passed. A long step is not a lost one: each sign of progress begins the wait anew.</summary>
    /// <param name="elapsed">Since the last call.</param>
    public void Tick(TimeSpan elapsed)
    {
        _idle = _hasProgressed || _job is null ? TimeSpan.Zero : _idle + elapsed;
        _hasProgressed = false;
        if (_idle >= _retries.Timeout) Retry();
    }

    /// <summary>Takes a report of a vertex, or what became of one; false for any other message.</summary>
    public bool Receive(object message)
    {
        switch (message)
        {
            case UpdateReport report:
                if (!IsOfStep(report.Step)) break;
                _progress.Take(report);
                Proceed();
                break;
            case LossReport report:
                if (!IsOfStep(report.Step) || !IsMicroBatch(report.MicroBatch)) break;
                _progress.Take(report);
                Proceed();
                break;
            case AdvanceReport report:
                if (!IsOfStep(report.Step)) break;
                _progress.Take(report);
                Proceed();
                break;
            case ForwardReport report:
                if (!IsOfStep(report.Step) || !IsMicroBatch(report.MicroBatch)) break;
                _progress.Take(report);
                Proceed();
                break;
            case PredictionReport<T> report:
                if (report.Step == _current && _job is Prediction<T> prediction && IsMicroBatch(report.MicroBatch)) Take(prediction, report);
                break;
            case AnswerReport report:
                if (_inquiry is { } inquiry && report.Inquiry == _inquiries) Take(inquiry, report);
                break;
            case VertexFailed failed:
                Fail(RunFailedException.OfVertex(failed.Vertex, _job is null or IInquiry, _current, failed.Cause));
                break;
            case HostFailed failed:
                Fail(new RunFailedException($"the vertices could not be started: {failed.Cause.Message}", cause: failed.Cause));
                break;
            default:
                return false;
        }
        return true;
    }

    /// <summary>Ends the run: the job at hand fails, and so does every other one.</summary>
    public void Fail(RunFailedException failure)
    {
        _failure ??= failure;
        _job?.Fail(_failure);
        (_job, _inquiry) = (null, null);
        while (_waiting.TryDequeue(out var job)) job.Fail(_failure);
    }

    private void BeginNext()
    {
        if (_failure is not null) Fail(_failure);
        if (_job is not null || !_isReady || !_waiting.TryDequeue(out _job)) return;
        _attempt = 0;
        if (_job is TrainingStep<T>) _current = new StepId(_current.Run, _current.Step + 1);
        else if (_job is Prediction<T>) _current = _current with { Prediction = _current.Prediction + 1 };
        Begin();
    }

    /// <summary>Begins an attempt at the current job.</summary>
    private void Begin()
    {
        _attempt++;
        // The wait begins with the next tick: how long ago the last one was is not known here.
        (_idle, _hasProgressed) = (TimeSpan.Zero, true);
        switch (_job)
        {
            case TrainingStep<T> step:
                _progress.Begin();
                Clamp(step.Batch, micro => new ClampTarget<T>(_current, micro, step.Batch.TargetOf(micro), step.Batch.Size));
                break;
            case Prediction<T> prediction:
                _predictions.AsSpan().Clear();
                Clamp(prediction.Batch, micro => new RequestPrediction(_current, micro));
                break;
            case IInquiry inquiry:
                Ask(inquiry);
                break;
        }
    }

    private void Clamp(Batch<T> batch, Func<int, object> toRoot)
    {
        var begin = new BeginStep(_current, _completed);
        foreach (var id in _plan.Parameters) _outbox.Tell(id, begin);
        for (var micro = 0; micro < _options.MicroBatches; micro++)
        {
            for (var leaf = 0; leaf < _plan.DataLeaves.Length; leaf++)
                _outbox.Tell(_plan.DataLeaves[leaf], new ClampData<T>(_current, micro, batch.Input(leaf, micro)));
            _outbox.Tell(_plan.Root, toRoot(micro));
        }
    }

    private void Ask(IInquiry inquiry)
    {
        (_inquiry, _inquiries) = (inquiry, _inquiries + 1);
        _answers.Clear();
        AskMissing(inquiry);
    }

    // Whoever has answered need not do so again: nothing changes between two steps.
    private void AskMissing(IInquiry inquiry)
    {
        var question = inquiry.Question(_inquiries, _completed);
        foreach (var id in inquiry.Asked(_plan))
        {
            if (!_answers.ContainsKey(id)) _outbox.Tell(id, question);
        }
    }

    /// <summary>Whether a report belongs to the step at hand, which goes on with it.</summary>
    private bool IsOfStep(StepId step)
    {
        if (step != _current || _job is not TrainingStep<T> || _inquiry is not null) return false;
        _hasProgressed = true;
        return true;
    }

    /// <summary>Whether there is such a micro-batch; the run ends when the root, of which reports with one come, made it up.</summary>
    private bool IsMicroBatch(int microBatch)
    {
        if ((uint)microBatch < (uint)_options.MicroBatches) return true;
        var root = _plan.Names[_plan.Root];
        Fail(new RunFailedException($"the vertex '{root}' reported micro-batch {microBatch}; there are {_options.MicroBatches}, from 0", root));
        return false;
    }

    /// <summary>Goes on with a training step as far as the reports allow.</summary>
    private void Proceed()
    {
        var isDiverged = !double.IsFinite(_progress.Loss);
        if (_options.Clock == Clock.Lockstep && !isDiverged)
        {
            while (_progress.IsTimestepDone && _progress.Time < _plan.Timesteps - 1)
            {
                _progress.BeginTimestep();
                var advance = new Advance(_current, _progress.Time);
                foreach (var id in _plan.ActiveAt(_progress.Time)) _outbox.Tell(id, advance);
            }
        }
        if (isDiverged && (_progress.IsComplete || _options.Clock == Clock.Lockstep))
        {
            _attempt = 1;
            Ask(new FinitenessInquiry(first => Fail(new DivergedException(_current.Step, first is { } id ? _plan.Names[id] : null))));
        }
        else if (_progress.IsComplete)
        {
            _completed = _current;
            var step = (TrainingStep<T>)_job!;
            var result = new StepResult(_current.Step, _progress.Loss, _attempt);
            Finish(() => step.Complete(result));
        }
    }

    private void Take(Prediction<T> prediction, PredictionReport<T> report)
    {
        _hasProgressed = true;
        _predictions[report.MicroBatch] = report.Prediction;
        if (Array.TrueForAll(_predictions, p => p is not null)) Finish(() => prediction.Complete(Batch<T>.Stack(_predictions!)));
    }

    private void Take(IInquiry inquiry, AnswerReport report)
    {
        _hasProgressed = true;
        _answers[report.Vertex] = report;
        if (_answers.Count < inquiry.Asked(_plan).Count) return;
        if (ReferenceEquals(_job, inquiry)) Finish(() => inquiry.Conclude(_answers, _current.Step));
        else inquiry.Conclude(_answers, _current.Step);
    }

    private void Finish(Action complete)
    {
        (_job, _inquiry) = (null, null);
        complete();
        BeginNext();
    }

    private void Retry()
    {
        if (_attempt > _retries.MaxRetries && _inquiry is FinitenessInquiry)
        {
            // Which vertex it was stays unknown; that the loss is not finite is known.
            Fail(new DivergedException(_current.Step, null));
            return;
        }
        if (_attempt > _retries.MaxRetries)
        {
            Fail(new RunFailedException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Undertaking()} made no progress for {_retries.Timeout.TotalSeconds:0.###} s, {_attempt} times over; missing is {Missing()}")));
            return;
        }
        _outbox.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{Undertaking()} has made no progress for {_retries.Timeout.TotalSeconds:0.###} s and is tried again; missing is {Missing()}"));
        if (_inquiry is { } inquiry)
        {
            // What is asked again of vertices is no further attempt at a step.
            _attempt++;
            (_idle, _hasProgressed) = (TimeSpan.Zero, true);
            AskMissing(inquiry);
        }
        else
        {
            _current = _current with { Run = _current.Run + 1 };
            Begin();
        }
    }

    private string Undertaking() => _inquiry is { } inquiry ? $"asking for {inquiry.Subject} after step {_current.Step}" : _current.Name;

    private string Missing() => _inquiry is { } inquiry ? $"an answer of {_plan.Name(inquiry.Asked(_plan).Where(id => !_answers.ContainsKey(id)))}"
        : _job is TrainingStep<T> ? _progress.Missing()
        : $"the prediction of '{_plan.Names[_plan.Root]}'";
}
