using PcActors.Data.Npy;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>infer: values by closed forms, and what is refused, in one line that says what would be right.</summary>
public sealed class Inferences : IDisposable
{
    private const string Cyclic = """
        pcactors {
          rule = il
          inference-rate = 0.2
          inference-steps = 500
          graph {
            data { x { shape = [1], free = false } }
            parameters { w { shape = [1, 1], init = constant, value = 0.5 } }
            vertices {
              a { op = Add, inputs = [x, c] }
              c { op = MatMul, inputs = [a, w], latent = true, shape = [1], energy = "gaussian:precision=2" }
              y { op = Neg, inputs = [a] }
            }
          }
        }
        """;

    private static readonly string[] Settle = ["--inference-rate", "0.1", "--inference-steps", "2000", "--json"];

    private readonly StepFolder _folder = new();

    public Inferences()
    {
        _folder.WriteModel(new TestModel().Input("x", "N", 1).Floats("w1", [1, 1], 1).Floats("w2", [1, 1], 1)
            .Node("MatMul", "x w1", "h").Node("MatMul", "h w2", "y").Output("y", "N", 1));
        _folder.Floats("x.npy", [3, 1], 1, 2, 3);
        _folder.Floats("y.npy", [3, 1], 0, 0, 0);
        _folder.Floats("two.npy", [2, 1], 0, 0);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_latent_value_settles_between_what_is_clamped()
    {
        var run = await InferAsync("--clamp", File("x"), "--clamp", File("y"), "--read", Out("h"));
        // h has its least energy halfway: F = (h - x)^2 / 2 + h^2 / 2.
        Near([0.5f, 1, 1.5f], "h");
        Assert.Equal((0.25 + 1 + 2.25) / 3, run.Last.GetProperty("freeEnergy").GetDouble(), 1e-5);
        Assert.Equal(2000, run.Last.GetProperty("inferenceSteps").GetInt32());
        Assert.Equal(3, run.Last.GetProperty("samples").GetInt32());
    }

    [Fact]
    public async Task What_is_free_is_generated()
    {
        // Without a prior x follows what is asked of it: 2; with one, x^2 / 2 is weighed against the rest.
        _folder.Floats("two.npy", [1, 1], 2);
        var model = _folder["m.onnx"];
        string[] line = ["infer", model, "--free", "x", "--clamp", File("y", "two"), "--read", Out("x"), .. Settle];
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync(line)).ExitCode);
        Near([2], "x");
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync([.. line, "--energy-of", "x=gaussian"])).ExitCode);
        Near([2 / 3f], "x");
    }

    [Fact]
    public async Task A_latent_vertex_may_be_clamped_and_the_root_be_free()
    {
        await InferAsync("--clamp", File("x"), "--clamp", File("h", "y"), "--read", Out("h"), "--read", Out("y"));
        Near([0, 0, 0], "h");
        Near([0, 0, 0], "y");
        await InferAsync("--clamp", File("x"), "--read", Out("y"));
        Near([1, 2, 3], "y");
    }

    [Fact]
    public async Task What_a_mask_leaves_free_is_completed()
    {
        _folder.WriteModel(new TestModel().Input("x", "N", 2).Floats("w1", [2, 2], 1, 0, 0, 1)
            .Floats("w2", [2, 1], 1, 1).Node("MatMul", "x w1", "h").Node("MatMul", "h w2", "y").Output("y", "N", 1));
        _folder.Floats("x.npy", [1, 2], 1, 0);
        _folder.Floats("mask.npy", [1, 2], 1, 0);
        _folder.Floats("y.npy", [1, 1], 3);
        await InferAsync("--clamp", File("x"), "--mask", File("x", "mask"), "--free", "x", "--clamp", File("y"),
            "--read", Out("x"));
        Near([1, 2], "x");
    }

    [Fact]
    public async Task A_cycle_settles_at_its_fixed_point()
    {
        await System.IO.File.WriteAllTextAsync(_folder["c.conf"], Cyclic);
        var run = await Pcnode.RunAsync("infer", _folder["c.conf"], "--clamp", File("x"), "--read", Out("c"), "--json");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        // c = (x + c) / 2.
        Near([1, 2, 3], "c");
        Assert.Contains("latent: 1 of 3 function vertices (those that the network marks)", run.Error,
            StringComparison.Ordinal);
        // The precision is one of 2: F = 2 (c / 2 - x / 2)^2 / 2 - ln 2 / 2, and c = 0 at first.
        Assert.Equal(-Math.Log(2) / 2, run.Last.GetProperty("freeEnergy").GetDouble(), 1e-5);
        foreach (var rule in new[] { "zil", "bp" })
        {
            var refused = await Pcnode.RunAsync("inspect", _folder["c.conf"], "--rule", rule);
            Assert.Equal(rule == "zil" ? ExitCode.BadInput : ExitCode.Done, refused.ExitCode);
            await Refused("a cycle", "a -> c -> a", "train", _folder["c.conf"], "--rule", rule);
        }
    }

    [Fact]
    public async Task A_cycle_without_a_latent_vertex_is_named_by_every_command()
    {
        await System.IO.File.WriteAllTextAsync(_folder["c.conf"],
            Cyclic.Replace("latent = true, ", "", StringComparison.Ordinal)
                .Replace(", energy = \"gaussian:precision=2\"", "", StringComparison.Ordinal));
        foreach (var command in new[] { "infer", "train", "inspect" })
        {
            string[] more = command == "infer" ? ["--clamp", File("x")] : [];
            await Refused("cycle", "latent", [command, _folder["c.conf"], .. more]);
        }
    }

    [Fact]
    public async Task A_checkpoint_infers_as_its_exported_model_does()
    {
        string[] small = ["train", "mlp", "--hidden", "200,4", "--steps", "3", "--epochs", "1"];
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync(
            [.. small, "--checkpoint", _folder["run"], "--export", _folder["m.onnx"]])).ExitCode);
        var x = Enumerable.Range(0, 128).Select(i => i / 64f).ToArray();
        _folder.Floats("x.npy", [2, 64], x);
        string[] line = ["--clamp", File("input", "x"), "--read", Out("output"), "--json"];
        var stored = await Pcnode.RunAsync(["infer", "--checkpoint", _folder["run"], .. line]);
        Assert.True(stored.ExitCode == ExitCode.Done, stored.Error);
        var one = Read("output");
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync(["infer", _folder["m.onnx"], .. line])).ExitCode);
        // The file standardises in single precision, the run has done so in double.
        Assert.All(Read("output").Zip(one), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.Equal(ExitCode.Done,
            (await Pcnode.RunAsync(["infer", "mlp", "--hidden", "200,4", .. line])).ExitCode);
        Assert.NotEqual(Read("output"), one);
        await Refused("--hidden", "200,4", "infer", "mlp", "--hidden", "5", "--checkpoint", _folder["run"], line[0],
            line[1]);
        await Refused("--checkpoint", "no checkpoint", "infer", "--checkpoint", _folder["none"], line[0], line[1]);
    }

    [Fact]
    public async Task A_tolerance_that_is_not_met_is_said_and_energies_are_written()
    {
        string[] line = ["infer", _folder["m.onnx"], "--clamp", File("x"), "--clamp", File("y")];
        var run = await Pcnode.RunAsync(
            [.. line, "--tolerance", "1e-9", "--inference-steps", "3", "--energy", _folder["f.csv"], "--json"]);
        Assert.False(run.Last.GetProperty("converged").GetBoolean());
        Assert.Contains("within 3 timesteps", run.ErrorLines[^1], StringComparison.Ordinal);
        // F at t = 0 to 3 of h and y.
        Assert.Equal(1 + (4 * 2), (await System.IO.File.ReadAllLinesAsync(_folder["f.csv"])).Length);
        run = await Pcnode.RunAsync([.. line, "--tolerance", "1e-6", "--inference-steps", "3000", "--json"]);
        Assert.True(run.Last.GetProperty("converged").GetBoolean());
    }

    [Fact]
    public async Task Inference_that_diverges_ends_with_3()
    {
        var run = await Pcnode.RunAsync("infer", _folder["m.onnx"], "--clamp", File("x"), "--clamp", File("y"),
            "--inference-rate", "100", "--inference-steps", "1000", "--read", Out("h"));
        Assert.Equal((ExitCode.RunFailed, ""), (run.ExitCode, run.Output));
        Assert.All(["timestep", "'h'", "an inference rate below"],
            word => Assert.Contains(word, run.ErrorLines[^1], StringComparison.Ordinal));
        Assert.DoesNotContain("h.npy", _folder.Files);
    }

    [Theory]
    [InlineData("--clamp|z=x.npy", "--clamp|'z'|no vertex|did you mean")]
    [InlineData("--clamp|x=two.npy|--clamp|y=y.npy", "--clamp|'x' has 2|'y' has 3|one batch")]
    [InlineData("--clamp|x=wide.npy", "--clamp|'x'|[3, 2]|[3, 1] is wanted")]
    [InlineData("--clamp|x=x.npy|--clamp|h=wide.npy", "--clamp|'h'|[3, 2]|[3, 1] is wanted")]
    [InlineData("--clamp|x=x.npy|--clamp|y=wide.npy", "--clamp y|[3, 2]|[3, 1]")]
    [InlineData("--clamp|x=x.npy|--mask|x=wide.npy|--free|x", "mask of 'x'|[3, 2]|[3, 1] is wanted")]
    [InlineData("--clamp|x=x.npy|--mask|x=x.npy|--free|x", "--mask x|is 2|1 is where the value is clamped")]
    [InlineData("--clamp|x=x.npy|--mask|x=ones.npy", "--mask|'x' is not free|--free x")]
    [InlineData("--clamp|x=x.npy|--mask|h=ones.npy", "--mask|'h' is not clamped|--clamp h=FILE.npy")]
    [InlineData("--clamp|x=x.npy|--clamp|h=x.npy|--latents|none", "--clamp|'h' is direct|--latents h")]
    [InlineData("--clamp|x=x.npy|--mask|hh=ones.npy", "--mask|'hh'|no vertex|did you mean 'h'?")]
    [InlineData("--clamp|x=x.npy|--clamp|h=x.npy|--mask|h=wide.npy", "mask of 'h'|[3, 2]|[3, 1] is wanted")]
    [InlineData("--clamp|x=x.npy|--mask|h=ones.npy|--latents|none", "--mask|'h'")]
    [InlineData("--clamp|x=x.npy|--inference-rate|-1", "--inference-rate|'-1'|positive")]
    [InlineData("--clamp|x=x.npy|--clamp|w1=x.npy", "--clamp|'w1' is a parameter")]
    [InlineData("--clamp|x=x.npy|--read|hh=h.npy", "--read|'hh'|no vertex|did you mean 'h'?")]
    [InlineData("--clamp|x", "--clamp|'x' is not NAME=FILE.npy")]
    [InlineData("--clamp|x=x.npy|--clamp|x=y.npy", "--clamp|'x' is given twice")]
    [InlineData("--clamp|x=none.npy", "none.npy|no such file")]
    [InlineData("--clamp|y=y.npy", "--clamp|'x' is neither clamped nor free")]
    [InlineData("--clamp|x=x.npy|--rule|zil", "--rule|zil values do not settle|il, ipc")]
    [InlineData("--clamp|x=x.npy|--rule|bp", "--rule|bp values do not settle|il, ipc")]
    [InlineData("--clamp|x=x.npy|--clock|wavefront", "wavefront|il needs lockstep")]
    [InlineData("--clamp|x=x.npy|--batch|5", "--batch|5|3 samples")]
    [InlineData("--clamp|x=x.npy|--energy-of|h=gaussian:precision=-1", "--energy-of|'h'|precision|-1")]
    [InlineData("--clamp|x=x.npy|--read|h=x.npy", "--read h|x.npy|read from")]
    [InlineData("--clamp|x=x.npy|--read|h=o.npy|--read|y=o.npy", "--read|o.npy|named twice")]
    public async Task What_is_wrong_is_named(string given, string words)
    {
        _folder.Floats("wide.npy", [3, 2], 0, 0, 0, 0, 0, 0);
        _folder.Floats("ones.npy", [3, 1], 1, 1, 1);
        var args = given.Split('|').Select(a => a.Contains(".npy", StringComparison.Ordinal)
            ? $"{a.Split('=')[0]}={_folder[a.Split('=')[1]]}" : a);
        var run = await Pcnode.RunAsync(["infer", _folder["m.onnx"], .. args]);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Output));
        Assert.All(words.Split('|'),
            word => Assert.Contains(word, run.ErrorLines[^1], StringComparison.Ordinal));
        Assert.DoesNotContain("unexpected", run.Error, StringComparison.Ordinal);
    }

    private async Task<Pcnode> InferAsync(params string[] args)
    {
        var run = await Pcnode.RunAsync(["infer", _folder["m.onnx"], .. args, .. Settle]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return run;
    }

    private static async Task Refused(string word, string another, params string[] args)
    {
        var run = await Pcnode.RunAsync(args);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Output));
        Assert.Contains(word, run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains(another, run.ErrorLines[^1], StringComparison.Ordinal);
    }

    private string File(string vertex, string? file = null) => $"{vertex}={_folder[$"{file ?? vertex}.npy"]}";

    private string Out(string vertex) => $"{vertex}={_folder[$"{vertex}.out.npy"]}";

    private float[] Read(string vertex) => NpyFile.Read<float>(_folder[$"{vertex}.out.npy"]).Span.ToArray();

    private void Near(float[] expected, string vertex)
    {
        var found = Read(vertex);
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-4f);
    }
}
