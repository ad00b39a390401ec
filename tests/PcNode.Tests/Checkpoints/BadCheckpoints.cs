using Microsoft.Data.Sqlite;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Checkpoints;

/// <summary>Checkpoints that are not there, are another run's, or cannot be used: 2, and one line that says so; or the older one.</summary>
public sealed class BadCheckpoints : IDisposable
{
    private static readonly string[] Network = ["residual", "--hidden", "6"];

    private readonly TemporaryFolder _folder = new();

    private string Place => _folder["run"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_to_resume()
    {
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--resume: there is no checkpoint in", Place], "train", "--checkpoint", Place, "--resume");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["DIR: there is no checkpoint in", Place], "checkpoints", Place);
        Assert.False(Directory.Exists(Place));
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--resume: it needs --checkpoint"], "train", "--resume");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--checkpoint-every: it needs --checkpoint"], "train", "--checkpoint-every", "5");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["DIR: it is missing"], "checkpoints");
    }

    [Fact]
    public async Task A_place_where_nothing_can_be_saved()
    {
        File.WriteAllText(_folder["file"], "");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["'", "is a file; checkpoints need a directory"], "train", "--checkpoint", _folder["file"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["checkpoints cannot be saved in '/proc/checkpoints'"], "train", "--checkpoint", "/proc/checkpoints");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--checkpoint: it is empty"], "train", "--checkpoint", "");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("3m")]
    [InlineData("0s")]
    [InlineData("s")]
    [InlineData("often")]
    public Task An_interval_that_is_none(string interval) => Pcnode.RefusesAsync(
        ExitCode.BadInput, [$"--checkpoint-every: '{interval}' is not a number of steps from 1, such as 50, or of seconds, such as 30s"],
        "train", "--checkpoint", Place, "--checkpoint-every", interval);

    [Fact]
    public async Task A_new_run_where_another_one_is()
    {
        await SaveAsync(3);
        await Pcnode.RefusesAsync(
            ExitCode.BadInput, ["--checkpoint:", Place, "the last one of step 3", "--resume", "another place"], ["train", .. Network, "--checkpoint", Place]);
    }

    [Theory]
    [InlineData("MODEL: ", "of the model residual, and mlp was given", "mlp")]
    [InlineData("--seed: ", "has 0, and 1 was given", "--seed", "1")]
    [InlineData("--hidden: ", "has 6, and 7 was given", "--hidden", "7")]
    [InlineData("--batch: ", "has 32, and 16 was given", "--batch", "16")]
    [InlineData("--micro: ", "has 1, and 2 was given", "--micro", "2")]
    [InlineData("--optimizer: ", "has adam, and sgd was given", "--optimizer", "sgd")]
    [InlineData("--learning-rate: ", "has 0.0005, and 0.1 was given", "--learning-rate", "0.1")]
    [InlineData("--dtype: ", "has f32, and f64 was given", "--dtype", "f64")]
    [InlineData("--loss: ", "has squared-error, and cross-entropy was given", "--loss", "cross-entropy")]
    [InlineData("--rule: ", "has zil, and bp was given", "--rule", "bp")]
    [InlineData("--blocks: ", "has auto, and 2 was given", "--blocks", "2")]
    [InlineData("--granularity: ", "has tensor, and unit was given", "--granularity", "unit")]
    [InlineData("--weight-decay: ", "has 0, and 0.1 was given", "--weight-decay", "0.1")]
    [InlineData("--steps: ", "has made 3 steps already, and 2 were asked for", "--steps", "2")]
    public async Task Another_run_than_the_one_that_is_there(string origin, string reason, params string[] options)
    {
        await SaveAsync(3);
        await Pcnode.RefusesAsync(ExitCode.BadInput, [origin, reason, Place], ["train", .. options, "--checkpoint", Place, "--resume"]);
    }

    [Fact]
    public async Task The_same_options_again_are_no_others()
    {
        await SaveAsync(3);
        var run = await Pcnode.RunAsync("train", "residual", "--hidden", " 6", "--learning-rate", "5e-4", "--seed", "0", "--data", "digits", "--checkpoint", Place, "--resume", "--steps", "4");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
    }

    [Fact]
    public async Task Other_samples()
    {
        await File.WriteAllLinesAsync(_folder["other.csv"], Enumerable.Range(0, 400).Select(i => $"{string.Join(',', Enumerable.Range(0, 64).Select(f => (i * f) % 17))},{i % 10}"));
        await SaveAsync(3);
        await Pcnode.RefusesAsync(
            ExitCode.BadInput, ["--data: the samples in", "other.csv", "are not those that the run", Place],
            "train", "--data", _folder["other.csv"], "--checkpoint", Place, "--resume");
    }

    [Fact]
    public async Task A_step_that_is_not_kept()
    {
        await SaveAsync(3);
        await Pcnode.RefusesAsync(
            ExitCode.BadInput, ["--step: there is no checkpoint of step 4 in", "there are 3"], "checkpoints", Place, "--step", "4", "--export", _folder["m.onnx"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--step: it needs --export"], "checkpoints", Place, "--step", "3");
    }

    [Fact]
    public async Task A_run_with_checkpoints_is_not_traced() => await Pcnode.RefusesAsync(
        ExitCode.BadInput, ["--trace: a run with checkpoints is not traced"], "train", "--checkpoint", Place, "--trace", _folder["t"]);

    [Theory]
    [InlineData("UPDATE snapshot SET snapshot = CAST(substr(snapshot, 1, 90) || x'ff' || substr(snapshot, 92) AS BLOB) WHERE persistence_id LIKE '%weight'", "is damaged")]
    [InlineData("DELETE FROM snapshot WHERE persistence_id LIKE '%weight'", "is missing")]
    [InlineData("UPDATE snapshot SET snapshot = CAST(substr(snapshot, 1, 4) || x'02' || substr(snapshot, 6) AS BLOB) WHERE persistence_id LIKE '%manifest'", "of a newer version")]
    [InlineData("", "is damaged")]
    public async Task The_last_checkpoint_cannot_be_used_and_the_older_one_is_and_that_is_said(string statement, string reason)
    {
        var expected = await Pcnode.RunAsync(["train", .. Network, "--steps", "9", "--json"]);
        await SaveAsync(3);
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync("train", "--checkpoint", Place, "--resume", "--steps", "6")).ExitCode);
        var file = System.IO.Path.Combine(Place, "checkpoints-2.db");
        if (statement.Length > 0) Execute(file, statement);
        else await using (var stream = new FileStream(file, FileMode.Open)) stream.SetLength(stream.Length / 2);
        var list = await Pcnode.RunAsync("checkpoints", Place, "--json");
        Assert.Equal(["checkpoint", "checkpointRefused"], list.Json.Select(j => j.GetProperty("event").GetString()));
        Assert.Contains(reason, list.Last.GetProperty("reason").GetString(), StringComparison.Ordinal);
        var run = await Pcnode.RunAsync("train", "--checkpoint", Place, "--resume", "--steps", "9", "--json");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Contains(run.ErrorLines, l => l.StartsWith("checkpoint: ", StringComparison.Ordinal) && l.Contains(reason, StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, l => l.EndsWith("goes on from step 3", StringComparison.Ordinal));
        Assert.Contains(run.Json, j => j.GetProperty("event").GetString() == "checkpointRefused");
        Assert.Equal(expected.Last.GetProperty("weightsSha256").GetString(), run.Last.GetProperty("weightsSha256").GetString());
    }

    [Fact]
    public async Task No_checkpoint_can_be_used()
    {
        await SaveAsync(3);
        Execute(System.IO.Path.Combine(Place, "checkpoints-1.db"), "DELETE FROM snapshot WHERE persistence_id LIKE '%weight'");
        await Pcnode.RefusesAsync(
            ExitCode.BadInput, ["--resume: none of the checkpoints in", Place, "step 3", "is missing"], "train", "--checkpoint", Place, "--resume");
        await Pcnode.RefusesAsync(
            ExitCode.BadInput, ["--checkpoint:", "none that can be used"], "train", "--checkpoint", Place);
    }

    private async Task SaveAsync(int steps)
    {
        var run = await Pcnode.RunAsync(["train", .. Network, "--steps", $"{steps}", "--checkpoint", Place]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
    }

    private static void Execute(string file, string statement)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        Assert.True(command.ExecuteNonQuery() > 0);
    }
}
