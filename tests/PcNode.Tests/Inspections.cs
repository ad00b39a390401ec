using System.Globalization;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Models;
using PcActors.Runs;
using PcActors.Tensors;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>inspect: messages in closed form are those that a run sends.</summary>
public sealed class Inspections
{
    [Theory]
    [InlineData("mlp", "zil", 1)]
    [InlineData("mlp", "zil", 4)]
    [InlineData("residual", "zil", 1)]
    [InlineData("residual", "zil", 2)]
    [InlineData("mlp", "il", 2)]
    [InlineData("residual", "il", 1)]
    public async Task Messages_of_a_step_are_those_that_a_run_sends(string model, string rule, int micro)
    {
        string[] options = [model, "--rule", rule, "--micro", micro.ToString(CultureInfo.InvariantCulture), "--hidden",
            "6", "--json"];
        var forecast = (await Pcnode.RunAsync(["inspect", .. options])).Last;
        Assert.Equal("inspect", forecast.GetProperty("event").GetString());

        var graph = ModelCatalogue.Build<float>(model,
            new ModelOptions(32 / micro, new Shape(64), 10, Seed: 0) { Hidden = [6] });
        await using var network = await Network<float>.StartAsync(Partition.Split(graph), new NetworkOptions
        {
            Rule = rule == "zil" ? LearningRule.Zil : LearningRule.Il(20, 0.2),
            MicroBatches = micro,
            Loss = Loss.SquaredError,
        });
        const int Steps = 3;
        var batch = network.NewBatch();
        for (var step = 0; step < Steps; step++) await network.StepAsync(batch);
        var counts = await network.CountMessagesAsync();
        Assert.Equal(counts.Values, Steps * forecast.GetProperty("valuesPerStep").GetInt64());
        Assert.Equal(counts.Errors, Steps * forecast.GetProperty("errorsPerStep").GetInt64());
        Assert.Equal(network.RunGraph.Vertices.Count, forecast.GetProperty("vertices").GetInt32());
        Assert.Equal(network.RunGraph.IdentityCount, forecast.GetProperty("identityVertices").GetInt32());
    }

    [Theory]
    [InlineData("unit")]
    [InlineData("scalar")]
    public async Task A_finer_network_has_the_same_parameters_and_sends_the_messages_foretold(string granularity)
    {
        string[] options = ["residual", "--hidden", "5", "--granularity", granularity, "--json"];
        var forecast = (await Pcnode.RunAsync(["inspect", .. options])).Last;
        var tensors = (await Pcnode.RunAsync("inspect", "residual", "--hidden", "5", "--json")).Last;
        Assert.Equal(granularity, forecast.GetProperty("granularity").GetString());
        Assert.Equal(tensors.GetProperty("parameters").GetInt64(), forecast.GetProperty("parameters").GetInt64());

        using var folder = new TemporaryFolder();
        string[] training = [.. options, "--epochs", "1", "--steps", "3"];
        var zil = (await Pcnode.RunAsync(["train", .. training, "--export", folder["zil.onnx"]])).Last;
        var bp = (await Pcnode.RunAsync(["train", .. training, "--rule", "bp", "--export", folder["bp.onnx"]])).Last;
        Assert.Equal(bp.GetProperty("weightsSha256").GetString(), zil.GetProperty("weightsSha256").GetString());
        // Parameters are joined, and the model is the one that was not taken apart.
        Assert.Equal(ExportedGraph.Of(folder["bp.onnx"]), ExportedGraph.Of(folder["zil.onnx"]));
        var exported = (await Pcnode.RunAsync("inspect", folder["zil.onnx"], "--rewrite", "none", "--json")).Last;
        // And what standardises features: Sub, Mul, and what they take.
        Assert.Equal(tensors.GetProperty("vertices").GetInt32() + 4, exported.GetProperty("vertices").GetInt32());
        Assert.Equal(ExitCode.Done,
            (await Pcnode.RunAsync("verify", folder["zil.onnx"], "--granularity", granularity)).ExitCode);
    }

    [Fact]
    public async Task Parameters_of_the_default_network_are_counted()
    {
        var result = (await Pcnode.RunAsync("inspect", "--json")).Last;
        // Weights and biases of 64-300-100-10.
        Assert.Equal((64 * 300) + 300 + (300 * 100) + 100 + (100 * 10) + 10,
            result.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public async Task A_picture_is_an_svg_with_every_vertex()
    {
        using var folder = new TemporaryFolder();
        var run = await Pcnode.RunAsync("inspect", "residual", "--svg", folder["r.svg"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        var picture = System.Xml.Linq.XDocument.Load(folder["r.svg"]);
        Assert.Equal("svg", picture.Root!.Name.LocalName);
        Assert.Contains("shared/weight", picture.ToString(), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(folder.Path));
    }
}
