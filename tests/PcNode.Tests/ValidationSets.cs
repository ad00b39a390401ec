using System.Text.Json;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Property: with a validation set epochs are measured on it, the best of them is chosen by it, and the test
/// set is measured once, with the weights that the run has come to.</summary>
public sealed class ValidationSets : IDisposable
{
    private static readonly string[] Line =
        ["train", "mlp", "--hidden", "8", "--samples", "256", "--validation", "0.2", "--json"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("zil")]
    [InlineData("il")]
    public async Task The_test_set_is_measured_once_with_the_best_weights(string rule)
    {
        string[] line = [.. Line, "--rule", rule, "--learning-rate", "0.05"];
        var kept = await Pcnode.RunAsync([.. line, "--epochs", "4", "--keep-best"]);
        var epochs = kept.Json.Where(e => e.GetProperty("event").GetString() == "epoch").ToList();
        Assert.Equal(4, epochs.Count);
        Assert.All(epochs, e => Assert.Null(Number(e, "testAccuracy")));
        var best = kept.Last.GetProperty("bestEpoch").GetInt32();
        Assert.Equal(epochs.Max(e => Number(e, "validationAccuracy")), Number(kept.Last, "validationAccuracy"));
        Assert.Equal(Number(epochs[best - 1], "validationAccuracy"), Number(kept.Last, "validationAccuracy"));

        var ended = await Pcnode.RunAsync([.. line, "--epochs", $"{best}"]);
        // The test at the end counts, whichever weights it is with: 4 epochs without their best weights make as many.
        var plain = await Pcnode.RunAsync([.. line, "--epochs", "4"]);
        Assert.Equal(Number(plain.Last, "messages"), Number(kept.Last, "messages"));
        foreach (var key in new[] { "weightsSha256", "testAccuracy", "validationAccuracy", "loss" })
            Assert.Equal(ended.Last.GetProperty(key).GetRawText(), kept.Last.GetProperty(key).GetRawText());
        Assert.Contains("validation accuracy", kept.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("  test accuracy", kept.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_resumed_keeps_its_validation_set()
    {
        var whole = await Pcnode.RunAsync([.. Line, "--epochs", "3", "--keep-best"]);
        string[] saved = [.. Line, "--keep-best", "--checkpoint", _folder["run"]];
        await Pcnode.RunAsync([.. saved, "--epochs", "1"]);
        var list = await Pcnode.RunAsync("checkpoints", _folder["run"], "--json");
        Assert.Equal((null, true), (Number(list.Last, "testAccuracy"), Number(list.Last, "validationAccuracy") > 0));
        var resumed = await Pcnode.RunAsync("train", "--checkpoint", _folder["run"], "--resume", "--epochs", "3",
            "--json");
        foreach (var key in new[] { "weightsSha256", "testAccuracy", "validationAccuracy", "bestEpoch" })
            Assert.Equal(whole.Last.GetProperty(key).GetRawText(), resumed.Last.GetProperty(key).GetRawText());
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--validation", "0.2"], "train", "--checkpoint", _folder["run"],
            "--resume", "--validation", "0.1");
    }

    private static double? Number(JsonElement line, string key) =>
        line.GetProperty(key) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
