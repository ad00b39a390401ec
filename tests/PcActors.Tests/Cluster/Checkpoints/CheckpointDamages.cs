using Microsoft.Data.Sqlite;
using PcActors.Cluster.Checkpoints;
using PcActors.Tests.Data;

namespace PcActors.Tests.Cluster.Checkpoints;

/// <summary>Mutation: whatever is done to the last checkpoint, it is refused with a reason, and the one before it is used.</summary>
public sealed class CheckpointDamages : IDisposable
{
    private const string State = "run:state:hidden/weight";
    private const string Manifest = "run:manifest";

    private readonly TemporaryFolder _folder = new();

    private CheckpointLocation Location => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(State, "UPDATE snapshot SET snapshot = CAST(substr(snapshot, 1, 100) || x'ff' || substr(snapshot, 102) AS BLOB) WHERE persistence_id = $name", "'hidden/weight' is damaged")]
    [InlineData(State, "UPDATE snapshot SET snapshot = substr(snapshot, 1, 100) WHERE persistence_id = $name", "'hidden/weight' is damaged")]
    [InlineData(State, "UPDATE snapshot SET snapshot = x'' WHERE persistence_id = $name", "'hidden/weight' ")]
    [InlineData(State, "UPDATE snapshot SET serializer_id = 77 WHERE persistence_id = $name", "'hidden/weight' cannot be read")]
    [InlineData(State, "DELETE FROM snapshot WHERE persistence_id = $name", "'hidden/weight' is missing")]
    [InlineData(State, "UPDATE snapshot SET snapshot = (SELECT snapshot FROM snapshot WHERE persistence_id = 'run:state:hidden/bias') WHERE persistence_id = $name", "'hidden/weight' is damaged")]
    [InlineData(Manifest, "UPDATE snapshot SET snapshot = CAST(substr(snapshot, 1, 60) || x'ff' || substr(snapshot, 62) AS BLOB) WHERE persistence_id = $name", "its manifest is damaged")]
    [InlineData(Manifest, "UPDATE snapshot SET snapshot = x'00' WHERE persistence_id = $name", "its manifest is damaged")]
    [InlineData(Manifest, "UPDATE snapshot SET serializer_id = 77 WHERE persistence_id = $name", "its manifest cannot be read")]
    public async Task A_record_that_was_changed(string name, string statement, string reason)
    {
        var (older, newer) = await TwoCheckpointsAsync();
        Assert.Equal(1, Execute(FileOf(newer), statement, name));
        await using var store = await CheckpointStore.OpenAsync(Location);
        var list = await store.ListAsync(default);
        Assert.Equal([older.Step], list.Checkpoints.Select(c => c.Step));
        var refused = Assert.Single(list.Refused);
        Assert.Contains($"step {newer.Step}", refused, StringComparison.Ordinal);
        Assert.Contains(reason, refused, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, refused, StringComparison.Ordinal);
        await StoredStates.AreInAsync(store, older);
        // The run goes on from the older one, and is saved.
        await StoredStates.SaveAsync(store, 15);
        await StoredStates.CountAsync(store, 15, 10);
        Assert.Empty((await store.ListAsync(default)).Refused);
    }

    [Fact]
    public async Task A_state_that_is_changed_after_the_list_was_read_is_not_loaded()
    {
        var (_, newer) = await TwoCheckpointsAsync();
        await using var store = await CheckpointStore.OpenAsync(Location);
        await StoredStates.AreInAsync(store, newer);
        Execute(FileOf(newer), "UPDATE snapshot SET snapshot = CAST(substr(snapshot, 1, 200) || x'0000' AS BLOB) WHERE persistence_id = $name", State);
        var refusal = await Assert.ThrowsAsync<CheckpointException>(() => store.LoadAsync<float>(newer, "hidden/weight", default));
        Assert.Contains("'hidden/weight' is damaged", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(6_000)]
    [InlineData(-1)]
    public async Task A_file_that_was_cut_off(int length)
    {
        var (older, newer) = await TwoCheckpointsAsync();
        var file = FileOf(newer);
        using (var stream = new FileStream(file, FileMode.Open)) stream.SetLength(length < 0 ? stream.Length + length : length);
        await Refused(older, length switch { 0 => null, < 0 => "cannot be", _ => "checkpoints-2.db' is damaged" });
    }

    [Fact]
    public async Task A_file_that_is_something_else()
    {
        var (older, newer) = await TwoCheckpointsAsync();
        File.WriteAllText(FileOf(newer), string.Concat(Enumerable.Repeat("This is no database. ", 1_000)));
        await Refused(older, "checkpoints-2.db' is damaged");
    }

    [Fact]
    public async Task A_file_that_was_deleted()
    {
        var (older, newer) = await TwoCheckpointsAsync();
        File.Delete(FileOf(newer));
        await Refused(older, null);
    }

    [Fact]
    public async Task A_newer_form()
    {
        await using (var store = await CheckpointStore.OpenAsync(Location))
        {
            await StoredStates.SaveAsync(store, 10);
            await StoredStates.SaveAsync(store, 20, format: CheckpointManifest.CurrentFormat + 1);
        }
        await using var other = await CheckpointStore.OpenAsync(Location);
        var list = await other.ListAsync(default);
        Assert.Equal([10L], list.Checkpoints.Select(c => c.Step));
        var refused = Assert.Single(list.Refused);
        Assert.Contains("step 20", refused, StringComparison.Ordinal);
        Assert.Contains("the form 2, of a newer version; this version reads forms up to 1", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both()
    {
        var (older, newer) = await TwoCheckpointsAsync();
        Execute(FileOf(newer), "DELETE FROM snapshot WHERE persistence_id = $name", State);
        Execute(FileOf(older), "DELETE FROM snapshot WHERE persistence_id = $name", State);
        await using var store = await CheckpointStore.OpenAsync(Location);
        var list = await store.ListAsync(default);
        Assert.Empty(list.Checkpoints);
        Assert.Equal(2, list.Refused.Count);
        Assert.Contains("step 20", list.Refused[0], StringComparison.Ordinal);
        Assert.Contains("step 10", list.Refused[1], StringComparison.Ordinal);
    }

    private async Task Refused(CheckpointManifest older, string? reason)
    {
        await using (var store = await CheckpointStore.OpenAsync(Location))
        {
            var list = await store.ListAsync(default);
            Assert.Equal([older.Step], list.Checkpoints.Select(c => c.Step));
            if (reason is null) Assert.Empty(list.Refused);
            else Assert.Contains(reason, Assert.Single(list.Refused), StringComparison.Ordinal);
            await StoredStates.AreInAsync(store, older);
        }
        // Several nodes make room for a new file at once.
        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => CheckpointStore.OpenAsync(Location)));
        await Task.WhenAll(nodes.Select((n, i) => n.SaveAsync(15, $"other{i}", StoredStates.Of(15, "other"), default)));
        await StoredStates.SaveAsync(nodes[0], 15);
        foreach (var node in nodes)
        {
            await StoredStates.CountAsync(node, 15, older.Step);
            Assert.Empty((await node.ListAsync(default)).Refused);
            await node.DisposeAsync();
        }
    }

    private async Task<(CheckpointManifest Older, CheckpointManifest Newer)> TwoCheckpointsAsync()
    {
        await using var store = await CheckpointStore.OpenAsync(Location);
        return (await StoredStates.SaveAsync(store, 10), await StoredStates.SaveAsync(store, 20));
    }

    private string FileOf(CheckpointManifest manifest) => _folder.PathOf(manifest.Step == 10 ? "checkpoints-1.db" : "checkpoints-2.db");

    private static int Execute(string file, string statement, string name)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteNonQuery();
    }
}
