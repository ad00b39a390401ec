namespace PcActors.Runs.Threads;

/// <summary>For how long the first of the actors that wait for each of the threads has done so, as another one sees
/// it.</summary>
/// <param name="threads">How many threads there are.</param>
internal sealed class Sight(int threads)
{
    // A thread's turn with an actor that has one small message is over by then.
    private const int Rounds = 6;

    private readonly (int Taken, int Rounds)[] _seen = new (int, int)[threads];

    /// <summary>Sees one; whether it has waited for too long.</summary>
    /// <param name="thread">The thread for which it waits.</param>
    /// <param name="taken">How many that thread's queue has given away so far.</param>
    public bool IsLate(int thread, int taken)
    {
        ref var seen = ref _seen[thread];
        seen = seen.Taken == taken ? (taken, seen.Rounds + 1) : (taken, 1);
        return seen.Rounds > Rounds;
    }

    /// <summary>Nothing waits for a thread.</summary>
    public void Clear(int thread) => _seen[thread].Rounds = 0;
}
