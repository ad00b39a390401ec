using System.Runtime.ExceptionServices;

namespace PcActors.Tensors.Kernels.Sharing;

/// <summary>A kernel that several threads carry out, part by part.</summary>
/// <param name="parts">How many parts there are.</param>
/// <param name="work">One of them.</param>
internal sealed class SharedWork(int parts, Action<int> work) : IThreadPoolWorkItem
{
    private int _next;
    private int _done;
    private Exception? _failure;

    /// <summary>Whether there is a part that no thread has begun.</summary>
    public bool HasPartsLeft => Volatile.Read(ref _next) < parts;

    /// <summary>Carries out what no other thread has begun. A part's own kernels are not shared out again.</summary>
    public void Execute()
    {
        if (!HasPartsLeft) return;
        var before = KernelThreads.Use(1);
        for (var part = Interlocked.Increment(ref _next) - 1; part < parts; part = Interlocked.Increment(ref _next) - 1)
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
}
