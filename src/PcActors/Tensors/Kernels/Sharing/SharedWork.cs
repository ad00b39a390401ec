using System.Numerics;
using System.Runtime.ExceptionServices;

namespace PcActors.Tensors.Kernels.Sharing;

/// <summary>A kernel that several threads carry out, part by part.</summary>
/// <remarks>A thread begins with the part of its place, and so with the part of a weight that it had the last time,
/// which may still be in its cache.</remarks>
/// <param name="parts">How many parts there are, up to <see cref="MostParts"/>.</param>
/// <param name="work">One of them.</param>
/// <param name="places">How many threads there are that may take parts.</param>
internal sealed class SharedWork(int parts, Action<int> work, int places) : IThreadPoolWorkItem
{
    /// <summary>Into how many parts a kernel may be cut.</summary>
    public const int MostParts = 64;

    private readonly ulong _all = ulong.MaxValue >> (MostParts - parts);
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
        var first = (int)((long)parts * place / places);
        while (Begin(first) is var part and >= 0)
        {
            try
            {
                work(part);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, e, null);
            }
            Interlocked.Increment(ref _done);
        }
        KernelThreads.Use(before);
    }

    /// <summary>Waits for the parts that others have begun, and throws what a part threw.</summary>
    public void Wait()
    {
        var spin = default(SpinWait);
        // The others are at work, with about as much as was done here.
        while (Volatile.Read(ref _done) < parts) spin.SpinOnce(sleep1Threshold: -1);
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>The next part from <paramref name="first"/> on, round about, that nobody has begun; -1 when there is
    /// none.</summary>
    private int Begin(int first)
    {
        while (true)
        {
            var left = _all & ~Volatile.Read(ref _begun);
            if (left == 0) return -1;
            var behind = left >> first << first;
            var part = BitOperations.TrailingZeroCount(behind == 0 ? left : behind);
            var bit = 1UL << part;
            if ((Interlocked.Or(ref _begun, bit) & bit) == 0) return part;
        }
    }
}
