namespace PcActors.Tensors.Kernels.Sharing;

/// <summary>Threads that carry out each other's kernels: one offers its own, and those with nothing else to do take
/// parts of it.</summary>
/// <param name="threads">How many threads there are.</param>
internal sealed class KernelHelpers(int threads)
{
    // Far enough apart for no two threads to write to the same line of the cache.
    private const int Spacing = 16;

    private readonly SharedWork?[] _offers = new SharedWork?[threads * Spacing];

    /// <summary>How many threads there are.</summary>
    public int Threads => threads;

    /// <summary>Those of the threads that sleep.</summary>
    public IdleThreads Idle { get; } = new(threads);

    /// <summary>Offers a kernel of a thread to the others.</summary>
    /// <param name="thread">The thread, from 0.</param>
    /// <param name="work">The kernel.</param>
    /// <param name="helpers">How many others are to help at most.</param>
    public void Offer(int thread, SharedWork work, int helpers)
    {
        Volatile.Write(ref _offers[thread * Spacing], work);
        for (var helper = 0; helper < helpers; helper++) Idle.WakeOne();
    }

    /// <summary>The thread's kernel is done.</summary>
    public void Withdraw(int thread) => Volatile.Write(ref _offers[thread * Spacing], null);

    /// <summary>Helps with a kernel, if one is offered that has parts left.</summary>
    /// <param name="thread">The thread that helps, from 0.</param>
    public bool Help(int thread)
    {
        for (var i = 0; i < _offers.Length; i += Spacing)
        {
            if (Volatile.Read(ref _offers[i]) is { HasPartsLeft: true } work)
            {
                work.Execute(thread);
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether a kernel is offered that has parts left.</summary>
    public bool IsHelpWanted()
    {
        for (var i = 0; i < _offers.Length; i += Spacing)
        {
            if (Volatile.Read(ref _offers[i]) is { HasPartsLeft: true }) return true;
        }
        return false;
    }
}
