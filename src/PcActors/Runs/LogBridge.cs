using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Microsoft.Extensions.Logging;
using AkkaLevel = Akka.Event.LogLevel;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace PcActors.Runs;

/// <summary>Hands on what an actor system logs, Akka's own events and those of our actors, to an
/// <see cref="ILoggerFactory"/>. Where there is none, or none that listens, Akka makes no events.</summary>
internal sealed class LogBridge : UntypedActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILoggerFactory _logs = Context.System.Settings.Setup.Get<Target>().Value.Logs;

    /// <summary>Starts an actor system.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="config">Its configuration, in which logging is off.</param>
    /// <param name="logs">Where it logs; null for nowhere.</param>
    /// <param name="more">Further set-up.</param>
    /// <remarks><c>ActorSystem.Create</c> with a set-up reads the configuration files of .NET Framework, too, which
    /// takes a tenth of a second and changes nothing.</remarks>
    public static ActorSystem Start(string name, Config config, ILoggerFactory? logs, params Setup?[] more)
    {
        var setups = more.OfType<Setup>().ToList();
        if (logs is not null) setups.Add(new Target(logs));
        var system = new ActorSystemImpl(name, ConfigurationFor(logs).WithFallback(config),
            ActorSystemSetup.Create([.. setups]));
        system.Start();
        return system;
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized(), Self);
                break;
            case LogEvent logged:
                var (logger, level) = (_logs.CreateLogger(CategoryOf(logged.LogClass)), LevelOf(logged.LogLevel()));
                if (logger.IsEnabled(level))
                    logger.Log(level, default, logged, logged.Cause, static (e, _) => $"{e.Message} [{e.LogSource}]");
                break;
        }
    }

    private static Config ConfigurationFor(ILoggerFactory? logs)
    {
        if (logs is null) return Config.Empty;
        var logger = logs.CreateLogger("Akka");
        var level = Enum.GetValues<AkkaLevel>().Where(l => logger.IsEnabled(LevelOf(l))).Select(l => l.ToString())
            .FirstOrDefault("Off");
        return ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = {{level.Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant()}}
              loggers = ["{{typeof(LogBridge).FullName}}, {{typeof(LogBridge).Assembly.GetName().Name}}"]
            }
            """);
    }

    private static LogLevel LevelOf(AkkaLevel level) => level switch
    {
        AkkaLevel.DebugLevel => LogLevel.Debug,
        AkkaLevel.InfoLevel => LogLevel.Information,
        AkkaLevel.WarningLevel => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    private static string CategoryOf(Type source) => $"{source.Namespace}.{source.Name.Split('`')[0]}";

    private sealed class Target(ILoggerFactory logs) : Setup
    {
        public ILoggerFactory Logs => logs;
    }
}
