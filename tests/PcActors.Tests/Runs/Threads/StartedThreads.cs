using System.Collections.Concurrent;
using PcActors.Runs.Threads;

namespace PcActors.Tests.Runs.Threads;

/// <summary>The threads that a test starts, which end with it, and what failed on them.</summary>
internal sealed class StartedThreads : IDisposable
{
    private readonly List<VertexThreads> _started = [];

    public ConcurrentQueue<Exception> Failures { get; } = new();

    public VertexThreads Start(int count)
    {
        var threads = new VertexThreads("test", count, Failures.Enqueue);
        _started.Add(threads);
        return threads;
    }

    public void Dispose()
    {
        foreach (var threads in _started) threads.Shutdown();
    }
}
