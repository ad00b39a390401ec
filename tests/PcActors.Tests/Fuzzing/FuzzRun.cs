using System.Collections.Concurrent;
using PcActors.Tests.Data;

namespace PcActors.Tests.Fuzzing;

/// <summary>Gives a reader many changed files.</summary>
internal static class FuzzRun
{
    private const int Workers = 2;
    private const int MostFaults = 5;

    // None of the files takes a reader a second; this tells one that never ends.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Fails with the least changed file that is not read as it should be, as base64.</summary>
    /// <param name="target">The reader.</param>
    /// <param name="seed">Seed of the changes.</param>
    /// <param name="count">How many files.</param>
    public static void Run(FuzzTarget target, ulong seed, int count)
    {
        var (next, faults) = (-1, new ConcurrentQueue<string>());
        var current = new (int Number, long Since)[Workers];
        var threads = Enumerable.Range(0, Workers).Select(worker => new Thread(() =>
        {
            using var folder = new TemporaryFolder();
            for (int number; faults.Count < MostFaults && (number = Interlocked.Increment(ref next)) < count;)
            {
                current[worker] = (number, Environment.TickCount64);
                try
                {
                    if (FaultOf(target, seed, number, folder.Path) is { } fault) faults.Enqueue(fault);
                }
                catch (Exception e)
                {
                    // What a thread throws ends the process, and says nothing.
                    faults.Enqueue($"{target.Name}, seed {seed}, file {number} cannot be changed: {e}");
                }
            }
        })
        { IsBackground = true }).ToList();
        foreach (var thread in threads) thread.Start();
        while (threads.Exists(thread => thread.IsAlive))
        {
            foreach (var thread in threads) thread.Join(TimeSpan.FromMilliseconds(100));
            foreach (var (thread, (number, since)) in threads.Zip(current))
            {
                var isLate = since != 0 && Environment.TickCount64 - since > Patience.TotalMilliseconds;
                if (!thread.IsAlive || !isLate) continue;
                var (file, edits) = target.Draw(seed, number);
                Assert.Fail($"{target.Name}, seed {seed}, file {number} is not done after {Patience.TotalSeconds} s\n" +
                    $"base64: {Convert.ToBase64String(target.Changed(file, edits))}");
            }
        }
        Assert.True(faults.IsEmpty, string.Join('\n', faults));
    }

    private static string? FaultOf(FuzzTarget target, ulong seed, int number, string folder)
    {
        var (file, edits) = target.Draw(seed, number);
        if (target.Fault(target.Changed(file, edits), folder) is null) return null;
        var least = Least(target, file, edits, folder);
        return $"{target.Name}, seed {seed}, file {number}: {target.Fault(least, folder)}\n"
            + $"base64: {Convert.ToBase64String(least)}";
    }

    /// <summary>The file with as few of the changes as still make the fault.</summary>
    private static byte[] Least(FuzzTarget target, byte[] file, Edit[] edits, string folder)
    {
        for (var i = edits.Length - 1; i >= 0 && edits.Length > 1; i--)
        {
            Edit[] fewer = [.. edits[..i], .. edits[(i + 1)..]];
            if (target.Fault(target.Changed(file, fewer), folder) is not null) edits = fewer;
        }
        return target.Changed(file, edits);
    }
}
