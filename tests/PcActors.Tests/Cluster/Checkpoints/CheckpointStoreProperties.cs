using Microsoft.Data.Sqlite;
using PcActors.Cluster.Checkpoints;
using PcActors.Learning.Vertices;
using PcActors.Tensors;
using PcActors.Tests.Data;

namespace PcActors.Tests.Cluster.Checkpoints;

/// <summary>A store in a directory: what is saved is there, two checkpoints are kept, several may write.</summary>
public sealed class CheckpointStoreProperties : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private CheckpointLocation Location => new(_folder.PathOf("run"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_saved_is_there_also_for_another_process()
    {
        CheckpointManifest manifest;
        await using (var store = await CheckpointStore.OpenAsync(Location))
        {
            Assert.Empty((await store.ListAsync(default)).Checkpoints);
            // Whoever only looks leaves nothing behind.
            Assert.False(Directory.Exists(Location.Directory));
            manifest = await StoredStates.SaveAsync(store, 40);
            await StoredStates.AreInAsync(store, manifest);
        }
        await using var other = await CheckpointStore.OpenAsync(Location);
        await StoredStates.AreInAsync(other, manifest);
        Assert.Empty((await other.ListAsync(default)).Refused);
        await Assert.ThrowsAsync<CheckpointException>(() => other.LoadAsync<double>(manifest, StoredStates.Parameters[0], default));
        await Assert.ThrowsAsync<CheckpointException>(() => other.LoadAsync<float>(manifest, "another", default));
    }

    [Fact]
    public async Task Bits_that_are_no_numbers_and_empty_and_scalar_tensors_are_kept()
    {
        await using var store = await CheckpointStore.OpenAsync(Location);
        var strange = new Tensor<double>(new Shape(4));
        double[] values = [BitConverter.Int64BitsToDouble(unchecked((long)0xfff8_0000_0000_1234)), double.NegativeInfinity, -0.0, double.Epsilon];
        values.CopyTo(strange.Writable);
        var states = new Dictionary<string, ParameterSnapshot<double>>
        {
            ["strange"] = new(strange, long.MaxValue, []),
            ["scalar"] = new(Tensor<double>.From(new Shape(), [1.5]), 0, []),
        };
        var digests = new Dictionary<string, string>();
        foreach (var (name, state) in states) digests[name] = await store.SaveAsync(0, name, state, default);
        var manifest = new CheckpointManifest { Step = 0, Model = "m", Digests = digests };
        await store.CompleteAsync(manifest, default);
        foreach (var (name, state) in states)
        {
            var loaded = await store.LoadAsync<double>(manifest, name, default);
            Assert.Equal(state.Updates, loaded.Updates);
            Assert.Equal(state.Value.Shape, loaded.Value.Shape);
            Assert.Equal(
                state.Value.Span.ToArray().Select(BitConverter.DoubleToInt64Bits), loaded.Value.Span.ToArray().Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public async Task Two_checkpoints_are_kept_one_in_each_file_and_nothing_else()
    {
        await using (var store = await CheckpointStore.OpenAsync(Location))
        {
            for (var step = 1; step <= 5; step++)
            {
                await StoredStates.SaveAsync(store, 10 * step);
                await StoredStates.CountAsync(store, step == 1 ? (long[])[10] : [10 * step, 10 * (step - 1)]);
            }
        }
        Assert.Equal([50L], StepsIn("checkpoints-1.db"));
        Assert.Equal([40L], StepsIn("checkpoints-2.db"));
    }

    [Fact]
    public async Task A_checkpoint_counts_when_its_manifest_is_there_and_what_is_left_of_another_is_forgotten()
    {
        await using (var store = await CheckpointStore.OpenAsync(Location))
        {
            await StoredStates.SaveAsync(store, 10);
            await StoredStates.SaveAsync(store, 20);
            await store.SaveAsync(30, StoredStates.Parameters[0], StoredStates.Of(30, StoredStates.Parameters[0]), default);
            await StoredStates.CountAsync(store, 20, 10);
        }
        await using (var store = await CheckpointStore.OpenAsync(Location))
        {
            await StoredStates.CountAsync(store, 20, 10);
            await StoredStates.SaveAsync(store, 40);
            await StoredStates.CountAsync(store, 40, 20);
        }
        Assert.Equal([40L], StepsIn("checkpoints-1.db"));
        Assert.Equal([20L], StepsIn("checkpoints-2.db"));
    }

    [Fact]
    public async Task A_run_that_went_on_from_an_earlier_checkpoint_leaves_no_later_one()
    {
        await using (var store = await CheckpointStore.OpenAsync(Location))
        {
            await StoredStates.SaveAsync(store, 10);
            await StoredStates.SaveAsync(store, 50);
        }
        await using (var store = await CheckpointStore.OpenAsync(Location))
        {
            await StoredStates.SaveAsync(store, 20);
            await StoredStates.CountAsync(store, 20, 10);
            await StoredStates.SaveAsync(store, 30);
            await StoredStates.CountAsync(store, 30, 20);
        }
        Assert.Equal([20L, 30], StepsIn("checkpoints-1.db").Concat(StepsIn("checkpoints-2.db")).Order());
    }

    [Fact]
    public async Task A_step_that_is_saved_again_is_the_same_step()
    {
        await using var store = await CheckpointStore.OpenAsync(Location);
        await StoredStates.SaveAsync(store, 10);
        var first = await StoredStates.SaveAsync(store, 20);
        var again = await StoredStates.SaveAsync(store, 20);
        Assert.Equal(first.Digests, again.Digests);
        await StoredStates.CountAsync(store, 20, 10);
    }

    [Fact]
    public async Task Several_nodes_write_one_checkpoint_after_the_other()
    {
        const int nodes = 4;
        var names = Enumerable.Range(0, 24).Select(i => $"p{i}").ToArray();
        var stores = await Task.WhenAll(Enumerable.Range(0, nodes).Select(_ => CheckpointStore.OpenAsync(Location)));
        CheckpointManifest? last = null;
        for (var step = 1; step <= 4; step++)
        {
            var digests = new Dictionary<string, string>();
            await Task.WhenAll(stores.SelectMany((store, node) => names.Where((_, i) => i % nodes == node).Select(async name =>
            {
                var digest = await store.SaveAsync(step, name, StoredStates.Of(step, name), default);
                lock (digests) digests[name] = digest;
            })));
            last = new CheckpointManifest { Step = step, Model = "m", Digests = digests };
            await stores[step % nodes].CompleteAsync(last, default);
        }
        foreach (var store in stores)
        {
            var list = await store.ListAsync(default);
            Assert.Equal([4L, 3], list.Checkpoints.Select(c => c.Step));
            Assert.Empty(list.Refused);
            Assert.Equal(last!.Digests, list.Checkpoints[0].Digests);
        }
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ü")]
    public async Task A_run_has_a_plain_name(string run) =>
        await Assert.ThrowsAsync<CheckpointException>(() => CheckpointStore.OpenAsync(Location with { Run = run }));

    [Fact]
    public async Task Runs_in_one_place_do_not_meet()
    {
        await using var one = await CheckpointStore.OpenAsync(Location with { Run = "one" });
        await using var other = await CheckpointStore.OpenAsync(Location with { Run = "other" });
        var manifest = await StoredStates.SaveAsync(one, 10);
        await StoredStates.SaveAsync(other, 30);
        await StoredStates.SaveAsync(other, 40);
        await StoredStates.SaveAsync(other, 50);
        await StoredStates.AreInAsync(one, manifest);
    }

    private long[] StepsIn(string file)
    {
        using var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(Location.Directory!, file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT sequence_number FROM snapshot ORDER BY 1";
        using var reader = command.ExecuteReader();
        var steps = new List<long>();
        while (reader.Read()) steps.Add(reader.GetInt64(0));
        return [.. steps];
    }
}
