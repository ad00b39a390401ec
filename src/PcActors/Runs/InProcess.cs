using Akka.Actor;
using Akka.Configuration;
using PcActors.Runs.Threads;

namespace PcActors.Runs;

/// <summary>On actors in this process: one for every vertex of the levelled graph.</summary>
public sealed class InProcess : NetworkPlace
{
    /// <summary>Name of the actor systems that are made for one run.</summary>
    internal const string SystemName = "pcactors";

    /// <summary>Configuration path of the dispatcher on which vertices run.</summary>
    internal const string Dispatcher = "pcactors.vertex-dispatcher";

    /// <summary>Threads on which vertices run, the run's own, which look for something to do for some milliseconds
    /// before they sleep, and as many may work at one large kernel; 0 for one for
    /// each processor. No bit depends on it.</summary>
    public int Threads { get; init; }

    /// <summary>An actor system to run in; by default the network has one of its own.</summary>
    public ActorSystem? ActorSystem { get; init; }

    /// <summary>Configuration path of the vertices' mailbox; null for the library's own, or the one
    /// that records. One that is given where a run is recorded has to be built on the latter to be seen.</summary>
    public string? VertexMailbox { get; init; }

    /// <summary>Configuration path of the coordinator's mailbox; null for the plain one, or
    /// the one that records.</summary>
    public string? CoordinatorMailbox { get; init; }

    /// <summary>Settings of an actor system that runs one network.</summary>
    /// <param name="threads">Threads on which vertices run; 0 for one for each processor.</param>
    internal static Config ConfigurationFor(int threads) =>
        ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              log-dead-letters = off
              coordinated-shutdown.run-by-clr-shutdown-hook = off
            }
            {{Dispatcher}} {
              {{VertexThreadsConfigurator.Dispatcher(threads)}}
            }
            """).WithFallback(SmallMailbox.Configuration);

    /// <inheritdoc/>
    internal override async Task<IRun> StartAsync<T>(NetworkPlan<T> plan, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        var recording = plan.Options.Recording;
        var system = ActorSystem;
        try
        {
            if (system is null)
            {
                var config = ConfigurationFor(Threads);
                system = LogBridge.Start(SystemName, recording?.Configuration.WithFallback(config) ?? config,
                    plan.Options.Logs);
            }
            else
            {
                Know(system, SmallMailbox.Path, SmallMailbox.Configuration);
                if (recording is not null) Know(system, recording.VertexMailbox, recording.Configuration);
            }
            recording?.Begin(system, plan);
            var coordinator = system.ActorOf(Deploy(
                CoordinatorActor<T>.Props(StepPlan.Of(plan.Graph, plan.VertexOptions), plan.VertexOptions,
                    plan.Options.Retries, plan.Step),
                CoordinatorMailbox ?? recording?.CoordinatorMailbox));
            var vertices = Deploy(VertexActor<T>.Props,
                VertexMailbox ?? recording?.VertexMailbox ?? SmallMailbox.Path);
#pragma warning disable RS0030 // How many threads work at a kernel changes no bit.
            var threads = Threads == 0 ? Environment.ProcessorCount : Threads;
#pragma warning restore RS0030
            var host = system.ActorOf(Props.Create(() => new VertexHost<T>(plan, coordinator, vertices, threads)));
            return new Run(system, ActorSystem is null, coordinator, host);
        }
        catch
        {
            if (ActorSystem is null && system is not null) await system.Terminate().ConfigureAwait(false);
            throw;
        }
    }

    private static void Know(ActorSystem system, string mailbox, Config settings)
    {
        if (!system.Settings.Config.HasPath(mailbox)) system.Settings.InjectTopLevelFallback(settings);
    }

    private Props Deploy(Props props, string? mailbox)
    {
        if (ActorSystem is null) props = props.WithDispatcher(Dispatcher);
        return mailbox is null ? props : props.WithMailbox(mailbox);
    }

    private sealed class Run(ActorSystem system, bool ownsSystem, IActorRef coordinator, IActorRef host) : IRun
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        public async Task<TResult> DoAsync<TResult>(Job<TResult> job)
        {
            coordinator.Tell(job, ActorRefs.NoSender);
            // An actor system that is gone answers nothing.
            if (await Task.WhenAny(job.Task, system.WhenTerminated).ConfigureAwait(false) != job.Task)
                job.Fail(new RunFailedException("the run was stopped"));
            return await job.Task.ConfigureAwait(false);
        }

        public async ValueTask DisposeAsync()
        {
            // Behind every job that was sent, so that none is left without an answer.
            await Task.WhenAny(DoAsync(new EndOfRun()), system.WhenTerminated).ConfigureAwait(false);
            if (ownsSystem) await system.Terminate().ConfigureAwait(false);
            else await Task.WhenAll(host.GracefulStop(Patience), coordinator.GracefulStop(Patience))
                .ConfigureAwait(false);
        }
    }
}
