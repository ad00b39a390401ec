using System.Numerics;
using Akka.Actor;
using Akka.Event;
using PcActors.Learning;

namespace PcActors.Runs;

/// <summary>A <see cref="StepMachine{T}"/> with a mailbox, a timer and the vertices' references.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class CoordinatorActor<T> : UntypedActor, IWithTimers, IStepOutbox
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly StepMachine<T> _machine;
    private readonly Tick _tick;
    private IActorRef[] _vertices = [];

    /// <summary>A coordinator that waits for <see cref="VerticesReady"/>.</summary>
    /// <param name="plan">The graph.</param>
    /// <param name="options">What its vertices have in common.</param>
    /// <param name="retries">When a step is tried again.</param>
    /// <param name="step">Training steps made before.</param>
    public CoordinatorActor(StepPlan plan, VertexOptions options, RetryPolicy retries, long step)
    {
        _machine = new StepMachine<T>(plan, options, retries, this, step);
        _tick = new Tick(TimeSpan.FromTicks(Math.Max(retries.Timeout.Ticks / 4, TimeSpan.TicksPerMillisecond)));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make the actor.</summary>
    /// <param name="plan">The graph.</param>
    /// <param name="options">What its vertices have in common.</param>
    /// <param name="retries">When a step is tried again.</param>
    /// <param name="step">Training steps made before.</param>
    public static Props Props(StepPlan plan, VertexOptions options, RetryPolicy retries, long step = 0) =>
        Akka.Actor.Props.Create(() => new CoordinatorActor<T>(plan, options, retries, step));

    void IStepOutbox.Tell(int vertex, object message) => _vertices[vertex].Tell(message, Self);

    void IStepOutbox.Note(string trouble) => _log.Warning("{0}", trouble);

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(_tick, _tick, _tick.Elapsed);

    /// <inheritdoc/>
    protected override void PostStop() => _machine.Fail(new RunFailedException("the run was stopped"));

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        try
        {
            switch (message)
            {
                case Job job:
                    _machine.Do(job);
                    break;
                case Tick tick:
                    _machine.Tick(tick.Elapsed);
                    break;
                case VerticesReady ready:
                    _vertices = ready.Vertices;
                    _machine.Start();
                    break;
                default:
                    if (!_machine.Receive(message)) Unhandled(message);
                    break;
            }
        }
        catch (Exception e)
        {
            // It has lost its place in the step.
            _machine.Fail(new RunFailedException($"the coordinator failed: {e.Message}", cause: e));
        }
    }
}
