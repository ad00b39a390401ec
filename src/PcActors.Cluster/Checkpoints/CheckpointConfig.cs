using System.Globalization;
using Akka.Configuration;

namespace PcActors.Cluster.Checkpoints;

/// <summary>Akka's settings for the actor system of a store.</summary>
internal static class CheckpointConfig
{
    /// <summary>Name of the actor system.</summary>
    public const string SystemName = "pcactors-checkpoints";

    /// <summary>linq2db's name of SQLite.</summary>
    public const string Sqlite = "SQLite.MS";

    /// <summary>linq2db's name of PostgreSQL.</summary>
    public const string PostgreSql = "PostgreSQL.15";

    /// <summary>Configuration path of a database's snapshot store.</summary>
    public static string PluginOf(int index) => string.Create(CultureInfo.InvariantCulture, $"pcactors.checkpoints-{index}");

    /// <summary>The configuration for databases.</summary>
    /// <param name="provider">Their kind.</param>
    /// <param name="connectionStrings">One each.</param>
    public static Config For(string provider, params IReadOnlyList<string> connectionStrings)
    {
        var plugins = connectionStrings.Select((connection, index) => $$"""
            {{PluginOf(index)}} {
              class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
              plugin-id = "{{PluginOf(index)}}"
              plugin-dispatcher = "akka.persistence.dispatchers.default-plugin-dispatcher"
              connection-string = "{{Quoted(connection)}}"
              provider-name = "{{provider}}"
              # A database that is away answers so itself, and may be back at the next checkpoint.
              circuit-breaker { max-failures = 1000000, call-timeout = 120 s, reset-timeout = 1 s }
            }
            """);
        return ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              log-dead-letters = off
              coordinated-shutdown.run-by-clr-shutdown-hook = off
              actor {
                serializers {
                  json = "PcActors.Cluster.Wire.RefusingSerializer, PcActors.Cluster"
                  records = "{{typeof(StoredRecordSerializer).FullName}}, PcActors.Cluster"
                }
                serialization-bindings { "{{typeof(StoredRecord).FullName}}, PcActors.Cluster" = records }
              }
            }
            {{string.Join('\n', plugins)}}
            """);
    }

    private static string Quoted(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
