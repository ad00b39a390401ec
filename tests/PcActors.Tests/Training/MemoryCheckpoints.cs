using PcActors.Checkpoints;
using PcActors.Runs;

namespace PcActors.Tests.Training;

/// <summary>Checkpoints that stay in memory, all of them.</summary>
/// <param name="until">What a checkpoint that is being saved waits for; why it cannot be saved, or
/// null. By default nothing.</param>
internal sealed class MemoryCheckpoints(Func<long, Task<string?>>? until = null) : CheckpointStore
{
    private int _underWay;

    /// <summary>Those that were saved, in order.</summary>
    public List<(long Step, byte[] File)> Files { get; } = [];

    /// <summary>Why nothing can be saved.</summary>
    public string? Why { get; set; }

    public override string Name => "memory";

    public override string? Hindrance => Why;

    /// <summary>What they hold.</summary>
    public async Task<
        List<(long Step, NetworkSnapshot<float> Network, IReadOnlyDictionary<string, string> Notes)>> ReadAsync()
    {
        var manifests = (await ListAsync()).Checkpoints.ToDictionary(m => m.Step);
        var read = new List<(long Step, NetworkSnapshot<float> Network, IReadOnlyDictionary<string, string> Notes)>();
        foreach (var (step, _) in Files)
            read.Add((step, await LoadAsync<float>(manifests[step]), manifests[step].Notes));
        return read;
    }

    protected override Task<IReadOnlyList<long>> StepsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<long>>([.. Files.Select(f => f.Step)]);

    protected override Task<Stream?> OpenAsync(long step, CancellationToken cancellation) =>
        Task.FromResult<Stream?>(new MemoryStream(Files.Single(f => f.Step == step).File));

    protected override async Task PutAsync(long step, Action<Stream> write, IReadOnlySet<long> kept,
        CancellationToken cancellation)
    {
        Assert.Equal(1, Interlocked.Increment(ref _underWay));
        using var stream = new MemoryStream();
        write(stream);
        var failure = until is null ? null : await until(step);
        Interlocked.Decrement(ref _underWay);
        if ((failure ?? Why) is { } reason) throw new IOException(reason);
        Files.Add((step, stream.ToArray()));
    }
}
