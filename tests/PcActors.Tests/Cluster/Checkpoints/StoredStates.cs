using PcActors.Cluster.Checkpoints;
using PcActors.Learning;
using PcActors.Learning.Vertices;
using PcActors.Tensors;

namespace PcActors.Tests.Cluster.Checkpoints;

/// <summary>States that tests save: another one for each parameter and step.</summary>
internal static class StoredStates
{
    public static readonly string[] Parameters = ["hidden/weight", "hidden/bias", new string('x', 400)];

    /// <summary>A parameter's state after a step.</summary>
    public static ParameterSnapshot<float> Of(long step, string parameter, int length = 50)
    {
        var random = new SeededRandom((ulong)step, parameter);
        Tensor<float> Draw()
        {
            var tensor = new Tensor<float>(new Shape(length, 3));
            foreach (ref var element in tensor.Writable) element = (float)random.NextDouble();
            return tensor;
        }
        return new ParameterSnapshot<float>(Draw(), step, [Draw(), Draw()]);
    }

    /// <summary>Saves a checkpoint.</summary>
    public static async Task<CheckpointManifest> SaveAsync(ICheckpointStore store, long step, int length = 50, int format = CheckpointManifest.CurrentFormat)
    {
        var digests = new Dictionary<string, string>();
        foreach (var parameter in Parameters) digests[parameter] = await store.SaveAsync(step, parameter, Of(step, parameter, length), default);
        var manifest = new CheckpointManifest
        {
            Format = format,
            Step = step,
            Model = "a model",
            Digests = digests,
            Notes = new Dictionary<string, string> { ["one"] = "1\n2", ["zwei"] = "" },
            Values = 10 * step,
            Errors = 20 * step,
            Bytes = 30 * step,
            Time = DateTimeOffset.FromUnixTimeSeconds(1_000_000 + step),
        };
        await store.CompleteAsync(manifest, default);
        return manifest;
    }

    /// <summary>Asserts that a checkpoint is in a store, as it was saved.</summary>
    public static async Task AreInAsync(ICheckpointStore store, CheckpointManifest manifest, int length = 50)
    {
        var found = (await store.ListAsync(default)).Checkpoints.Single(c => c.Step == manifest.Step);
        Assert.Equal(manifest.Digests, found.Digests);
        Assert.Equal(manifest.Notes, found.Notes);
        Assert.Equal(manifest with { Digests = found.Digests, Notes = found.Notes }, found);
        foreach (var parameter in Parameters)
        {
            var (expected, loaded) = (Of(manifest.Step, parameter, length), await store.LoadAsync<float>(found, parameter, default));
            Assert.Equal(expected.Updates, loaded.Updates);
            Assert.Equal(expected.Value.Span, loaded.Value.Span);
            Assert.Equal(2, loaded.OptimizerState.Count);
            Assert.Equal(expected.OptimizerState[1].Span, loaded.OptimizerState[1].Span);
        }
    }

    /// <summary>Asserts that these steps' checkpoints count, and no others.</summary>
    public static async Task CountAsync(ICheckpointStore store, params long[] steps) =>
        Assert.Equal(steps, (await store.ListAsync(default)).Checkpoints.Select(c => c.Step));
}
