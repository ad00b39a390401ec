using Akka.Configuration;
using Akka.Event;
using Microsoft.Extensions.Logging;
using PcActors.Runs;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace PcActors.Tests.Runs;

/// <summary>Property: logging that is off costs nothing: an event that nobody hears is not made, with a logger that is
/// off as without one. (Of a step's own allocations the other tests take care: an undisturbed one logs nothing.)
/// </summary>
public sealed class LoggingCosts
{
    private const int Events = 1000;

    private static readonly Config Off = ConfigurationFactory.ParseString("akka.loglevel = OFF");

    [Theory]
    [InlineData(LogLevel.None, false)]
    [InlineData(LogLevel.Critical, false)]
    [InlineData(LogLevel.Error, false)]
    [InlineData(LogLevel.Warning, true)]
    public async Task An_event_that_nobody_hears_is_not_made(LogLevel level, bool heard)
    {
        using var logs = new Factory(level);
        var system = LogBridge.Start("logs", Off, logs);
        var without = LogBridge.Start("none", Off, null);
        try
        {
            // An event is an object of its own: more than a hundred bytes beside the arguments, which are always made.
            Assert.Equal(heard, Allocated(system) - Allocated(without) > 50 * Events);
        }
        finally
        {
            await Task.WhenAll(system.Terminate(), without.Terminate());
        }
    }

    private static long Allocated(Akka.Actor.ActorSystem system)
    {
        var log = Logging.GetLogger(system, "test");
        log.Warning("{0}", "trouble");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Events; i++) log.Warning("{0}", "trouble");
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class Factory(LogLevel level) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => new Logger(level);

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class Logger(LogLevel level) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= level;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
        }
    }
}
