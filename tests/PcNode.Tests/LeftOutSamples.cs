using System.Globalization;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Training says how many samples an epoch leaves out because they fill no batch, where they are more than a
/// few.</summary>
public sealed class LeftOutSamples : IDisposable
{
    private const string Words = "samples to train on do not fill a batch of";

    // A sixth is the test part.
    private const int Count = 60;
    private const int Trained = 50;

    private readonly NumPyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(32, 25)]
    [InlineData(30, 25)]
    [InlineData(18, 10)]
    [InlineData(11, 10)]
    [InlineData(9, 5)]
    [InlineData(47, 25)]
    [InlineData(16, null)]
    [InlineData(49, null)]
    [InlineData(50, null)]
    [InlineData(25, null)]
    [InlineData(1, null)]
    public async Task What_is_left_out_is_the_number_that_steps_do_not_reach(int batch, int? advised)
    {
        var run = await TrainAsync(batch);
        var left = Trained - (batch * run.Last.GetProperty("steps").GetInt32());
        Assert.All(run.Json, line => Assert.True(line.TryGetProperty("event", out _)));
        var notices = run.ErrorLines.Where(l => l.Contains(Words, StringComparison.Ordinal)).ToList();
        if (left * 20 < Trained)
        {
            Assert.Empty(notices);
            return;
        }
        var notice = Assert.Single(notices);
        Assert.StartsWith(Text($"{left} of {Trained} {Words} {batch}, and are left out"), notice,
            StringComparison.Ordinal);
        Assert.True(run.ErrorLines.ToList().IndexOf(notice) < run.ErrorLines.ToList()
            .FindIndex(l => l.StartsWith("epoch", StringComparison.Ordinal)));
        Assert.Equal(advised is { } size ? Text($"--batch {size} leaves out none") : null,
            notice.Split("; ") is [_, var advice] ? advice : null);
        if (advised is { } better)
            Assert.DoesNotContain(Words, (await TrainAsync(better)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_epoch_ends_or_few_are_left_nothing_is_said()
    {
        Assert.DoesNotContain(Words, (await TrainAsync(9, "--steps", "4")).Error, StringComparison.Ordinal);
        Assert.Contains(Words, (await TrainAsync(9, "--steps", "5")).Error, StringComparison.Ordinal);
        // 25 of 1,497.
        var digits = await Pcnode.RunAsync("train", "--hidden", "4", "--epochs", "1", "--batch", "64");
        Assert.DoesNotContain(Words, digits.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_network_cannot_take_is_not_advised()
    {
        var micro = await TrainAsync(32, "--micro", "4");
        Assert.Contains(Words, micro.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("leaves out none", micro.Error, StringComparison.Ordinal);
        var model = await TrainAsync(32, 32);
        Assert.Contains(Words, model.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("leaves out none", model.Error, StringComparison.Ordinal);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private Task<Pcnode> TrainAsync(int batch, params string[] options) => TrainAsync(batch, "N", options);

    private async Task<Pcnode> TrainAsync(int batch, object rows, params string[] options)
    {
        await File.WriteAllBytesAsync(_folder["m.onnx"], new TestModel().Input("x", rows, 2)
            .Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", "x w", "y").Output("y", rows, 2).Bytes);
        var data = _folder.Npz("d.npz", ("x", [Count, 2], Enumerable.Range(0, 2 * Count).Select(i => i % 5f).ToArray()),
            ("y", [Count], Enumerable.Range(0, Count).Select(i => (long)(i % 2)).ToArray()));
        var run = await Pcnode.RunAsync(["train", _folder["m.onnx"], "--data", data, "--batch", $"{batch}", "--epochs",
            "1", "--learning-rate", "0.001", "--json", .. options]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return run;
    }
}
