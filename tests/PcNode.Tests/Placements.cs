using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>inspect --nodes, --replicas and what goes with them.</summary>
public sealed class Placements
{
    [Fact]
    public async Task A_placement_is_shown_before_any_run()
    {
        var inspected = (await Pcnode.RunAsync("inspect", "rnn", "--micro", "2", "--nodes", "3", "--weights", "2,1,1",
            "--json")).Last;
        var placement = inspected.GetProperty("placement");
        var nodes = placement.GetProperty("nodes").EnumerateArray().ToList();
        Assert.Equal([0.5, 0.25, 0.25], nodes.Select(n => n.GetProperty("share").GetDouble()));
        Assert.Equal(inspected.GetProperty("vertices").GetInt32(),
            nodes.Sum(n => n.GetProperty("vertices").GetInt32()));
        Assert.Equal(4 * inspected.GetProperty("parameters").GetInt64(),
            nodes.Sum(n => n.GetProperty("parameterBytes").GetInt64()));
        var cuts = placement.GetProperty("cuts").EnumerateArray().ToList();
        Assert.NotEmpty(cuts);
        Assert.Equal(
            placement.GetProperty("cutBytes").GetInt64(),
            cuts.Sum(c => c.GetProperty("bytesForth").GetInt64() + c.GetProperty("bytesBack").GetInt64()));
        Assert.InRange(placement.GetProperty("utilisation").GetDouble(), 0.01, 1);
        Assert.InRange(placement.GetProperty("criticalPath").GetProperty("operations").GetDouble(), 1,
            inspected.GetProperty("flopsForward").GetDouble() * 3);
    }

    [Fact]
    public async Task Without_nodes_there_is_no_placement()
    {
        var inspected = (await Pcnode.RunAsync("inspect", "mlp", "--json")).Last;
        Assert.Equal(System.Text.Json.JsonValueKind.Null, inspected.GetProperty("placement").ValueKind);
    }

    [Fact]
    public async Task Tables_and_the_picture_say_where_vertices_are()
    {
        using var folder = new TemporaryFolder();
        var result = await Pcnode.RunAsync("inspect", "residual", "--nodes", "3", "--svg", folder["graph.svg"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("between nodes", result.Output, StringComparison.Ordinal);
        Assert.Contains("critical path", result.Output, StringComparison.Ordinal);
        var picture = await File.ReadAllTextAsync(folder["graph.svg"]);
        foreach (var node in new[] { 1, 2, 3 })
            Assert.Contains($", node {node}</title>", picture, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_train_as_backpropagation_on_the_same_graph_and_export_one_model()
    {
        using var folder = new TemporaryFolder();
        string[] options = ["rnn", "--hidden", "6", "--replicas", "2", "--micro", "2", "--epochs", "1", "--steps", "4",
            "--json"];
        var zil = (await Pcnode.RunAsync(["train", .. options, "--export", folder["zil.onnx"]])).Last;
        var bp = (await Pcnode.RunAsync(["train", .. options, "--rule", "bp"])).Last;
        Assert.Equal(bp.GetProperty("weightsSha256").GetString(), zil.GetProperty("weightsSha256").GetString());
        var whole = (await Pcnode.RunAsync("inspect", "rnn", "--hidden", "6", "--json")).Last;
        var exported = (await Pcnode.RunAsync("inspect", folder["zil.onnx"], "--json")).Last;
        Assert.Equal(whole.GetProperty("trainableParameters").GetInt64(),
            exported.GetProperty("trainableParameters").GetInt64());
        // A model file is replicated like any other network.
        var verified =
            (await Pcnode.RunAsync("verify", folder["zil.onnx"], "--replicas", "4", "--batch", "8", "--json")).Last;
        Assert.True(verified.GetProperty("bitIdentical").GetBoolean());
    }

    [Fact]
    public async Task A_trace_of_replicas_passes_the_audit()
    {
        using var folder = new TemporaryFolder();
        var traced = await Pcnode.RunAsync("trace", "residual", "--hidden", "6", "--replicas", "4", "--out",
            folder["run.trace"]);
        Assert.Equal(0, traced.ExitCode);
    }

    [Theory]
    [InlineData("inspect mlp --nodes 300", "--nodes: 300 nodes are more than the graph's 22 vertices")]
    [InlineData("inspect mlp --nodes 0", "--nodes: '0' is not auto or a whole number from 1")]
    [InlineData("inspect mlp --rule bp --nodes 2", "--nodes: the rule bp is sequential")]
    [InlineData("inspect mlp --nodes 3 --weights 2,1", "--weights: 2 weights for 3 nodes")]
    [InlineData("inspect mlp --nodes 2 --weights 2,0",
        "--weights: '2,0' is not auto or a list of positive, finite numbers")]
    [InlineData("inspect mlp --weights 2,1", "--weights: it is for --nodes")]
    [InlineData("train --nodes 2 --weights 1,1,1", "--weights: 3 weights for 2 nodes")]
    [InlineData("train --join a:1 --weights 1,1", "--weights: it is for --nodes")]
    [InlineData("node --weight -1", "--weight: '-1' is not a positive, finite number")]
    [InlineData("train --replicas 3",
        "--replicas: the 32 samples of a micro-batch cannot be shared out equally between 3 replicas")]
    [InlineData("train --replicas 8 --micro 8",
        "--replicas: the 4 samples of a micro-batch cannot be shared out equally between 8 replicas; the batch must be a multiple of 64")]
    [InlineData("verify --replicas 0", "--replicas: '0' is not a whole number from 1")]
    public async Task What_makes_no_sense_is_refused(string arguments, string message)
    {
        var result = await Pcnode.RunAsync(arguments.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }
}
