using System.Numerics;
using System.Runtime.ExceptionServices;

namespace PcActors.Tensors.Kernels.Sharing;

/// <summary>A kernel that several threads carry out, part by part.</summary>
/// <remarks>A thread begins with the part of its place, and so with the part of a weight that it had the last time,
/// which may still be in its cache. Each two go towards each other: where one is slower, the other takes over what
/// borders on its own.</remarks>
/// <param name="parts">How many parts there are. Threads take them one by one, or where there are more than
/// <see cref="MostParts"/>, some at a time.</param>
/// <param name="work">One of them.</param>
/// <param name="places">How many threads there are that may take parts.</param>
internal sealed class SharedWork(int parts, Action<int> work, int places) : IThreadPoolWorkItem
{
    /// <summary>How many things threads can take one by one.</summary>
    public const int MostParts = 64;

    private readonly int _groups = Math.Min(parts, MostParts);
    private readonly ulong _all = ulong.MaxValue >> (MostParts - Math.Min(parts, MostParts));
    private ulong _begun;
    private int _done;
    private Exception? _failure;

    /// <summary>Whether there is a part that no thread has begun.</summary>
    public bool HasPartsLeft => Volatile.Read(ref _begun) != _all;

    /// <summary>Carries out parts on a thread of the process's pool, which begins with the last ones.</summary>
    public void Execute() => Execute(places - 1);

    /// <summary>Carries out what no other thread has begun. A part's own kernels are not shared out again.</summary>
    /// <param name="place">The thread's place, from 0.</param>
    public void Execute(int place)
    {
        if (!HasPartsLeft) return;
        var before = KernelThreads.Use(1);
        var isUpwards = place % 2 == 0;
        var first = isUpwards ? KernelThreads.Start(place, places, _groups)
            : Math.Max(0, KernelThreads.Start(place + 1, places, _groups) - 1);
        while (Begin(first, isUpwards) is var group and >= 0)
        {
            var end = KernelThreads.Start(group + 1, _groups, parts);
            for (var part = KernelThreads.Start(group, _groups, parts); part < end; part++) CarryOut(part);
            Interlocked.Increment(ref _done);
        }
        KernelThreads.Use(before);
    }

    /// <summary>Waits for the parts that others have begun, and throws what a part threw.</summary>
    public void Wait()
    {
        var spin = default(SpinWait);
        // The others are at work, with about as much as was done here.
        while (Volatile.Read(ref _done) < _groups) spin.SpinOnce(sleep1Threshold: -1);
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    private void CarryOut(int part)
    {
        try
        {
            work(part);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
        }
    }

    /// <summary>The next parts from <paramref name="first"/> on, up or down, and when there are none, those nearest to
    /// it on the other side; -1 when nobody has left any.</summary>
    private int Begin(int first, bool isUpwards)
    {
        while (true)
        {
            var left = _all & ~Volatile.Read(ref _begun);
            if (left == 0) return -1;
            var (above, below) = isUpwards ? (left >> first << first, left) : (left, left & ((2UL << first) - 1));
            var isAbove = isUpwards ? above != 0 : below == 0;
            var group = isAbove ? BitOperations.TrailingZeroCount(above) : BitOperations.Log2(below);
            var bit = 1UL << group;
            if ((Interlocked.Or(ref _begun, bit) & bit) == 0) return group;
        }
    }
}
