using System.Text.Json;
using PcActors.Models;
using PcActors.Tests.Extension;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>verify: Z-IL is backpropagation bit for bit, and is not when a condition is left out.</summary>
public sealed class Verifications
{
    private static readonly string[] Keys =
    [
        "event", "model", "dtype", "vertices", "identityVertices", "levels", "maxAbsDifference", "maxUlpDistance",
        "euclideanDistance", "bitIdentical",
    ];

    [Theory]
    [Trait("Suite", "Long")]
    [InlineData("f32", "1", "sgd")]
    [InlineData("f32", "2", "adam")]
    [InlineData("f64", "2", "momentum")]
    public async Task All_built_in_networks_are_bit_identical_to_backpropagation(string dtype, string micro,
        string optimizer)
    {
        var run =
            await Pcnode.RunAsync("verify", "--json", "--dtype", dtype, "--micro", micro, "--optimizer", optimizer);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        var count = ModelCatalogue.Names.Count;
        Assert.Equal(count, run.ErrorLines.Count);
        Assert.All(run.ErrorLines.SkipLast(1).Index(), line =>
            Assert.Matches(
                $"^{line.Index + 1} of {count}: {ModelCatalogue.Names[line.Index]}, identical; about [0-9]+ (s|min) "
                + "left$", line.Item));
        Assert.Equal($"{count} of {count}: {ModelCatalogue.Names[^1]}, identical", run.ErrorLines[^1]);
        Assert.Equal(ModelCatalogue.Names, run.Json.Select(j => j.GetProperty("model").GetString()));
        Assert.All(run.Json, result =>
        {
            Assert.All(Keys, key => Assert.True(result.TryGetProperty(key, out _), key));
            Assert.Equal("verify", result.GetProperty("event").GetString());
            Assert.Equal(dtype, result.GetProperty("dtype").GetString());
            Assert.True(result.GetProperty("bitIdentical").GetBoolean());
            Assert.Equal(0, result.GetProperty("maxAbsDifference").GetDouble());
            Assert.Equal(0, result.GetProperty("maxUlpDistance").GetInt64());
            Assert.Equal(0, result.GetProperty("euclideanDistance").GetDouble());
            Assert.Equal(3, result.GetProperty("steps").GetInt32());
        });
        Assert.Equal(0, run.Json[0].GetProperty("identityVertices").GetInt32());
        Assert.True(run.Last.GetProperty("identityVertices").GetInt32() > 0);
    }

    [Theory]
    [InlineData("mlp", "unit", "f32")]
    [InlineData("mlp", "scalar", "f32")]
    [InlineData("residual", "unit", "f64")]
    [InlineData("residual", "scalar", "f64")]
    [InlineData("rnn", "scalar", "f32")]
    public async Task Finer_networks_are_bit_identical_to_backpropagation(string model, string granularity,
        string dtype)
    {
        string[] options = ["verify", model, "--hidden", "8", "--dtype", dtype, "--json"];
        var tensors = (await Pcnode.RunAsync(options)).Last;
        var run = await Pcnode.RunAsync([.. options, "--granularity", granularity]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.True(run.Last.GetProperty("bitIdentical").GetBoolean());
        Assert.Equal(granularity, run.Last.GetProperty("granularity").GetString());
        Assert.Equal("tensor", tensors.GetProperty("granularity").GetString());
        Assert.True(run.Last.GetProperty("vertices").GetInt32() > tensors.GetProperty("vertices").GetInt32());
    }

    [Theory]
    [InlineData("forward-init")]
    [InlineData("update-time")]
    [InlineData("inference-rate")]
    [InlineData("levelling")]
    public async Task Without_any_one_condition_the_residual_network_differs(string condition)
    {
        var run = await Pcnode.RunAsync("verify", "residual", "--ablate", condition, "--json", "--steps", "1",
            "--optimizer", "sgd");
        Assert.Equal(ExitCode.CheckFailed, run.ExitCode);
        var result = Assert.Single(run.Json);
        Assert.Equal(condition, result.GetProperty("ablation").GetString());
        Assert.False(result.GetProperty("bitIdentical").GetBoolean());
        var difference = result.GetProperty("maxAbsDifference");
        Assert.True(difference.ValueKind == JsonValueKind.Null || difference.GetDouble() > 0);
        Assert.Equal(condition == "levelling", result.GetProperty("identityVertices").GetInt32() == 0);
        Assert.Empty(run.Error);
        var text =
            await Pcnode.RunAsync("verify", "residual", "--ablate", condition, "--steps", "1", "--optimizer", "sgd");
        Assert.Equal(ExitCode.CheckFailed, text.ExitCode);
        Assert.Contains("differ", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_that_is_levelled_as_it_is_needs_no_levelling()
    {
        var run = await Pcnode.RunAsync("verify", "mlp", "--ablate", "levelling");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("mlp is levelled as it is", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_difference_that_is_not_finite_is_null_in_json_and_infinite_in_words()
    {
        string[] line = ["verify", "residual", "--ablate", "inference-rate", "--inference-rate", "1e30", "--steps",
            "2"];
        var run = await Pcnode.RunAsync([.. line, "--json"]);
        Assert.Equal(ExitCode.CheckFailed, run.ExitCode);
        Assert.Equal(JsonValueKind.Null, run.Last.GetProperty("maxAbsDifference").ValueKind);
        Assert.Equal(JsonValueKind.Null, run.Last.GetProperty("maxUlpDistance").ValueKind);
        Assert.Contains("infinite", (await Pcnode.RunAsync(line)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inference_learning_is_not_backpropagation()
    {
        var run = await Pcnode.RunAsync("verify", "mlp", "--rule", "il", "--hidden", "8", "--json");
        Assert.Equal(ExitCode.CheckFailed, run.ExitCode);
        Assert.False(run.Last.GetProperty("bitIdentical").GetBoolean());
    }

    [Fact]
    public async Task What_differs_is_said_of_the_rule_that_differs()
    {
        using var folder = new TemporaryFolder();
        var (zil, il, other) = (Conf("zil"), Conf("il"), Conf("noisy"));
        Assert.Contains(
            "in 1 of 2 comparisons inference learning's parameters are not",
            (await Pcnode.RunAsync("verify", zil, il)).Output, StringComparison.Ordinal);
        string[] rules = [
            .. (await Pcnode.RunAsync("verify", zil, il, other, il, "--extension",
                typeof(DocumentedExtension).Assembly.Location)).Output.Split('\n')];
        Assert.StartsWith(
            "Different: in 2 of 4 comparisons inference learning's parameters and in 1 of 4 comparisons noisy's "
            + "parameters are not",
            rules[0], StringComparison.Ordinal);

        string Conf(string rule) =>
            folder.Write($"{rule}.conf", $"pcactors {{ model = mlp, hidden = [4], rule = {rule}, verify.steps = 1 }}");
    }

    [Fact]
    public async Task Several_conditions_are_left_out_one_at_a_time()
    {
        var run = await Pcnode.RunAsync(
            "verify", "mlp", "--hidden", "8", "--ablate", "levelling", "--ablate", "inference-rate", "--json",
            "--steps", "1");
        Assert.Equal(["levelling", "inference-rate"], run.Json.Select(j => j.GetProperty("ablation").GetString()));
        Assert.Equal([true, false], run.Json.Select(j => j.GetProperty("bitIdentical").GetBoolean()));
        Assert.StartsWith("1 of 2: mlp without levelling, identical; about ", run.ErrorLines[0],
            StringComparison.Ordinal);
        Assert.Equal("2 of 2: mlp without inference-rate, differ", run.ErrorLines[1]);
    }

    [Fact]
    public async Task An_interrupted_comparison_says_so()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, (await Pcnode.RunAsync(["verify", "mlp"], cancellation.Token)).ExitCode);
    }
}
