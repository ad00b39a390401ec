using System.Text.Json;
using PcActors.Onnx;
using PcActors.Onnx.Schema;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>--rewrite: what it finds is said, it is a part of the network, and every way to run that is the same.
/// </summary>
public sealed class Rewritings : IDisposable
{
    private readonly StepFolder _folder = new();

    /// <summary>Two dense layers with a SiLU between them, as an exporter spells them out.</summary>
    public Rewritings()
    {
        var weights = Enumerable.Range(0, 64 * 8).Select(i => (float)Math.Sin(i * 0.7) / 8).ToArray();
        _folder.WriteModel(new TestModel().Input("x", "N", 64)
            .Floats("w", [8, 64], weights).Floats("b", [8], weights[..8])
            .Floats("v", [8, 10], weights[..80]).Floats("c", [10], weights[..10])
            .Node("Transpose", "w", "wt", ("perm", new long[] { 1, 0 })).Node("MatMul", "x wt", "xw")
            .Node("Add", "xw b", "h").Node("Sigmoid", "h", "s").Node("Mul", "h s", "a").Node("MatMul", "a v", "av")
            .Node("Add", "av c", "y").Output("y", "N", 10));
    }

    private string Model => _folder["m.onnx"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train --epochs 1 --data digits")]
    [InlineData("verify")]
    [InlineData("verify --ablate levelling --ablate forward-init")]
    [InlineData("step --input X --target Y")]
    [InlineData("predict --input X")]
    [InlineData("evaluate --data digits")]
    [InlineData("infer --clamp x=X")]
    [InlineData("diagnose")]
    [InlineData("trace")]
    [InlineData("trace --light-cone a --rule il --inference-steps 2")]
    [InlineData("bench --turns 1 --inference-steps 2")]
    public async Task Every_command_that_runs_a_model_file_says_once_what_is_found(string commandLine)
    {
        _folder.Floats("x64.npy", [2, 64], new float[128]);
        _folder.Floats("y10.npy", [2, 10], new float[20]);
        var words = commandLine.Split(' ').Select(word => word switch
        {
            "X" => _folder["x64.npy"],
            "x=X" => $"x={_folder["x64.npy"]}",
            "Y" => _folder["y10.npy"],
            _ => word,
        }).ToArray();
        var run = await Pcnode.RunAsync([words[0], Model, .. words[1..]]);
        Assert.Empty(run.Complaints);
        Assert.Equal("nodes put together: linear 2, swish 1 (--rewrite none keeps each a vertex)",
            Assert.Single(run.ErrorLines, l => l.StartsWith("nodes put together", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("linear,swihs", "'swihs' is none of these; did you mean 'swish'?")]
    [InlineData("SWISH", "did you mean 'swish'?")]
    [InlineData("swihs", "did you mean 'swish'?")]
    [InlineData("linear,linear", "'linear' stands twice")]
    [InlineData("linear,none", "'none' stands alone")]
    public Task Of_several_rules_the_wrong_one_is_named(string rules, string words) => Pcnode.RefusesAsync(
        ExitCode.BadInput, [$"--rewrite: '{rules}' is not all, none or a list of ", words], "inspect", Model,
        "--rewrite", rules);

    [Fact]
    public async Task What_is_found_is_listed()
    {
        var all = (await Pcnode.RunAsync("inspect", Model, "--json")).Last;
        Assert.Equal(["linear: h y", "swish: a"], Listed(all));
        var some = (await Pcnode.RunAsync("inspect", Model, "--json", "--rewrite", "swish")).Last;
        Assert.Equal(["swish: a"], Listed(some));
        var none = (await Pcnode.RunAsync("inspect", Model, "--json", "--rewrite", "none")).Last;
        Assert.Empty(Listed(none));
        // Transpose, two MatMul or Add, Sigmoid.
        Assert.Equal(4, Own(none) - Own(all));

        var text = (await Pcnode.RunAsync("inspect", Model)).Output;
        Assert.Contains("linear: 2", text, StringComparison.Ordinal);
        Assert.Contains("swish: 1", text, StringComparison.Ordinal);
        Assert.Contains("--rewrite none", (await Pcnode.RunAsync("inspect", Model, "--rewrite", "none")).Output,
            StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null,
            (await Pcnode.RunAsync("inspect", "--json")).Last.GetProperty("rewritten").ValueKind);

        static int Own(JsonElement facts) =>
            facts.GetProperty("vertices").GetInt32() - facts.GetProperty("identityVertices").GetInt32();
        static IEnumerable<string> Listed(JsonElement facts) => facts.GetProperty("rewritten").EnumerateArray().Select(
            rule =>
            {
                var vertices = rule.GetProperty("vertices").EnumerateArray().Select(v => v.GetString()).ToList();
                Assert.Equal(vertices.Count, rule.GetProperty("count").GetInt32());
                return $"{rule.GetProperty("rule").GetString()}: {string.Join(' ', vertices)}";
            });
    }

    [Theory]
    [InlineData("all")]
    [InlineData("none")]
    [InlineData("linear,swish")]
    public async Task A_network_is_verified_either_way(string rules)
    {
        var run = await Pcnode.RunAsync("verify", Model, "--rewrite", rules, "--json");
        string[] found = rules == "none" ? []
            : ["nodes put together: linear 2, swish 1 (--rewrite none keeps each a vertex)"];
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(found, run.ErrorLines);
        Assert.True(run.Last.GetProperty("bitIdentical").GetBoolean());
    }

    [Fact]
    public async Task A_run_goes_on_with_the_rules_that_it_began_with()
    {
        string[] training = ["--steps", "4", "--json", "--checkpoint", _folder["run"]];
        var begun = await Pcnode.RunAsync(["train", Model, "--rewrite", "none", .. training]);
        Assert.Equal(ExitCode.Done, begun.ExitCode);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--rewrite: ", "has none, and all was given"],
            ["train", Model, "--resume", "--rewrite", "all", .. training]);
        string[] longer = ["--steps", "8", "--json"];
        var resumed = await Pcnode.RunAsync(["train", "--resume", "--checkpoint", _folder["run"], .. longer]);
        Assert.Equal(ExitCode.Done, resumed.ExitCode);
        var whole = await Pcnode.RunAsync(["train", Model, "--rewrite", "none", .. longer]);
        Assert.Equal(whole.Last.GetProperty("weightsSha256").GetString(),
            resumed.Last.GetProperty("weightsSha256").GetString());
        var used = await Pcnode.RunAsync("evaluate", _folder["run"], "--json");
        Assert.Equal(whole.Last.GetProperty("testAccuracy").GetDouble(),
            used.Last.GetProperty("accuracy").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task Nodes_of_a_cluster_have_the_same_graph()
    {
        string[] training = ["train", Model, "--steps", "3", "--json"];
        var alone = (await Pcnode.RunAsync(training)).Last;
        var together = (await Pcnode.RunAsync([.. training, "--nodes", "2"])).Last;
        Assert.Equal(alone.GetProperty("weightsSha256").GetString(), together.GetProperty("weightsSha256").GetString());
        Assert.Equal(alone.GetProperty("messages").GetInt64(), together.GetProperty("messages").GetInt64());
    }

    /// <summary>A chain changes no bit of an update, whatever else is done to the network.</summary>
    [Theory]
    [InlineData("--rule", "zil")]
    [InlineData("--rule", "bp")]
    [InlineData("--dtype", "f64")]
    [InlineData("--granularity", "unit")]
    [InlineData("--micro", "2")]
    [InlineData("--replicas", "2")]
    [InlineData("--nodes", "2")]
    public async Task A_chain_learns_as_its_functions_do(string option, string value)
    {
        var model = _folder["chain.onnx"];
        File.WriteAllBytes(model, Chain().Bytes);
        string[] training = ["train", model, "--steps", "3", "--json", option, value];
        var one = await Pcnode.RunAsync([.. training, "--rewrite", "elementwise-chain"]);
        var each = await Pcnode.RunAsync([.. training, "--rewrite", "none"]);
        Assert.Equal((ExitCode.Done, ExitCode.Done), (one.ExitCode, each.ExitCode));
        Assert.Equal(each.Last.GetProperty("weightsSha256").GetString(),
            one.Last.GetProperty("weightsSha256").GetString());
        Assert.True(one.Last.GetProperty("messages").GetInt64() < each.Last.GetProperty("messages").GetInt64()
            || value == "bp");
        var listed = (await Pcnode.RunAsync("inspect", model, "--json")).Last.GetProperty("rewritten");
        Assert.Equal("elementwise-chain",
            Assert.Single(listed.EnumerateArray().ToList()).GetProperty("rule").GetString());
    }

    /// <summary>Two dense layers; between them a scaled tanh that is cut off, and shifted by a number for each unit.
    /// </summary>
    private static TestModel Chain()
    {
        var weights = Enumerable.Range(0, 64 * 8).Select(i => (float)Math.Cos(i * 0.7) / 8).ToArray();
        var shifts = new TensorProto { Name = "shift", DataType = (int)OnnxElementType.Float, Dims = { 8 } };
        shifts.FloatData.AddRange(weights[..8]);
        var slope = new TensorProto { Name = "slope", DataType = (int)OnnxElementType.Float, FloatData = { 0.75f } };
        return new TestModel().Input("x", "N", 64)
            .Floats("w", [64, 8], weights).Floats("b", [8], weights[..8]).Floats("v", [8, 10], weights[..80])
            .Node("Constant", [], ["slope"], ("value", slope)).Node("Constant", [], ["shift"], ("value", shifts))
            .Node("Gemm", "x w b", "h").Node("Mul", "h slope", "s").Node("Tanh", "s", "t")
            .Node("Sub", "shift t", "d").Node("Clip", "d", "a").Node("MatMul", "a v", "y").Output("y", "N", 10);
    }

    [Fact]
    public async Task An_experiment_file_says_which_rules()
    {
        File.WriteAllText(_folder["e.conf"], """pcactors { model = "m.onnx", rewrite = [swish] }""");
        var run = await Pcnode.RunAsync("inspect", _folder["e.conf"], "--json");
        Assert.Equal("swish", Assert.Single(run.Last.GetProperty("rewritten").EnumerateArray().ToList())
            .GetProperty("rule").GetString());
    }

    [Fact]
    public async Task What_is_no_rule_or_for_no_model_file_is_refused()
    {
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--rewrite", "'gelo'", "gelu"], "inspect", Model, "--rewrite",
            "gelo");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--rewrite", "model files"], "inspect", "mlp", "--rewrite",
            "none");
    }
}
