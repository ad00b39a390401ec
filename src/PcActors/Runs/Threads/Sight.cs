namespace PcActors.Runs.Threads;

/// <summary>For how long the first of the actors that wait for each of the threads has done so, as another one sees
/// it.</summary>
/// <param name="threads">How many threads there are.</param>
/// <param name="rounds">Of looking, each a fraction of a microsecond, after which it has been too long.</param>
internal sealed class Sight(int threads, int rounds)
{
    private readonly (int Taken, int Rounds)[] _seen = new (int, int)[threads];

    /// <summary>Sees one; whether it has waited for too long.</summary>
    /// <param name="thread">The thread for which it waits.</param>
    /// <param name="taken">How many that thread's queue has given away so far.</param>
    public bool IsLate(int thread, int taken)
    {
        ref var seen = ref _seen[thread];
        seen = seen.Taken == taken ? (taken, seen.Rounds + 1) : (taken, 1);
        return seen.Rounds > rounds;
    }

    /// <summary>Nothing waits for a thread.</summary>
    public void Clear(int thread) => _seen[thread].Rounds = 0;
}
