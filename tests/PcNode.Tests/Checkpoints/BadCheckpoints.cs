using System.Text;
using PcNode.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Checkpoints;

/// <summary>Checkpoints that are not there, are another run's, or cannot be used: 2, and one line that says
/// so; or the older one.</summary>
public sealed class BadCheckpoints : IDisposable
{
    private static readonly string[] Network = ["residual", "--hidden", "6"];

    private readonly TemporaryFolder _folder = new();

    private string Place => _folder["run"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_to_resume()
    {
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--resume: there is no checkpoint in", Place], "train",
            "--checkpoint", Place, "--resume");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["DIR: there is no checkpoint in", Place], "checkpoints", Place);
        Assert.False(Directory.Exists(Place));
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--resume: it needs --checkpoint"], "train", "--resume");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--checkpoint-every: it needs --checkpoint"], "train",
            "--checkpoint-every", "5");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["DIR: it is missing"], "checkpoints");
    }

    [Fact]
    public async Task A_place_where_nothing_can_be_saved()
    {
        File.WriteAllText(_folder["file"], "");
        foreach (var command in new[] { "train", "predict", "evaluate", "infer", "diagnose" })
        {
            await Pcnode.RefusesAsync(ExitCode.BadInput,
                [$"--checkpoint: '{_folder["file"]}' is a file; checkpoints need a directory"], command,
                "--checkpoint", _folder["file"]);
        }
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["DIR: '", "is a file; checkpoints need a directory"],
            "checkpoints", _folder["file"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput,
            ["--checkpoint: checkpoints cannot be saved in '/proc/checkpoints'"], "train", "--checkpoint",
            "/proc/checkpoints");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--checkpoint: it is empty"], "train", "--checkpoint", "");
    }

    [Fact]
    public async Task A_list_of_checkpoints_none_of_which_can_be_used_is_refused_with_all_reasons()
    {
        await SaveAsync(3);
        var good = Assert.Single(Directory.GetFiles(Place, "*.safetensors"));
        File.WriteAllText(Path.Combine(Place, "checkpoint-2.safetensors"), "no checkpoint");
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync("checkpoints", Place)).ExitCode);
        File.WriteAllText(good, "nor is this");
        foreach (var json in new[] { "--json", null })
        {
            var run = await Pcnode.RunAsync([.. new[] { "checkpoints", Place, json }.OfType<string>()]);
            Assert.Equal((ExitCode.BadInput, $"pcnode: DIR: none of the checkpoints in '{Place}' can be used"),
                (run.ExitCode, Assert.Single(run.ErrorLines)));
            foreach (var step in new[] { 2, 3 })
                Assert.Contains($"the checkpoint of step {step} in", run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_folder_of_none_is_named_as_it_was_given()
    {
        Directory.CreateDirectory(Place);
        await Pcnode.RefusesAsync(ExitCode.BadInput, [$"MODEL: there is no checkpoint in '{Place}'"], "evaluate",
            Place);
        await Pcnode.RefusesAsync(ExitCode.BadInput, [$"--checkpoint: there is no checkpoint in '{Place}'"],
            "evaluate", "--checkpoint", Place);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("3m")]
    [InlineData("0s")]
    [InlineData("s")]
    [InlineData("often")]
    public Task An_interval_that_is_none(string interval) => Pcnode.RefusesAsync(
        ExitCode.BadInput,
        [$"--checkpoint-every: '{interval}' is not a number of steps from 1, such as 50, or of seconds, such as 30s"],
        "train", "--checkpoint", Place, "--checkpoint-every", interval);

    [Fact]
    public async Task A_new_run_where_another_one_is()
    {
        await SaveAsync(3);
        await Pcnode.RefusesAsync(
            ExitCode.BadInput, ["--checkpoint:", Place, "the last one of step 3", "--resume", "another place"],
            ["train", .. Network, "--checkpoint", Place]);
    }

    [Theory]
    [InlineData("--early-stopping", "2")]
    [InlineData("--keep-best")]
    public async Task Best_weights_that_were_not_kept(params string[] options)
    {
        await SaveAsync(46);
        await Pcnode.RefusesAsync(
            ExitCode.BadInput,
            [$"{options[0]}: the run in ", Place, "has not kept the weights of its best epoch", "when it begins"],
            ["train", .. Network, .. options, "--checkpoint", Place, "--resume"]);
    }

    [Theory]
    [InlineData("MODEL: ", "of the model residual, and mlp was given", "mlp")]
    [InlineData("--seed: ", "has 0, and 1 was given", "--seed", "1")]
    [InlineData("--hidden: ", "has 6, and 7 was given", "--hidden", "7")]
    [InlineData("--batch: ", "has 32, and 16 was given", "--batch", "16")]
    [InlineData("--micro: ", "has 1, and 2 was given", "--micro", "2")]
    [InlineData("--optimizer: ", "has adam, and sgd was given", "--optimizer", "sgd")]
    [InlineData("--schedule: ", "has constant, and cosine:floor=0.1 was given", "--schedule", "cosine:floor=0.1")]
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
        await Pcnode.RefusesAsync(ExitCode.BadInput, [origin, reason, Place],
            ["train", .. options, "--checkpoint", Place, "--resume"]);
    }

    [Fact]
    public async Task The_same_options_again_are_no_others()
    {
        await SaveAsync(3);
        var run = await Pcnode.RunAsync("train", "residual", "--hidden", " 6", "--learning-rate", "5e-4", "--seed", "0",
            "--data", "digits", "--checkpoint", Place, "--resume", "--steps", "4");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
    }

    [Fact]
    public async Task Other_samples()
    {
        await File.WriteAllLinesAsync(_folder["other.csv"],
            Enumerable.Range(0, 400)
                .Select(i => $"{string.Join(',', Enumerable.Range(0, 64).Select(f => (i * f) % 17))},{i % 10}"));
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
            ExitCode.BadInput, ["--step: there is no checkpoint of step 4 in", "there are 3"], "checkpoints", Place,
            "--step", "4", "--export", _folder["m.onnx"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--step: it needs --export"], "checkpoints", Place, "--step",
            "3");
    }

    [Theory]
    [InlineData("state", "weight' is damaged")]
    [InlineData("manifest", "its manifest is damaged")]
    [InlineData("half", " are there")]
    [InlineData("nothing", "it is cut off")]
    public async Task The_last_checkpoint_cannot_be_used_and_the_older_one_is_and_that_is_said(string what,
        string reason)
    {
        var expected = await Pcnode.RunAsync(["train", .. Network, "--steps", "9", "--json"]);
        await SaveAsync(3);
        Assert.Equal(ExitCode.Done,
            (await Pcnode.RunAsync("train", "--checkpoint", Place, "--resume", "--steps", "6")).ExitCode);
        Damage(6, what);
        var list = await Pcnode.RunAsync("checkpoints", Place, "--json");
        Assert.Equal(["checkpoint", "checkpointRefused"], list.Json.Select(j => j.GetProperty("event").GetString()));
        Assert.Contains(reason, list.Last.GetProperty("reason").GetString(), StringComparison.Ordinal);
        var run = await Pcnode.RunAsync("train", "--checkpoint", Place, "--resume", "--steps", "9", "--json");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Contains(run.ErrorLines,
            l => l.StartsWith("checkpoint: ", StringComparison.Ordinal)
                && l.Contains(reason, StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, l => l.EndsWith("goes on from step 3", StringComparison.Ordinal));
        Assert.Contains(run.Json, j => j.GetProperty("event").GetString() == "checkpointRefused");
        Assert.Equal(expected.Last.GetProperty("weightsSha256").GetString(),
            run.Last.GetProperty("weightsSha256").GetString());
        // The one that it went on from is still there, and the damaged one is put aside.
        Assert.Equal([9L, 3],
            (await Pcnode.RunAsync("checkpoints", Place, "--json")).Json.Select(j => j.GetProperty("step").GetInt64()));
        Assert.True(File.Exists(PathOf(6) + ".damaged"));
    }

    [Fact]
    public async Task A_process_that_saves_in_a_directory_has_it_for_itself()
    {
        using var run = Processes.Start(
            ["train", .. Network, "--epochs", "100000", "--checkpoint", Place, "--checkpoint-every", "3", "--json"]);
        await run.WritesAsync("\"event\":\"checkpoint\"", 1);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["another process saves its run in", Place], "train",
            "--checkpoint", Place, "--resume");
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync("checkpoints", Place)).ExitCode);
        Processes.Signal(run.Process.Id, "TERM");
        Assert.Equal(ExitCode.Terminated, await run.EndAsync());
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("1", 1)]
    public async Task As_many_are_kept_as_was_asked_for_also_when_the_run_is_resumed(string keep, int count)
    {
        await SaveAsync(10, "--checkpoint-every", "1", "--keep", keep);
        Assert.Equal(ExitCode.Done,
            (await Pcnode.RunAsync("train", "--checkpoint", Place, "--resume", "--steps", "11")).ExitCode);
        Assert.Equal(ExitCode.Done,
            (await Pcnode.RunAsync("train", "--checkpoint", Place, "--resume", "--steps", "12")).ExitCode);
        Assert.Equal(ExitCode.Done,
            (await Pcnode.RunAsync("train", "--checkpoint", Place, "--resume", "--steps", "13")).ExitCode);
        Assert.Equal(count, (await Pcnode.RunAsync("checkpoints", Place, "--json")).Json.Count);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--keep: it needs --checkpoint"], "train", "--keep", "5");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--keep: '0' is not a whole number from 1"], "train",
            "--checkpoint", _folder["other"], "--keep", "0");
    }

    [Fact]
    public async Task No_checkpoint_can_be_used()
    {
        await SaveAsync(3);
        Damage(3, "state");
        await Pcnode.RefusesAsync(
            ExitCode.BadInput, ["--resume: none of the checkpoints in", Place, "step 3", "is damaged"], "train",
            "--checkpoint", Place, "--resume");
        await Pcnode.RefusesAsync(
            ExitCode.BadInput, ["--checkpoint:", "none that can be used"], "train", "--checkpoint", Place);
    }

    private string PathOf(int step) => System.IO.Path.Combine(Place, $"checkpoint-{step}.safetensors");

    private void Damage(int step, string what)
    {
        var file = File.ReadAllBytes(PathOf(step));
        if (what == "state") file[^1] ^= 1;
        else if (what == "manifest") file[file.AsSpan().IndexOf(Encoding.ASCII.GetBytes("pcactors.model"))] ^= 1;
        else file = file[..(what == "half" ? (file.Length - 100) : 0)];
        File.WriteAllBytes(PathOf(step), file);
    }

    private async Task SaveAsync(int steps, params string[] more)
    {
        var run = await Pcnode.RunAsync(["train", .. Network, "--steps", $"{steps}", "--checkpoint", Place, .. more]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
    }
}
