using System.Text.Json;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>What train prints, against its documentation.</summary>
public sealed class TrainOutput
{
    private static readonly string[] ResultKeys =
    [
        "event", "model", "rule", "clock", "epochs", "steps", "loss", "testAccuracy", "messages", "seconds",
        "weightsSha256", "interrupted",
    ];

    [Theory]
    [InlineData("step M --input X --target Y")]
    [InlineData("step M --input X --target Y --rule bp")]
    [InlineData("step M --input X --target Y --rule il --latents none")]
    [InlineData("train --steps 1 --hidden 4")]
    [InlineData("train --steps 1 --hidden 4 --rule bp")]
    [InlineData("train --epochs 0 --hidden 4")]
    [InlineData("evaluate --hidden 4")]
    [InlineData("inspect --hidden 4 --rule bp")]
    [InlineData("infer M --clamp x=X --latents none")]
    [InlineData("trace --hidden 4")]
    public async Task No_row_of_a_result_has_nothing_behind_it(string commandLine)
    {
        using var folder = new StepFolder();
        var run = await Pcnode.RunAsync([.. commandLine.Split(' ').Select(word => word switch
        {
            "M" => folder["m.onnx"], "X" => folder["x.npy"], "Y" => folder["y.npy"],
            _ => word.Replace("=X", $"={folder["x.npy"]}", StringComparison.Ordinal),
        })]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.NotEmpty(run.Output);
        var rows = run.Output.Split('\n').SkipWhile(line => !line.StartsWith("model ", StringComparison.Ordinal))
            .Where(line => line.Length > 0).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Matches("^\\S.*?  +\\S", row));
    }

    [Fact]
    public async Task Json_lines_are_one_for_each_epoch_and_the_result_last()
    {
        var run = await Pcnode.RunAsync("train", "--hidden", "8", "--epochs", "2", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(["epoch", "epoch", "result"], run.Json.Select(j => j.GetProperty("event").GetString()));
        Assert.Equal([1, 2], run.Json.SkipLast(1).Select(j => j.GetProperty("epoch").GetInt32()));
        var result = run.Last;
        Assert.All(ResultKeys, key => Assert.True(result.TryGetProperty(key, out _), key));
        Assert.Equal("mlp", result.GetProperty("model").GetString());
        Assert.Equal("zil", result.GetProperty("rule").GetString());
        Assert.Equal("wavefront", result.GetProperty("clock").GetString());
        // 1,497 samples to train on make 46 batches of 32.
        Assert.Equal(2 * 46, result.GetProperty("steps").GetInt32());
        Assert.InRange(result.GetProperty("testAccuracy").GetDouble(), 0, 1);
        Assert.False(result.GetProperty("interrupted").GetBoolean());
        Assert.Equal(result.GetProperty("testAccuracy").GetDouble(),
            run.Json[1].GetProperty("testAccuracy").GetDouble());
        Assert.Equal(3, run.ErrorLines.Count);
        Assert.StartsWith("features: standardised", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Matches("steps/s  about [0-9]+ s left$", run.ErrorLines[1]);
        Assert.EndsWith("steps/s", run.ErrorLines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_ends_with_a_summary_and_progress_goes_to_standard_error()
    {
        var run = await Pcnode.RunAsync("train", "--hidden", "8", "--epochs", "1");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        foreach (var name in new[] { "model", "rule", "clock", "epochs", "steps", "loss", "test accuracy", "messages",
            "seconds", "ms a step", "weights SHA-256" })
            Assert.Contains(run.Output.Split('\n'),
                line => line.StartsWith(name + "  ", StringComparison.Ordinal)
                    || line.StartsWith(name + " ", StringComparison.Ordinal));
        Assert.Equal(2, run.ErrorLines.Count);
        Assert.StartsWith("features: ", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.StartsWith("epoch 1/1", run.ErrorLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sequential_backpropagation_has_no_clock_and_sends_nothing()
    {
        var result = (await Pcnode.RunAsync("train", "--hidden", "8", "--steps", "2", "--rule", "bp", "--json")).Last;
        Assert.Equal(JsonValueKind.Null, result.GetProperty("clock").ValueKind);
        Assert.Equal(0, result.GetProperty("messages").GetInt64());
    }

    [Fact]
    public async Task Without_a_step_the_loss_is_null_and_the_accuracy_that_of_the_start()
    {
        var result = (await Pcnode.RunAsync("train", "--hidden", "8", "--epochs", "0", "--json")).Last;
        Assert.Equal(JsonValueKind.Null, result.GetProperty("loss").ValueKind);
        Assert.Equal(0, result.GetProperty("steps").GetInt32());
        Assert.InRange(result.GetProperty("testAccuracy").GetDouble(), 0, 0.5);
    }

    [Fact]
    public async Task An_interrupted_run_still_gives_its_result()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        var run = await Pcnode.RunAsync(["train", "--hidden", "8", "--json"], cancellation.Token);
        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.True(run.Last.GetProperty("interrupted").GetBoolean());
        Assert.Equal(0, run.Last.GetProperty("steps").GetInt32());
    }

    [Fact]
    public async Task Interrupting_within_an_epoch_ends_after_the_steps_at_hand()
    {
        using var cancellation = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new CancelsOnFirstEpoch(cancellation);
        var code = await Cli.RunAsync(["train", "--hidden", "8", "--epochs", "1000", "--json"], output, error,
            cancellation.Token);
        Assert.Equal(ExitCode.Interrupted, code);
        var result = JsonDocument.Parse(output.ToString().TrimEnd().Split('\n')[^1]).RootElement;
        Assert.True(result.GetProperty("interrupted").GetBoolean());
        Assert.InRange(result.GetProperty("epochs").GetInt32(), 1, 2);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("train", "--help")]
    [InlineData("verify", "--help")]
    [InlineData("inspect", "-h")]
    public async Task Help_has_examples(params string[] args)
    {
        var run = await Pcnode.RunAsync(args);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        Assert.Contains("pcnode", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        var run = await Pcnode.RunAsync("--version");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\s*$", run.Output);
    }

    private sealed class CancelsOnFirstEpoch(CancellationTokenSource cancellation) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith("epoch", StringComparison.Ordinal) == true) cancellation.Cancel();
        }
    }
}
