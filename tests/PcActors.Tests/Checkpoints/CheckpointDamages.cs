using PcActors.Checkpoints;
using PcActors.Tensors;
using PcActors.Tests.Data;

namespace PcActors.Tests.Checkpoints;

/// <summary>Mutation: whatever is done to the last checkpoint, it is refused with a reason, and the one before it is
/// used and stays.</summary>
public sealed class CheckpointDamages : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Some_bytes_are_other_ones(int seed)
    {
        var random = new SeededRandom((ulong)seed, "damages");
        var file = StoredStates.FileOf(20);
        // In the header half of the times, of which there is less.
        var place = random.NextInt(seed % 2 == 0 ? BitConverter.ToInt32(file) : file.Length);
        for (var i = 0; i <= seed % 3 && place + i < file.Length; i++)
            file[place + i] ^= (byte)(1 + random.NextInt(255));
        await Refused(file, null);
    }

    [Theory]
    [InlineData(0, "cut off")]
    [InlineData(7, "cut off")]
    [InlineData(8, "header would have")]
    [InlineData(1_000, "header would have")]
    [InlineData(-1, "bytes, and")]
    [InlineData(-2_000, "bytes, and")]
    [InlineData(+1, "bytes, and")]
    public async Task It_is_shorter_or_longer(int length, string reason)
    {
        var file = StoredStates.FileOf(20);
        Array.Resize(ref file, length is < 0 or 1 ? file.Length + length : length);
        await Refused(file, reason);
    }

    [Fact]
    public async Task A_state_is_changed_and_named()
    {
        var file = StoredStates.FileOf(20);
        file[^1] ^= 1;
        await Refused(file, $"the state of '{StoredStates.Parameters[2]}' is damaged: its SHA-256 is ");
    }

    [Fact]
    public async Task The_manifest_is_changed()
    {
        var file = StoredStates.FileOf(20);
        var place = file.AsSpan().IndexOf("a model"u8);
        file[place] = (byte)'A';
        await Refused(file, "its manifest is damaged: its SHA-256 is ");
    }

    [Fact]
    public Task It_is_something_else() =>
    Refused(System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("This is no checkpoint. ", 1_000))),
        "header would have");

    [Fact]
    public Task It_is_another_program_s_file() => Refused(
        new SafeTensors(new Dictionary<string, string> { ["format"] = "pt" },
            [new StoredTensor("w", "F32", [0], 0, 0)]).ToBytes(), "no checkpoint of PcActors");

    [Fact]
    public Task It_is_another_step_s() => Refused(StoredStates.FileOf(30), "that of step 30 is stored");

    [Fact]
    public async Task It_was_deleted()
    {
        await using var store = await TwoCheckpointsAsync();
        File.Delete(PathOf(20));
        Assert.Empty((await store.ListAsync()).Refused);
        await StoredStates.SaveAsync(store, 15);
        await StoredStates.CountAsync(store, 15, 10);
    }

    [Fact]
    public async Task One_in_its_place_is_no_damaged_one()
    {
        await using var store = await TwoCheckpointsAsync();
        File.WriteAllText(PathOf(20), "nothing");
        Assert.Single((await store.ListAsync()).Refused);
        foreach (var step in new[] { 15, 20, 25, 30, 35 }) await StoredStates.SaveAsync(store, step);
        await StoredStates.CountAsync(store, 35, 30);
        Assert.Equal("nothing", File.ReadAllText(PathOf(20) + ".damaged"));
        Assert.Equal(4, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public async Task It_has_a_newer_form()
    {
        using var stream = new MemoryStream();
        CheckpointFile.Write(stream, StoredStates.ManifestOf(20) with { Format = CheckpointManifest.CurrentFormat + 1 },
            StoredStates.Of(20));
        await Refused(stream.ToArray(), "it has the form 4, of a newer version; this version reads forms up to 3");
    }

    [Fact]
    public async Task A_value_of_the_best_epoch_is_changed()
    {
        var states = StoredStates.Of(20);
        var best = states.States.ToDictionary(s => s.Key, s => StoredStates.Of(10, s.Key).Value);
        using var stream = new MemoryStream();
        CheckpointFile.Write(stream, StoredStates.ManifestOf(20), states with { Best = best });
        var file = stream.ToArray();
        stream.Position = 0;
        var read = CheckpointFile.Read<float>(stream);
        Assert.All(best, b => Assert.Equal(b.Value.Span, read.Best![b.Key].Span));
        StoredStates.AreSame(states, read);
        file[^1] ^= 1;
        await Refused(file, $"the state of '{StoredStates.Parameters[2]}' is damaged: its SHA-256 is ");
    }

    [Fact]
    public async Task Some_values_of_the_best_epoch_are_missing()
    {
        StoredTensor[] tensors =
        [
            new("updates/a", "I64", [], 0, 8), new("updates/b", "I64", [], 8, 16),
            new("parameter/a", "F32", [1], 16, 20), new("best/a", "F32", [1], 20, 24),
            new("parameter/b", "F32", [1], 24, 28),
        ];
        var manifest = StoredStates.ManifestOf(20) with
        { Digests = new Dictionary<string, string> { ["a"] = "", ["b"] = "" } };
        await Refused([.. CheckpointHeader.Write(manifest, tensors), .. new byte[28]],
            "it has the values of the best epoch for some states alone");
    }

    [Fact]
    public async Task It_is_changed_after_the_list_was_read()
    {
        await using var store = await TwoCheckpointsAsync();
        var manifest = (await store.ListAsync()).Checkpoints[0];
        var file = File.ReadAllBytes(PathOf(20));
        file[^1] ^= 1;
        File.WriteAllBytes(PathOf(20), file);
        var refusal = await Assert.ThrowsAsync<CheckpointException>(() => store.LoadAsync<float>(manifest));
        Assert.Contains("is damaged", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both()
    {
        await using var store = await TwoCheckpointsAsync();
        foreach (var step in new[] { 10, 20 }) File.WriteAllText(PathOf(step), "nothing");
        var list = await store.ListAsync();
        Assert.Empty(list.Checkpoints);
        Assert.Equal(2, list.Refused.Count);
        Assert.Contains("step 20", list.Refused[0], StringComparison.Ordinal);
        Assert.Contains("step 10", list.Refused[1], StringComparison.Ordinal);
    }

    private async Task Refused(byte[] file, string? reason)
    {
        await (await TwoCheckpointsAsync()).DisposeAsync();
        File.WriteAllBytes(PathOf(20), file);
        await using var store = new CheckpointDirectory(_folder.Path);
        var list = await store.ListAsync();
        Assert.Equal([10L], list.Checkpoints.Select(c => c.Step));
        var refused = Assert.Single(list.Refused);
        Assert.Contains($"the checkpoint of step 20 in '{_folder.Path}' cannot be used: ", refused,
            StringComparison.Ordinal);
        Assert.Contains(reason ?? "", refused, StringComparison.Ordinal);
        await StoredStates.IsInAsync(store, 10);

        // The run goes on from the older one, which stays when it is saved; the damaged one is put aside.
        await StoredStates.SaveAsync(store, 15);
        await StoredStates.CountAsync(store, 15, 10);
        Assert.Empty((await store.ListAsync()).Refused);
        Assert.Equal(file, File.ReadAllBytes(PathOf(20) + ".damaged"));
    }

    private async Task<CheckpointDirectory> TwoCheckpointsAsync()
    {
        var store = new CheckpointDirectory(_folder.Path);
        await StoredStates.SaveAsync(store, 10);
        await StoredStates.SaveAsync(store, 20);
        return store;
    }

    private string PathOf(long step) => _folder.PathOf($"checkpoint-{step}.safetensors");
}
