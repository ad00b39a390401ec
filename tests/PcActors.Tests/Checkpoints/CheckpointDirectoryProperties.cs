using PcActors.Checkpoints;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Data;

namespace PcActors.Tests.Checkpoints;

/// <summary>A store in a directory: what is saved is there, the last ones are kept, one process saves.</summary>
public sealed class CheckpointDirectoryProperties : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Place => _folder.PathOf("run");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_saved_is_there_also_for_another_process()
    {
        CheckpointManifest manifest;
        await using (var store = new CheckpointDirectory(Place))
        {
            Assert.Empty((await store.ListAsync()).Checkpoints);
            // Whoever only looks leaves nothing behind.
            Assert.False(Directory.Exists(Place));
            manifest = await StoredStates.SaveAsync(store, 40);
            await StoredStates.IsInAsync(store, 40);
        }
        await using var other = new CheckpointDirectory(Place);
        await StoredStates.IsInAsync(other, 40);
        Assert.Empty((await other.ListAsync()).Refused);
        var refusal = await Assert.ThrowsAsync<CheckpointException>(() => other.LoadAsync<double>(manifest));
        Assert.Contains("elements of type F32, and F64 are needed", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CheckpointException>(() => other.LoadAsync<float>(manifest with { Step = 41 }));
    }

    [Fact]
    public async Task Bits_that_are_no_numbers_and_empty_and_scalar_tensors_are_kept()
    {
        await using var store = new CheckpointDirectory(Place);
        double[] values = [BitConverter.Int64BitsToDouble(unchecked((long)0xfff8_0000_0000_1234)),
            double.NegativeInfinity, -0.0, double.Epsilon];
        var states = new Dictionary<string, ParameterSnapshot<double>>
        {
            ["strange"] = new(Tensor<double>.From(new Shape(4), values), long.MaxValue, []),
            ["scalar"] = new(Tensor<double>.From(new Shape(), [1.5]), 0, []),
            ["empty"] = new(new Tensor<double>(new Shape(3, 0, 2)), 1, [new Tensor<double>(new Shape(3, 0, 2))]),
            // The name of one of the first one's tensors would be this, if names had no prefix.
            ["optimizer.0/strange"] = new(Tensor<double>.From(new Shape(1), [2.5]), 7, []),
        };
        var snapshot = new NetworkSnapshot<double>(0, states, new MessageCounts(0, 0));
        var manifest = new CheckpointManifest { Step = 0, Model = "m" };
        await store.SaveAsync(manifest, snapshot);
        Assert.Empty((await store.ListAsync()).Refused);
        var loaded = (await store.LoadAsync<double>(manifest)).States;
        Assert.Equal(states.Keys.Order(), loaded.Keys.Order());
        foreach (var (name, state) in states)
        {
            Assert.Equal(state.Updates, loaded[name].Updates);
            Assert.Equal(state.Value.Shape, loaded[name].Value.Shape);
            Assert.Equal(state.OptimizerState.Count, loaded[name].OptimizerState.Count);
            Assert.Equal(
                state.Value.Span.ToArray().Select(BitConverter.DoubleToInt64Bits),
                loaded[name].Value.Span.ToArray().Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task The_last_ones_are_kept_and_nothing_else(int keep)
    {
        await using (var store = new CheckpointDirectory(Place))
        {
            for (var step = 1; step <= 7; step++)
            {
                await StoredStates.SaveAsync(store, 10 * step, keep: keep);
                await StoredStates.CountAsync(store,
                    [.. Enumerable.Range(0, Math.Min(keep, step)).Select(i => 10L * (step - i))]);
            }
        }
        Assert.Equal(keep + 1, Directory.GetFiles(Place).Length);
        Assert.Equal(["checkpoint-70.safetensors", "checkpoints.lock"],
            Directory.GetFiles(Place).Select(Path.GetFileName).Order().TakeLast(2));
    }

    [Fact]
    public async Task What_is_left_of_one_that_was_not_finished_is_forgotten_and_other_files_stay()
    {
        await using var store = new CheckpointDirectory(Place);
        await StoredStates.SaveAsync(store, 10);
        await StoredStates.SaveAsync(store, 20);
        string[] others = ["notes.txt", "checkpoint-x.safetensors", "checkpoint-007.safetensors",
            "checkpoint--5.safetensors"];
        foreach (var other in others) File.WriteAllText(Path.Combine(Place, other), "mine");
        File.WriteAllBytes(Path.Combine(Place, "checkpoint-30.safetensors.tmp"), StoredStates.FileOf(30)[..500]);
        await StoredStates.CountAsync(store, 20, 10);
        await StoredStates.SaveAsync(store, 40);
        Assert.Equal(
            [.. others.Append("checkpoint-20.safetensors").Append("checkpoint-40.safetensors")
                .Append("checkpoints.lock").Order()],
            Directory.GetFiles(Place).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_run_that_went_on_from_an_earlier_checkpoint_leaves_no_later_one()
    {
        await using (var store = new CheckpointDirectory(Place))
        {
            await StoredStates.SaveAsync(store, 10);
            await StoredStates.SaveAsync(store, 50);
        }
        await using var other = new CheckpointDirectory(Place);
        await StoredStates.SaveAsync(other, 20);
        await StoredStates.CountAsync(other, 20, 10);
        await StoredStates.SaveAsync(other, 30);
        await StoredStates.CountAsync(other, 30, 20);
    }

    [Fact]
    public async Task A_step_that_is_saved_again_is_the_same_step()
    {
        await using var store = new CheckpointDirectory(Place);
        await StoredStates.SaveAsync(store, 10);
        await StoredStates.SaveAsync(store, 20);
        var first = File.ReadAllBytes(Path.Combine(Place, "checkpoint-20.safetensors"));
        await StoredStates.SaveAsync(store, 20);
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(Place, "checkpoint-20.safetensors")));
        await StoredStates.CountAsync(store, 20, 10);
    }

    [Fact]
    public async Task Of_two_processes_one_saves_and_the_other_is_refused_until_that_has_ended()
    {
        await using var other = new CheckpointDirectory(Place);
        await using (var store = new CheckpointDirectory(Place))
        {
            await store.RequireWritableAsync();
            var refusal = await Assert.ThrowsAsync<CheckpointException>(() => other.RequireWritableAsync());
            Assert.Contains($"another process saves its run in '{Place}'", refusal.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<CheckpointException>(() => StoredStates.SaveAsync(other, 5));
            await StoredStates.SaveAsync(store, 10);
            // Anybody may read.
            await StoredStates.IsInAsync(other, 10);
        }
        await StoredStates.SaveAsync(other, 20);
        await StoredStates.CountAsync(other, 20, 10);
    }

    [Fact]
    public async Task A_directory_that_is_gone_is_said_and_not_made_again()
    {
        await using var store = new CheckpointDirectory(Place);
        await StoredStates.SaveAsync(store, 10);
        Assert.Null(store.Hindrance);
        Directory.Move(Place, _folder.PathOf("elsewhere"));
        Assert.Contains("deleted or moved away", store.Hindrance!, StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<CheckpointException>(() => StoredStates.SaveAsync(store, 20));
        Assert.Contains(
            $"the checkpoint of step 20 cannot be saved in '{Place}': the directory was deleted or moved away",
            refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Place));

        // It comes back.
        Directory.Move(_folder.PathOf("elsewhere"), Place);
        Assert.Null(store.Hindrance);
        await StoredStates.SaveAsync(store, 30);
        await StoredStates.CountAsync(store, 30, 10);

        // An empty one is as good; one of another run is left alone.
        Directory.Delete(Place, recursive: true);
        Directory.CreateDirectory(Place);
        File.WriteAllBytes(Path.Combine(Place, "checkpoint-5.safetensors"), StoredStates.FileOf(5));
        Assert.Contains("another directory", store.Hindrance!, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CheckpointException>(() => StoredStates.SaveAsync(store, 40));
        File.Delete(Path.Combine(Place, "checkpoint-5.safetensors"));
        await StoredStates.SaveAsync(store, 50);
        await StoredStates.CountAsync(store, 50);
        await using var other = new CheckpointDirectory(Place);
        await Assert.ThrowsAsync<CheckpointException>(() => other.RequireWritableAsync());
    }

    [Fact]
    public async Task A_lock_that_is_deleted_alone_is_taken_again()
    {
        await using (var first = new CheckpointDirectory(Place)) await StoredStates.SaveAsync(first, 10);
        await using var store = new CheckpointDirectory(Place);
        await store.RequireWritableAsync();
        foreach (var step in new[] { 20L, 30 })
        {
            File.Delete(Path.Combine(Place, "checkpoints.lock"));
            Assert.Null(store.Hindrance);
            await StoredStates.SaveAsync(store, step);
            await StoredStates.CountAsync(store, step, step - 10);
            await using var other = new CheckpointDirectory(Place);
            await Assert.ThrowsAsync<CheckpointException>(() => other.RequireWritableAsync());
        }
    }

    [Fact]
    public async Task A_header_that_nobody_could_read_is_not_written()
    {
        await using var store = new CheckpointDirectory(Place);
        await StoredStates.SaveAsync(store, 10);
        // Each of these is six bytes in JSON.
        var manifest = StoredStates.ManifestOf(20) with
        {
            Notes = new Dictionary<string, string> { ["long"] = new('\u0001', 17_000_000) },
        };
        var refusal = await Assert.ThrowsAsync<CheckpointException>(
            () => store.SaveAsync(manifest, StoredStates.Of(20)));
        Assert.StartsWith($"the checkpoint of step 20 cannot be saved in '{Place}': its header would have 1020",
            refusal.Message, StringComparison.Ordinal);
        Assert.Contains("bytes, and 100000000 are the most", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["checkpoint-10.safetensors", "checkpoints.lock"],
            Directory.GetFiles(Place).Select(Path.GetFileName).Order());
        await StoredStates.SaveAsync(store, 30);
        await StoredStates.CountAsync(store, 30, 10);
    }

    [Fact]
    public async Task A_file_is_no_directory_and_no_checkpoint_is_kept_out_of_none()
    {
        Assert.Throws<CheckpointException>(() => new CheckpointDirectory(_folder.Write("file", "")));
        await using var store = new CheckpointDirectory(Place);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => StoredStates.SaveAsync(store, 1, keep: 0));
    }
}
