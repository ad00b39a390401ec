using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Microsoft.Extensions.Logging;
using PcActors.Runs;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace PcActors.Tests.Runs;

/// <summary>Protocol: what actors log comes to a logger factory, from the level on that it listens to,
/// and nothing else does.</summary>
public sealed class LogBridgeTests
{
    [Theory]
    [InlineData(LogLevel.Debug, "debug", "info", "warning", "error")]
    [InlineData(LogLevel.Information, "info", "warning", "error")]
    [InlineData(LogLevel.Warning, "warning", "error")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.None)]
    public async Task Events_from_a_level_on_are_handed_on(LogLevel level, params string[] expected)
    {
        using var logs = new Collector(level);
        var system = LogBridge.Start("logs", Config.Empty, logs);
        var talker = system.ActorOf<Talker>();
        Assert.Equal("done", await talker.Ask<string>("talk", TimeSpan.FromSeconds(30)));
        // The logger is an actor of the system, and ends with it, whether or not it has handed everything on.
        for (var i = 0; Said().Count < expected.Length && i < 600; i++) await Task.Delay(50);
        await system.Terminate();
        var said = Said();
        Assert.Equal(expected, said.Select(e => e.Text.Split(' ')[0]));
        Assert.All(said, e => Assert.Contains(talker.Path.Name, e.Text, StringComparison.Ordinal));
        Assert.All(said.Where(e => e.Level == LogLevel.Error), e => Assert.IsType<InvalidOperationException>(e.Cause));
        Assert.All(logs.Entries, e => Assert.True(e.Level >= level));

        List<Entry> Said() => [.. logs.Entries.Where(e => e.Category == $"{typeof(Talker).Namespace}.Talker")];
    }

    [Fact]
    public async Task Without_a_factory_the_configuration_stays_as_it_is()
    {
        var system = LogBridge.Start("logs", ConfigurationFactory.ParseString("akka.loglevel = OFF"), null);
        Assert.Equal("OFF", system.Settings.LogLevel);
        Assert.DoesNotContain(system.Settings.Loggers, l => l.Contains(nameof(LogBridge), StringComparison.Ordinal));
        await system.Terminate();
    }

    private sealed class Talker : UntypedActor
    {
        private readonly ILoggingAdapter _log = Context.GetLogger();

        protected override void OnReceive(object message)
        {
            _log.Debug("debug {0}", 1);
            _log.Info("info {0}", 2);
            _log.Warning("warning {0}", 3);
            _log.Error(new InvalidOperationException("cause"), "error {0}", 4);
            Sender.Tell("done", Self);
        }
    }

    private sealed record Entry(string Category, LogLevel Level, string Text, Exception? Cause);

    private sealed class Collector(LogLevel level) : ILoggerFactory
    {
        public ConcurrentQueue<Entry> Entries { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName, level);

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class Logger(Collector collector, string category, LogLevel level) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= level;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            collector.Entries.Enqueue(new Entry(category, logLevel, formatter(state, exception), exception));
    }
}
