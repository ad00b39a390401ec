using System.Text.Json;
using PcActors.Checkpoints;
using PcActors.Cluster.Checkpoints;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Runs;
using PcActors.Tensors;
using PcNode.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Checkpoints;

/// <summary>Checkpoints in PostgreSQL, which may be away at the start or for a while.</summary>
public sealed class DatabaseCheckpoints(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task A_run_is_kept_and_resumed_and_two_checkpoints_are_there()
    {
        PostgresServer.RequireInstalled();
        var file = Experiment(server.ConnectionString);
        var expected = await Pcnode.RunAsync("train", file, "--steps", "40", "--json");
        await RunAsync("train", file, "--steps", "20", "--checkpoint", "first", "--checkpoint-every", "4");
        await RunAsync("train", file, "--steps", "31", "--checkpoint", "first", "--resume", "--checkpoint-every",
            "1000");
        var run = await RunAsync("train", file, "--steps", "40", "--checkpoint", "first", "--resume",
            "--checkpoint-every", "1000", "--json");
        Assert.Equal(Hash(expected.Output), Hash(run.Output));
        Assert.Equal(2, server.Ask("SELECT count(DISTINCT step) FROM pcactors_checkpoint WHERE run = 'first'"));
        Assert.Equal(2, server.Ask("SELECT count(*) FROM pcactors_checkpoint WHERE run = 'first'"));
        await Pcnode.RefusesAsync(ExitCode.BadInput,
            ["--resume: there is no checkpoint in the run 'second' of the database"], "train", file, "--checkpoint",
            "second", "--resume");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["'a run' is no name of a run"], "train", file, "--checkpoint",
            "a run");

        using var list = Processes.Start([], ["checkpoints", "first", "--json"],
            ("PCNODE_CHECKPOINT_CONNECTION_STRING", server.ConnectionString));
        Assert.Equal(ExitCode.Done, await list.EndAsync());
        Assert.Equal([40L, 31], Lines(list.Output).Select(l => l.GetProperty("step").GetInt64()));
    }

    [SkippableFact]
    public async Task A_server_that_is_away_for_a_while_costs_checkpoints_and_nothing_else()
    {
        PostgresServer.RequireInstalled();
        var file = Experiment(server.ConnectionString);
        using var run = Processes.Start("train", file, "--epochs", "100000", "--checkpoint", "away",
            "--checkpoint-every", "0.2s", "--json");
        await run.WritesAsync("\"event\":\"checkpoint\"", 2);
        server.Stop();
        await run.WritesAsync("\"event\":\"checkpointFailed\"", 2);
        server.Start();
        var before = run.Output.Split("\"event\":\"checkpoint\"").Length - 1;
        await run.WritesAsync("\"event\":\"checkpoint\"", before + 2);
        Processes.Signal(run.Process.Id, "TERM");
        Assert.Equal(ExitCode.Terminated, await run.EndAsync());
        var result = Lines(run.Output)[^1];
        Assert.Contains("checkpoint: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", run.Output + run.Error, StringComparison.Ordinal);
        var steps = result.GetProperty("steps").GetInt64();
        Assert.Contains($$"""{"event":"checkpoint","step":{{steps}}}""", run.Output, StringComparison.Ordinal);
        var expected = await Pcnode.RunAsync("train", file, "--epochs", "100000", "--steps", $"{steps}", "--json");
        Assert.Equal(Hash(expected.Output), Hash(run.Output));
        Assert.Equal(expected.Last.GetProperty("messages").GetInt64(), result.GetProperty("messages").GetInt64());
        var resumed = await RunAsync("train", file, "--epochs", "100000", "--steps", $"{steps}", "--checkpoint", "away",
            "--resume", "--json");
        Assert.Equal(Hash(expected.Output), Hash(resumed.Output));
    }

    [SkippableFact]
    public async Task Processes_that_come_at_once_set_one_table_up()
    {
        PostgresServer.RequireInstalled();
        server.Ask("DROP TABLE IF EXISTS pcactors_checkpoint; SELECT 0");
        var stores = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => CheckpointDatabase.OpenAsync(server.ConnectionString, $"many-{i % 2}")));
        await Task.WhenAll(stores.Select((store, i) => SaveAsync(store, 1 + (i / 2), i)));
        for (var i = 0; i < stores.Length; i++)
        {
            var list = await stores[i].ListAsync();
            Assert.Empty(list.Refused);
            foreach (var manifest in list.Checkpoints)
                Assert.Equal((manifest.Step - 1) * 2 + (i % 2),
                    (await stores[i].LoadAsync<double>(manifest)).States["p"].Value.Span[0]);
            await stores[i].DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task A_checkpoint_of_many_rows_is_whole_or_is_not_there()
    {
        PostgresServer.RequireInstalled();
        await using var store = await CheckpointDatabase.OpenAsync(server.ConnectionString, "large");
        await SaveAsync(store, 1, 7, length: 5_000_000);
        Assert.Equal(3, server.Ask("SELECT count(*) FROM pcactors_checkpoint WHERE run = 'large'"));
        await SaveAsync(store, 2, 8, length: 10);
        var list = await store.ListAsync();
        Assert.Equal([2L, 1], list.Checkpoints.Select(c => c.Step));
        Assert.Equal(7, (await store.LoadAsync<double>(list.Checkpoints[1])).States["p"].Value.Span[4_999_999]);
        server.Ask("DELETE FROM pcactors_checkpoint WHERE run = 'large' AND part = 1; SELECT 0");
        list = await store.ListAsync();
        Assert.Equal([2L], list.Checkpoints.Select(c => c.Step));
        Assert.Contains("the checkpoint of step 1 in the database 'postgres'", Assert.Single(list.Refused),
            StringComparison.Ordinal);
        // A row that the server refuses costs the transaction, and with it the checkpoint alone.
        server.Ask("ALTER TABLE pcactors_checkpoint ADD CONSTRAINT small CHECK (part < 2) NOT VALID; SELECT 0");
        await Assert.ThrowsAsync<CheckpointException>(() => SaveAsync(store, 3, 9, length: 5_000_000));
        server.Ask("ALTER TABLE pcactors_checkpoint DROP CONSTRAINT small; SELECT 0");
        Assert.Equal(0, server.Ask("SELECT count(*) FROM pcactors_checkpoint WHERE run = 'large' AND step = 3"));
        await SaveAsync(store, 3, 9, length: 10);
        Assert.Equal([3L, 2], (await store.ListAsync()).Checkpoints.Select(c => c.Step));
    }

    [SkippableFact]
    public async Task A_process_whose_run_was_gone_on_with_elsewhere_saves_and_removes_nothing_any_more()
    {
        PostgresServer.RequireInstalled();
        await using var frozen = await CheckpointDatabase.OpenAsync(server.ConnectionString, "taken");
        await frozen.RequireWritableAsync();
        await SaveAsync(frozen, 1, 1);
        await using var other = await CheckpointDatabase.OpenAsync(server.ConnectionString, "taken");
        await other.ListAsync();
        await other.RequireWritableAsync();
        await SaveAsync(other, 5, 5);
        for (var turn = 0; turn < 2; turn++)
        {
            var refusal = await Assert.ThrowsAsync<CheckpointException>(() => SaveAsync(frozen, 2 + turn, 2));
            Assert.Contains("another process has gone on with the run 'taken'", refusal.Message,
                StringComparison.Ordinal);
            await Assert.ThrowsAsync<CheckpointException>(() => frozen.RequireWritableAsync());
            // A server that was away has not forgotten whose the run is.
            server.Stop();
            await Assert.ThrowsAsync<CheckpointException>(() => SaveAsync(other, 6 + turn, 6));
            server.Start();
            await SaveAsync(other, 6 + turn, 6 + turn);
        }
        var list = await other.ListAsync();
        Assert.Equal([7L, 6], list.Checkpoints.Select(c => c.Step));
        Assert.Equal(7, (await other.LoadAsync<double>(list.Checkpoints[0])).States["p"].Value.Span[0]);
        // Another run is another matter.
        await using var neighbour = await CheckpointDatabase.OpenAsync(server.ConnectionString, "free");
        await SaveAsync(neighbour, 1, 1);
    }

    [SkippableFact]
    public async Task A_wrong_password_is_refused_and_not_repeated()
    {
        PostgresServer.RequireInstalled();
        var run = await Pcnode.RunAsync("train", Experiment(server.StringOf("wr0ng")), "--checkpoint", "run");
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("password authentication failed", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=d;Username=u;Password=h1dden",
        "the database 'd' at 127.0.0.1:1 cannot be reached")]
    [InlineData("Host=127.0.0.1;Pasword=h1dden", "is none that Npgsql reads")]
    [InlineData("h1dden", "is none that Npgsql reads")]
    [InlineData("Database=d;Password=h1dden", "names no host")]
    public async Task A_database_that_is_down_or_none_is_refused_at_the_start(string connection, string words)
    {
        var run = await Pcnode.RunAsync("train", Experiment(connection), "--checkpoint", "run");
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains(words, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotContain("h1dden", run.Error, StringComparison.Ordinal);
    }

    private static Task SaveAsync(CheckpointDatabase store, long step, double value, int length = 2)
    {
        var tensor = new Tensor<double>(new Shape(length));
        tensor.Writable.Fill(value);
        var states = new Dictionary<string, ParameterSnapshot<double>> { ["p"] = new(tensor, 1, []) };
        return store.SaveAsync(new CheckpointManifest { Step = step, Model = "m" },
            new NetworkSnapshot<double>(step, states, new MessageCounts(0, 0)));
    }

    private string Experiment(string connection) => _folder.Write("run.conf", $$"""
        pcactors {
          model = residual
          hidden = [6]
          checkpoint.connection-string = "{{connection.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}}"
        }
        """);

    private static async Task<Pcnode> RunAsync(params string[] args)
    {
        var run = await Pcnode.RunAsync(args);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return run;
    }

    private static List<JsonElement> Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(l => JsonDocument.Parse(l).RootElement)];

    private static string Hash(string output) => Lines(output)[^1].GetProperty("weightsSha256").GetString()!;
}
