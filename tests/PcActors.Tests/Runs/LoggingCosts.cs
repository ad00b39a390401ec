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
    private const int Turns = 60;

    [Fact]
    public async Task A_step_allocates_the_same_with_logging_that_is_off_and_without_it()
    {
        var graph = ResidualStack.Build<float>(3);
        var batch = RandomBatch.Create(graph, Loss.CrossEntropy, 1, 1);
        using var logs = new Factory(LogLevel.None);
        await using var without = await Network<float>.StartAsync(graph, new NetworkOptions());
        await using var off = await Network<float>.StartAsync(graph, new NetworkOptions { Logs = logs });
        var (bytesWithout, bytesOff) = (new List<long>(), new List<long>());
        for (var turn = 0; turn < Turns; turn++)
        {
            bytesWithout.Add(await AllocatedAsync(without));
            bytesOff.Add(await AllocatedAsync(off));
        }
        // The median: the first steps are compiled, and now and then the runtime adds something of its own.
        Assert.Equal(bytesWithout.Order().ElementAt(Turns / 2), bytesOff.Order().ElementAt(Turns / 2));

        async Task<long> AllocatedAsync(INetwork<float> network)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await network.StepAsync(batch);
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
