using Microsoft.Extensions.Logging;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Runs;

/// <summary>Property: logging that is off costs nothing: a step allocates to the byte what it does without a logger, so
/// no event is made. Allocations are counted over the whole process, so nothing else runs beside.</summary>
[Collection(nameof(LoggingCosts))]
[CollectionDefinition(nameof(LoggingCosts), DisableParallelization = true)]
public sealed class LoggingCosts
{
    // In the first ones the runtime still compiles, and what it compiles anew may allocate less.
    private const int Turns = 150;
    private const int Counted = 40;

    [Fact]
    public async Task A_step_allocates_the_same_with_logging_that_is_off_and_without_it()
    {
        var graph = ResidualStack.Build<float>(3);
        var batch = RandomBatch.Create(graph, Loss.CrossEntropy, 1, 1);
        using var logs = new Factory(LogLevel.None);
        var options = new NetworkOptions { Where = new InProcess { Threads = 1 } };
        await using var without = await Network<float>.StartAsync(graph, options);
        await using var off = await Network<float>.StartAsync(graph, options with { Logs = logs });
        var (bytesWithout, bytesOff) = (new List<long>(), new List<long>());
        for (var turn = 0; turn < Turns; turn++)
        {
            bytesWithout.Add(Allocated(without));
            bytesOff.Add(Allocated(off));
        }
        // What is usual: an event is made in every step or in none, while the runtime has its own now and then.
        Assert.Equal(Usual(bytesWithout), Usual(bytesOff));

        long Usual(List<long> bytes) => bytes.TakeLast(Counted).CountBy(b => b).MaxBy(b => b.Value).Key;

        // Without an await, whose continuation is made or not as it happens, and with what follows the answer.
        long Allocated(INetwork<float> network)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var step = network.StepAsync(batch);
            while (!step.IsCompleted) Thread.SpinWait(10);
            Thread.Sleep(5);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
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
