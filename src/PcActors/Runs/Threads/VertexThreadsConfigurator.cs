using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace PcActors.Runs.Threads;

/// <summary>Makes the threads of a dispatcher, by its configuration.</summary>
internal sealed class VertexThreadsConfigurator : ExecutorServiceConfigurator
{
    private readonly int _threads;
    private readonly EventStream _events;

    public VertexThreadsConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) =>
        (_threads, _events) = (config.GetInt(ThreadsKey, 1), prerequisites.EventStream);

    /// <summary>The key under which a dispatcher's configuration says how many threads it has.</summary>
    public const string ThreadsKey = "vertex-threads";

    /// <summary>The configuration of a dispatcher with threads of its own.</summary>
    /// <param name="threads">How many; 0 for one for each processor.</param>
    public static string Dispatcher(int threads)
    {
#pragma warning disable RS0030 // How many threads there are changes no bit.
        var count = threads == 0 ? Environment.ProcessorCount : threads;
#pragma warning restore RS0030
        var type = typeof(VertexThreadsConfigurator);
        return FormattableString.Invariant($$"""
            type = Dispatcher
            executor = "{{type.FullName}}, {{type.Assembly.GetName().Name}}"
            {{ThreadsKey}} = {{count}}
            throughput = 64
            """);
    }

    /// <inheritdoc/>
    public override ExecutorService Produce(string id) => new VertexThreads(id, _threads,
        e => _events.Publish(new Error(e, id, typeof(VertexThreads), "what was to be carried out failed")));
}
