using System.Globalization;
using Akka.Cluster.SBR;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using PcActors.Cluster.Coordination;
using PcActors.Cluster.Wire;
using PcActors.Runs;
using PcActors.Runs.Threads;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster;

/// <summary>Akka's settings for a node.</summary>
internal static class ClusterConfig
{
    /// <summary>Actors that a peer may look up by their paths: those by which Akka's clusters work.
    /// All others have to be known by reference, and what Akka holds for harmful, such as a poison pill, is not taken
    /// from a peer at all.</summary>
    private static readonly string[] TrustedPaths =
        ["/system/cluster/core/daemon", "/system/cluster/heartbeatReceiver", "/system/remote-watcher",
            $"/user/{CoordinatorSingleton.ManagerName}"];

    /// <summary>The configuration of a node.</summary>
    public static Config For(NodeOptions options)
    {
        var downing = options.FollowsCoordinator ? typeof(CoordinatorDowning) : typeof(SplitBrainResolverProvider);
        var bindings = string.Join('\n',
            WireSerializer.Types.Select(t => $"\"{t.FullName}, {t.Assembly.GetName().Name}\" = pcactors"));
        return ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              log-dead-letters = off
              log-dead-letters-during-shutdown = off
              coordinated-shutdown {
                run-by-clr-shutdown-hook = off
                run-by-actor-system-terminate = off
                exit-clr = off
              }
              actor {
                provider = cluster
                serializers {
                  json = "{{NameOf<RefusingJsonSerializer>()}}"
                  proto = "{{NameOf<RefusingProtobufSerializer>()}}"
                  pcactors = "{{NameOf<WireSerializer>()}}"
                }
                serialization-bindings { {{bindings}} }
              }
              remote {
                untrusted-mode = on
                trusted-selection-paths = [{{string.Join(", ", TrustedPaths.Select(p => $"\"{p}\""))}}]
                retry-gate-closed-for = 1 s
                dot-netty.tcp {
                  hostname = "{{(options.IsLoopback ? Plain(options.Hostname) : "0.0.0.0")}}"
                  public-hostname = "{{Plain(options.Hostname)}}"
                  port = {{options.Port}}
                  enable-ssl = {{(options.Certificate is null ? "off" : "on")}}
                  maximum-frame-size = 128000b
                  applied-adapters = [{{(options.IsThrottled ? "\"trttl\"" : "")}}]
                  # Links pack messages themselves; waiting for more would only delay a wave.
                  batching.enabled = false
                }
              }
              cluster {
                singleton.hand-over-retry-interval = 0.5 s
                roles = ["{{string.Join("\", \"", options.Roles.Append(NodeRoles.OfWeight(options.Weight)).Select(Plain))}}"]
                app-version = "{{Plain(options.Version)}}"
                log-info = off
                gossip-interval = 0.5 s
                leader-actions-interval = 0.5 s
                shutdown-after-unsuccessful-join-seed-nodes = off
                run-coordinated-shutdown-when-down = on
                downing-provider-class = "{{downing.FullName}}, {{downing.Assembly.GetName().Name}}"
                split-brain-resolver {
                  active-strategy = keep-majority
                  stable-after = {{options.StableAfter.TotalMilliseconds}} ms
                  down-all-when-unstable = off
                }
                failure-detector {
                  heartbeat-interval = 0.5 s
                  acceptable-heartbeat-pause = {{options.AcceptablePause.TotalMilliseconds}} ms
                  expected-response-after = 0.5 s
                }
              }
            }
            {{InProcess.Dispatcher}} {
              {{VertexThreadsConfigurator.Dispatcher(options.Threads)}}
            }
            """)).WithFallback(ClusterSingleton.DefaultConfig()).WithFallback(TraceMailbox.Configuration);
    }

    // Akka's reader takes whatever is in quotes for its own, and does not come back from some texts.
    private static string Plain(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || ".:-_+[]".Contains(c, StringComparison.Ordinal))
        ? text
        : throw new ClusterException($"'{text}' is no name of a host, a role or a version");

    private static string NameOf<TSerializer>() =>
        $"{typeof(TSerializer).FullName}, {typeof(TSerializer).Assembly.GetName().Name}";
}
