using System.Numerics;
using Akka.Actor;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Actors;

/// <summary>Begins steps and sees them end. It clamps data and target; it never sees a value, an error or a parameter while
/// the network learns.</summary>
/// <remarks>
/// A step is a transaction: the updates that it computed are taken over only when the next step begins (or on a commit). If
/// it does not end in time, the attempt is abandoned and begun anew under a higher run number, from the same parameters;
/// messages of the abandoned attempt are stale then, wherever they are. Jobs are done one after the other.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class Coordinator<T> : UntypedActor
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StepPlan _plan;
    private readonly VertexOptions _options;
    private readonly RetryPolicy _retries;
    private readonly Queue<Job> _waiting = [];
    private readonly StepLedger _ledger;
    private readonly Dictionary<int, object> _answers = [];
    private readonly ICancelable _timer;
    private IActorRef[]? _vertices;
    private Job? _job;
    private RunFailedException? _failure;
    private int _run = 1;
    private long _step;
    private int _attempt;
    private StepId? _completed;
    private long _deadline;

    public Coordinator(StepPlan plan, VertexOptions options, RetryPolicy retries)
    {
        (_plan, _options, _retries) = (plan, options, retries);
        _ledger = new StepLedger(plan, options.MicroBatches);
        var interval = TimeSpan.FromTicks(Math.Max(retries.Timeout.Ticks / 4, TimeSpan.TicksPerMillisecond));
        _timer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(interval, interval, Self, CheckTimeout.Instance, Self);
    }

    private StepId Current => new(_run, _step);

    // A coordinator that throws has lost its place in the step: the run is over, and says why.
    protected override void PreRestart(Exception reason, object message)
    {
        _failure ??= Failure(reason);
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        _failure = Failure(reason);
        base.PostRestart(reason);
    }

    protected override void PostStop()
    {
        _timer.Cancel();
        FailAll(_failure ?? new RunFailedException("the run was stopped"));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EndOfRun end:
                Fail(new RunFailedException("the run was stopped"));
                end.Complete(true);
                break;
            case Job job:
                _waiting.Enqueue(job);
                StartNext();
                break;
            case LossReport report:
                _ledger.Enter(report);
                Proceed();
                break;
            case UpdateReport report:
                _ledger.Enter(report);
                Proceed();
                break;
            case ForwardReport report:
                _ledger.Enter(report);
                Proceed();
                break;
            case AdvanceReport report:
                _ledger.Enter(report);
                Proceed();
                break;
            case PredictionReport<T> report when report.Step == Current && _job is Prediction<T>:
                Answer(report.MicroBatch, report.Prediction, _options.MicroBatches);
                break;
            case PredictionReport<T>:
                break;
            case ParameterReport<T> report when _job is ParameterCollection<T>:
                Answer(report.Vertex, report.Value, _plan.Parameters.Length);
                break;
            case SnapshotReport<T> report when _job is SnapshotCollection<T>:
                Answer(report.Vertex, report.Snapshot, _plan.Parameters.Length);
                break;
            case CountersReport report when _job is CounterCollection:
                Answer(report.Vertex, report, _vertices!.Length);
                break;
            case FinitenessReport report when _job is TrainingStep<T>:
                Answer(report.Vertex, report, _vertices!.Length);
                break;
            case VerticesReady ready:
                _vertices = ready.Vertices;
                StartNext();
                break;
            case VertexFailed failed:
                Fail(new RunFailedException(
                    $"the vertex '{failed.Vertex}' failed at step {_step}: {failed.Cause.Message}", failed.Vertex, failed.Cause));
                break;
            case HostFailed failed:
                Fail(new RunFailedException($"the vertices could not be started: {failed.Cause.Message}", cause: failed.Cause));
                break;
            case CheckTimeout:
                if (_job is not null && Environment.TickCount64 > _deadline) Retry();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void StartNext()
    {
        if (_failure is not null) FailAll(_failure);
        if (_job is not null || _vertices is null || !_waiting.TryDequeue(out _job)) return;
        if (_job is TrainingStep<T> or Prediction<T>) _step++;
        _attempt = 0;
        Begin();
    }

    /// <summary>Begins an attempt at the current job.</summary>
    private void Begin()
    {
        _attempt++;
        _answers.Clear();
        ExtendDeadline();
        switch (_job)
        {
            case TrainingStep<T> step:
                _ledger.Begin(Current);
                Clamp(step.Batch, micro => new ClampTarget<T>(Current, micro, step.Batch.TargetOf(micro), step.Batch.Size));
                break;
            case Prediction<T> prediction:
                Clamp(prediction.Batch, micro => new RequestPrediction(Current, micro));
                break;
            case ParameterCollection<T>:
                var request = new RequestParameter(_completed);
                foreach (var id in _plan.Parameters) Tell(id, request);
                break;
            case SnapshotCollection<T>:
                // All steps before this have ended: every parameter has its update, taken over or not.
                foreach (var id in _plan.Parameters) Tell(id, new RequestSnapshot());
                break;
            case CounterCollection:
                foreach (var vertex in _vertices!) vertex.Tell(new RequestCounters(), Self);
                break;
        }
    }

    private void Clamp(Batch<T> batch, Func<int, object> toRoot)
    {
        var begin = new BeginStep(Current, _completed);
        foreach (var id in _plan.Parameters) Tell(id, begin);
        for (var micro = 0; micro < _options.MicroBatches; micro++)
        {
            for (var leaf = 0; leaf < _plan.DataLeaves.Length; leaf++)
                Tell(_plan.DataLeaves[leaf], new ClampData<T>(Current, micro, batch.Input(leaf, micro)));
            Tell(_plan.Root, toRoot(micro));
        }
    }

    /// <summary>A long step is not a lost one: each sign of progress begins the wait anew.</summary>
    private void ExtendDeadline() => _deadline = Environment.TickCount64 + (long)_retries.Timeout.TotalMilliseconds;

    /// <summary>Goes on with a training step as far as the reports allow.</summary>
    private void Proceed()
    {
        ExtendDeadline();
        if (_job is not TrainingStep<T> step || _ledger.Step != Current || _answers.Count > 0) return;
        if (_options.Clock == Clock.Lockstep && double.IsFinite(_ledger.Loss))
        {
            while (_ledger.IsTimestepDone && _ledger.Time < _plan.Timesteps - 1)
            {
                _ledger.BeginTimestep();
                var advance = new Advance(Current, _ledger.Time);
                foreach (var id in _plan.ActiveAt(_ledger.Time)) Tell(id, advance);
            }
        }
        var isDiverged = !double.IsFinite(_ledger.Loss);
        if (!_ledger.IsComplete && !(isDiverged && _options.Clock == Clock.Lockstep)) return;
        if (isDiverged)
        {
            foreach (var vertex in _vertices!) vertex.Tell(new RequestFiniteness(), Self);
            return;
        }
        _completed = Current;
        Finish(() => step.Complete(new StepResult(_step, _ledger.Loss, _attempt)));
    }

    /// <summary>Collects one of several answers to a job, and ends the job with the last one.</summary>
    private void Answer(int place, object answer, int wanted)
    {
        ExtendDeadline();
        _answers[place] = answer;
        if (_answers.Count < wanted) return;
        switch (_job)
        {
            case Prediction<T> prediction:
                var parts = Enumerable.Range(0, wanted).Select(m => (Tensor<T>)_answers[m]).ToList();
                Finish(() => prediction.Complete(Batch<T>.Stack(parts)));
                break;
            case ParameterCollection<T> collection:
                var values = _answers.ToDictionary(a => a.Key, a => (Tensor<T>)a.Value);
                Finish(() => collection.Complete(values));
                break;
            case SnapshotCollection<T> collection:
                var states = _answers.ToDictionary(a => a.Key, a => (ParameterSnapshot<T>)a.Value);
                Finish(() => collection.Complete(states));
                break;
            case CounterCollection collection:
                var counts = _answers.Values.Cast<CountersReport>().ToList();
                Finish(() => collection.Complete(new MessageCounts(counts.Sum(c => c.Values), counts.Sum(c => c.Errors))));
                break;
            case TrainingStep<T>:
                var first = _answers.Values.Cast<FinitenessReport>().Where(r => !r.Finite).Select(r => r.Vertex).DefaultIfEmpty(-1).Min();
                Fail(new DivergedException(_step, first < 0 ? null : _plan.Names[first]));
                break;
        }
    }

    private void Retry()
    {
        if (_attempt > _retries.MaxRetries)
        {
            var missing = _job is TrainingStep<T> ? _ledger.Missing() : "an answer";
            Fail(new RunFailedException(
                $"step {_step} made no progress for {_retries.Timeout.TotalSeconds:0.###} s, {_attempt} times over; missing is {missing}"));
            return;
        }
        // What is asked again of vertices between steps is no further attempt at one.
        if (_job is TrainingStep<T> or Prediction<T>) _run++;
        Begin();
    }

    private void Finish(Action complete)
    {
        _job = null;
        _answers.Clear();
        complete();
        StartNext();
    }

    private void Fail(RunFailedException failure)
    {
        _failure ??= failure;
        FailAll(_failure);
    }

    private static RunFailedException Failure(Exception reason) => new($"the coordinator failed: {reason.Message}", cause: reason);

    private void FailAll(Exception error)
    {
        _job?.Fail(error);
        _job = null;
        while (_waiting.TryDequeue(out var job)) job.Fail(error);
    }

    private void Tell(int vertex, object message) => _vertices![vertex].Tell(message, Self);
}
