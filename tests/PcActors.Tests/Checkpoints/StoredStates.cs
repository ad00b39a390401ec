using PcActors.Checkpoints;
using PcActors.Learning.Instruments;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Checkpoints;

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

    /// <summary>All states after a step.</summary>
    public static NetworkSnapshot<float> Of(long step, int length = 50) =>
        new(step, Parameters.ToDictionary(p => p, p => Of(step, p, length)), new MessageCounts(10 * step, 20 * step));

    /// <summary>The manifest of all states after a step.</summary>
    public static CheckpointManifest ManifestOf(long step) => new()
    {
        Step = step,
        Model = "a model",
        Notes = new Dictionary<string, string> { ["one"] = "1\n2", ["zwei"] = "", ["\"drei\""] = "\\ü" },
        Time = DateTimeOffset.FromUnixTimeSeconds(1_000_000 + step),
    };

    /// <summary>A checkpoint's file.</summary>
    public static byte[] FileOf(long step, int length = 50)
    {
        using var stream = new MemoryStream();
        CheckpointFile.Write(stream, ManifestOf(step), Of(step, length));
        return stream.ToArray();
    }

    /// <summary>Saves a checkpoint.</summary>
    public static async Task<CheckpointManifest> SaveAsync(CheckpointStore store, long step, int length = 50,
        int keep = 2)
    {
        var manifest = ManifestOf(step);
        await store.SaveAsync(manifest, Of(step, length), keep);
        return manifest;
    }

    /// <summary>Asserts that a checkpoint is in a store, as it was saved.</summary>
    public static async Task IsInAsync(CheckpointStore store, long step, int length = 50)
    {
        var (manifest, found) = (ManifestOf(step), (await store.ListAsync()).Checkpoints.Single(c => c.Step == step));
        Assert.Equal(Parameters.Order(), found.Digests.Keys.Order());
        Assert.Equal(manifest.Notes, found.Notes);
        var filledIn = manifest with
        {
            Digests = found.Digests,
            Notes = found.Notes,
            Messages = Of(step).Messages,
            Bytes = Of(step, length).States.Values.Sum(s => s.Bytes)
        };
        Assert.Equal(filledIn, found);
        AreSame(Of(step, length), await store.LoadAsync<float>(found));
    }

    /// <summary>Asserts that two networks' states are the same.</summary>
    public static void AreSame(NetworkSnapshot<float> expected, NetworkSnapshot<float> actual)
    {
        Assert.Equal(expected.Messages, actual.Messages);
        Assert.Equal(expected.States.Keys.Order(), actual.States.Keys.Order());
        foreach (var (parameter, state) in expected.States)
        {
            var loaded = actual.States[parameter];
            Assert.Equal(state.Updates, loaded.Updates);
            foreach (var (tensor, other) in state.OptimizerState.Prepend(state.Value)
                .Zip(loaded.OptimizerState.Prepend(loaded.Value)))
            {
                Assert.Equal(tensor.Shape, other.Shape);
                Assert.Equal(tensor.Span, other.Span);
            }
            Assert.Equal(state.OptimizerState.Count, loaded.OptimizerState.Count);
        }
    }

    /// <summary>Asserts that these steps' checkpoints count, and no others.</summary>
    public static async Task CountAsync(CheckpointStore store, params long[] steps) =>
        Assert.Equal(steps, (await store.ListAsync()).Checkpoints.Select(c => c.Step));
}
