using PcActors.Learning;

namespace PcActors.Tests.Training;

/// <summary>Checkpoints that stay in memory.</summary>
/// <param name="network">Whose.</param>
/// <param name="until">What a checkpoint that is being saved waits for; by default nothing.</param>
internal sealed class MemoryCheckpoints(ISnapshotNetwork<float> network, Func<long, Task<string?>>? until = null) : ICheckpoints
{
    private int _underWay;

    /// <summary>Those that were saved, in order.</summary>
    public List<(long Step, NetworkSnapshot<float> Network, IReadOnlyDictionary<string, string> Notes)> Saved { get; } = [];

    public async Task<CheckpointOutcome> SaveAsync(long step, IReadOnlyDictionary<string, string> notes, CancellationToken cancellation = default)
    {
        Assert.Equal(1, Interlocked.Increment(ref _underWay));
        var snapshot = await network.SnapshotAsync();
        var failure = until is null ? null : await until(step);
        Interlocked.Decrement(ref _underWay);
        if (failure is null) Saved.Add((step, snapshot, notes));
        return new CheckpointOutcome(step, failure);
    }
}
