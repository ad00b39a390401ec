using System.Globalization;
using Akka.Configuration;

namespace PcActors.Actors;

/// <summary>Akka's settings for an actor system that runs one network in one process.</summary>
internal static class SimulationConfig
{
    /// <summary>Name of the actor system.</summary>
    public const string SystemName = "pcactors";

    /// <summary>Configuration path of the dispatcher on which vertices run.</summary>
    public const string Dispatcher = "pcactors.vertex-dispatcher";

    /// <summary>The configuration for a number of threads; 0 for the thread pool.</summary>
    public static Config For(int threads)
    {
        var dispatcher = threads == 0
            ? "type = Dispatcher"
            : string.Create(CultureInfo.InvariantCulture, $$"""
                type = ForkJoinDispatcher
                dedicated-thread-pool { thread-count = {{threads}}, threadtype = background }
                """);
        return ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              log-dead-letters = off
              coordinated-shutdown.run-by-clr-shutdown-hook = off
            }
            {{Dispatcher}} {
              {{dispatcher}}
              throughput = 64
            }
            """);
    }
}
