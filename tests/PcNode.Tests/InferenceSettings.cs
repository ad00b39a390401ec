using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>The settings of predictive coding: what they do by closed forms, and what is refused, in one line that says
/// what would be right.</summary>
public sealed class InferenceSettings : IDisposable
{
    private static readonly string[] Small =
        ["train", "mlp", "--hidden", "6,4", "--epochs", "1", "--steps", "4", "--rule", "il", "--inference-rate",
            "0.05"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public async Task A_chain_of_two_weights_learns_the_same_from_any_number_of_identical_samples(int samples)
    {
        // F = (x1 - w1)^2 / 2 + (x1 w2)^2 / 2 has its least at x1 = 1/2: errors w1 - x1 = 1/2, x1 w2 - 0 = 1/2.
        using var folder = Chain(samples);
        var run = await Pcnode.RunAsync(
            "step", folder["m.onnx"], "--input", folder["x.npy"], "--target", folder["y.npy"], "--rule", "il",
            "--inference-steps", "2000", "--inference-rate", "0.05", "--learning-rate", "1", "--json",
            "--export", folder["out.onnx"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal("latent: 1 of 2 function vertices (activations)", Assert.Single(run.ErrorLines));
        Assert.Equal(0.5, folder.Initializer("out.onnx", "w1")[0], 1e-6);
        Assert.Equal(0.75, folder.Initializer("out.onnx", "w2")[0], 1e-6);
        Assert.Equal(0.25, run.Last.GetProperty("freeEnergy").GetDouble(), 1e-6);
        Assert.Equal(2000, run.Last.GetProperty("inferenceSteps").GetInt32());
    }

    [Theory]
    [InlineData("none", 0)]
    [InlineData("h", 1)]
    [InlineData("every", 1)]
    public async Task Without_latent_vertices_it_is_backpropagation(string latents, int count)
    {
        using var folder = Chain(2);
        var run = await Pcnode.RunAsync(
            "step", folder["m.onnx"], "--input", folder["x.npy"], "--target", folder["y.npy"], "--rule", "il",
            "--latents", latents, "--inference-steps", "1", "--learning-rate", "1", "--json",
            "--export", folder["out.onnx"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains($"latent: {count} of 2", run.Error, StringComparison.Ordinal);
        Assert.Equal(count == 0, folder.Initializer("out.onnx", "w1")[0] == 0);
    }

    [Fact]
    public async Task A_tolerance_ends_inference_and_one_that_is_never_met_is_said_with_the_bound()
    {
        using var folder = Chain(1);
        string[] line =
        [
            "step", folder["m.onnx"], "--input", folder["x.npy"], "--target", folder["y.npy"], "--rule", "il",
            "--inference-rate", "0.05", "--json",
        ];
        var met = await Pcnode.RunAsync([.. line, "--tolerance", "1e-5", "--inference-steps", "500"]);
        Assert.True(met.Last.GetProperty("converged").GetBoolean());
        Assert.InRange(met.Last.GetProperty("inferenceSteps").GetInt32(), 10, 200);
        Assert.Single(met.ErrorLines);
        var missed = await Pcnode.RunAsync([.. line, "--tolerance", "1e-5", "--inference-steps", "5"]);
        Assert.Equal(ExitCode.Done, missed.ExitCode);
        Assert.False(missed.Last.GetProperty("converged").GetBoolean());
        Assert.Contains("did not fall by less than 1E-05 within 5 timesteps", missed.ErrorLines[1],
            StringComparison.Ordinal);
        var epoch = await Pcnode.RunAsync([.. Small[..^4], "--rule", "il", "--tolerance", "1e-12", "--json"]);
        Assert.False(epoch.Last.GetProperty("converged").GetBoolean());
    }

    [Fact]
    public async Task Inference_that_diverges_names_vertex_timestep_and_a_rate_that_would_do()
    {
        using var folder = Chain(1);
        await Refused(ExitCode.RunFailed, ["timestep", "'h'", "an inference rate below"],
            "step", folder["m.onnx"], "--input", folder["x.npy"], "--target", folder["y.npy"], "--rule", "il",
            "--inference-rate", "1000", "--inference-steps", "1000");
    }

    [Fact]
    public async Task Energies_are_written_by_step_timestep_and_vertex()
    {
        var run = await Pcnode.RunAsync([.. Small, "--energy", _folder["f.csv"], "--inference-steps", "3", "--json"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        var rows = (await File.ReadAllLinesAsync(_folder["f.csv"])).Select(l => l.Split(',')).ToList();
        Assert.Equal(["step", "timestep", "vertex", "energy"], rows[0]);
        var data = rows.Skip(1).ToList();
        Assert.Equal(["1", "2", "3", "4"], data.Select(r => r[0]).Distinct());
        Assert.Equal(["0", "1", "2", "3"], data.Select(r => r[1]).Distinct());
        Assert.Equal(["hidden1/tanh", "hidden2/tanh", "output"], data.Select(r => r[2]).Distinct().Order());
        var total = data.Where(r => r[0] == "4" && r[1] == "3")
            .Sum(r => double.Parse(r[3], System.Globalization.CultureInfo.InvariantCulture));
        var last = await Pcnode.RunAsync([.. Small, "--inference-steps", "3", "--json"]);
        Assert.True(total > 0 && last.Last.GetProperty("freeEnergy").GetDouble() > 0);
        Assert.Equal(3, last.Last.GetProperty("inferenceSteps").GetDouble());
        Assert.Equal(last.Last.GetProperty("weightsSha256").GetString(),
            run.Last.GetProperty("weightsSha256").GetString());
    }

    [Fact]
    public async Task An_epoch_tells_the_energies_of_its_last_step()
    {
        string[] line = ["train", "mlp", "--hidden", "6,4", "--rule", "il", "--inference-steps", "3", "--epochs", "1",
            "--batch", "512"];
        var run = await Pcnode.RunAsync([.. line, "--energy", _folder["f.csv"], "--json"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        var rows = (await File.ReadAllLinesAsync(_folder["f.csv"])).Skip(1).Select(l => l.Split(',')).ToList();
        var epoch = run.Json[0];
        var courses = epoch.GetProperty("energies").EnumerateArray().ToDictionary(
            e => e.GetProperty("vertex").GetString()!,
            e => e.GetProperty("byTimestep").EnumerateArray().Select(n => n.GetDouble()).ToList());
        var last = rows.Where(r => r[0] == rows[^1][0]).ToList();
        Assert.Equal(3 * 4, last.Count);
        Assert.All(last, r => Assert.Equal(Number(r[3]), courses[r[2]][(int)Number(r[1])]));
        // F is the sum of its vertices' energies.
        var energies = epoch.GetProperty("freeEnergies").EnumerateArray().Select(n => n.GetDouble()).ToList();
        Assert.Equal(4, energies.Count);
        Assert.All(energies.Index(), f => Assert.Equal(courses.Values.Sum(c => c[f.Index]), f.Item, 1e-9));
        var text = await Pcnode.RunAsync(line);
        Assert.Matches("energy by vertex +(\\S+ [0-9.]+(, )?){3}", text.Output);

        static double Number(string cell) => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("zil")]
    [InlineData("bp")]
    public async Task Where_no_value_settles_no_row_is_empty(string rule)
    {
        string[] line = ["train", "mlp", "--hidden", "6", "--epochs", "1", "--steps", "3", "--rule", rule];
        var text = await Pcnode.RunAsync(line);
        Assert.Equal(ExitCode.Done, text.ExitCode);
        Assert.DoesNotContain("free energy", text.Output, StringComparison.Ordinal);
        Assert.All(text.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            row => Assert.Matches(@"^\S.*\s{2,}\S", row));
        var json = await Pcnode.RunAsync([.. line, "--json"]);
        Assert.All(json.Json, j => Assert.Equal(System.Text.Json.JsonValueKind.Null,
            j.GetProperty("freeEnergy").ValueKind));
    }

    [Theory]
    [InlineData("il")]
    [InlineData("ipc")]
    [InlineData("epc")]
    [InlineData("pc-alm")]
    [InlineData("langevin")]
    public async Task Every_rule_trains_and_says_what_is_latent(string rule)
    {
        var run = await Pcnode.RunAsync(
            "train", "mlp", "--hidden", "6,4", "--epochs", "1", "--steps", "3", "--rule", rule, "--latents", "products",
            "--inference-optimizer", "momentum", "--inference-momentum", "0.5", "--inference-rate", "0.01", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("latent: 2 of 5 function vertices (products)", run.Error, StringComparison.Ordinal);
        Assert.Equal("products", run.Last.GetProperty("latents").GetString());
        Assert.Equal(2, run.Last.GetProperty("latentVertices").GetInt32());
    }

    [Fact]
    public async Task Energies_and_rates_of_vertices_change_what_is_learnt()
    {
        var plain = await HashAsync();
        var heavy = await HashAsync("--energy-of", "hidden1/tanh=gaussian:precision=2");
        var quick = await HashAsync("--rate-of", "hidden2/tanh=0.1");
        Assert.Equal(3, new[] { plain, heavy, quick }.Distinct().Count());
        Assert.Equal(plain, await HashAsync("--energy-of", "hidden1/tanh=gaussian", "--rate-of", "hidden2/tanh=0.05"));

        async Task<string> HashAsync(params string[] more) =>
            (await Pcnode.RunAsync([.. Small, .. more, "--json"])).Last.GetProperty("weightsSha256").GetString()!;
    }

    [Fact]
    public async Task What_is_chosen_by_name_is_so_in_blocks_units_and_replicas()
    {
        string[] named = ["--latents", "hidden1", "--energy-of", "hidden1=gaussian:precision=2", "--batch", "8"];
        foreach (var (more, count) in new (string[], int)[]
            { ([], 1), (["--blocks", "2"], 2), (["--replicas", "2"], 2), (["--granularity", "unit"], 6) })
        {
            var run = await Pcnode.RunAsync([.. Small, .. named, .. more, "--json"]);
            Assert.True(run.ExitCode == ExitCode.Done, run.Error);
            Assert.Equal(count, run.Last.GetProperty("latentVertices").GetInt32());
        }
    }

    [Theory]
    [InlineData("--latents|hiden1/tanh", "--latents|'hiden1/tanh'|did you mean 'hidden1/tanh'?")]
    [InlineData("--latents|output", "--latents|'output'|root")]
    [InlineData("--latents|hidden1/weight", "--latents|'hidden1/weight'|leaf")]
    [InlineData("--energy-of|hidden1/tanh=gaussian:precision=-2", "--energy-of|'hidden1/tanh'|precision|-2")]
    [InlineData("--energy-of|hidden1/tanh=gausian", "--energy-of|'gausian'|did you mean 'gaussian'?")]
    [InlineData("--energy-of|hidden1", "--energy-of|'hidden1'|NAME=ENERGY")]
    [InlineData("--energy-of|hiden1/tanh=laplace", "--energy-of|did you mean 'hidden1/tanh'?")]
    [InlineData("--energy-of|hidden1=laplace", "'hidden1'|neither latent nor a free leaf")]
    [InlineData("--rate-of|hidden1/tanh=-1", "--rate-of|'-1'|'hidden1/tanh'|positive")]
    [InlineData("--rate-of|hidden1/tanh", "--rate-of|NAME=RATE")]
    [InlineData("--free|hidden1", "--free|'hidden1'|no data leaf")]
    [InlineData("--free|hdden1", "--free|did you mean 'hidden1'?")]
    [InlineData("--inference-optimizer|adan", "inferenceOptimizer|'adan'|sgd, momentum or adam")]
    [InlineData("--rule|zil|--tolerance|1", "--tolerance|il, ipc, epc, pc-alm|and the rule is zil")]
    [InlineData("--rule|bp|--latents|every", "--latents|il, ipc|bp")]
    [InlineData("--rule|zil|--energy|f.csv", "--energy|il, ipc|zil")]
    [InlineData("--clock|wavefront", "wavefront|il needs lockstep")]
    public async Task What_is_wrong_is_named(string given, string words) =>
        await Refused(ExitCode.BadInput, words.Split('|'),
            [.. given.StartsWith("--rule", StringComparison.Ordinal) ? Small[..^4] : Small, .. given.Split('|')]);

    [Fact]
    public async Task A_network_in_which_nothing_would_be_latent_is_refused()
    {
        using var folder = new StepFolder();
        await Refused(ExitCode.BadInput, ["--latents", "il", "activations", "every, products", "none"],
            [.. folder.Line, "--rule", "il"]);
        var run = await Pcnode.RunAsync([.. folder.Line, "--rule", "il", "--latents", "none", "--json"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
    }

    private static StepFolder Chain(int samples)
    {
        var folder = new StepFolder();
        folder.WriteModel(new TestModel().Input("x", "N", 1).Floats("w1", [1, 1], 1).Floats("w2", [1, 1], 1)
            .Node("MatMul", "x w1", "h").Node("MatMul", "h w2", "y").Output("y", "N", 1));
        folder.Floats("x.npy", [samples, 1], [.. Enumerable.Repeat(1f, samples)]);
        folder.Floats("y.npy", [samples, 1], new float[samples]);
        return folder;
    }

    private static async Task Refused(int exitCode, string[] words, params string[] args)
    {
        var run = await Pcnode.RunAsync(args);
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
        // What is latent may have been said before.
        Assert.All(words, word => Assert.Contains(word, run.ErrorLines[^1], StringComparison.Ordinal));
        Assert.DoesNotContain("unexpected", run.Error, StringComparison.Ordinal);
    }
}
