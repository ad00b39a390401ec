using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>diagnose: closed forms of linear networks, other commands' numbers, and what is refused.</summary>
public sealed class Diagnoses : IDisposable
{
    private static readonly string[] Settled =
        ["--inference-rate", "0.4", "--inference-steps", "3000", "--dtype", "f64", "--json"];

    private readonly StepFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_chain_has_the_energies_and_eigenvalues_of_its_equations(int hidden)
    {
        WriteChain(hidden);
        var run = await RunAsync(Settled);
        // Each vertex bears an equal share of the difference between input and target, in the same direction as
        // backpropagation's error at each.
        var (loss, count) = (Number(run.Last, "loss"), hidden + 1);
        Near(loss / count, Number(run.Last, "freeEnergy"));
        Near(loss, Number(Lines(run, "diagnoseTimestep")[0], "freeEnergy"));
        Assert.Equal(3001, Lines(run, "diagnoseTimestep").Count);
        var levels = Lines(run, "diagnoseLevel");
        Assert.Equal(count + 1, levels.Count);
        foreach (var level in levels.SkipLast(1))
        {
            Near(loss / count / count, Number(level, "energy"));
            Near(Math.Sqrt(2 * loss) / count, Number(level, "errorNorm"));
        }
        foreach (var level in levels.Skip(1))
        {
            Near(1, Math.Abs(Number(level, "cosine")));
            Assert.True(Number(level, "updateNorm") < Number(level, "backpropagationNorm"));
        }
        // What the first weight learns from is its share of the error; the input is backpropagation's.
        Near(Number(levels[^1], "backpropagationNorm") / count, Number(levels[^1], "updateNorm"));
        Assert.Equal(0, Number(levels[0], "updateNorm"));
        double Eigenvalue(int k) => 2 - (2 * Math.Cos(k * Math.PI / count));
        AssertSpectrum(run, hidden, Eigenvalue(1), Eigenvalue(hidden));
    }

    [Fact]
    public async Task A_deep_linear_network_has_the_Hessian_of_its_weights()
    {
        // H has I + W W^T of the weights above each layer, and -W beside it.
        float[] w2 = [0.5f, -1, 2, 0.25f, 1.5f, -0.75f], w3 = [1, 0.5f];
        _folder.WriteModel(new TestModel().Input("x", "N", 2).Floats("w1", [2, 3], 1, 2, 3, 4, 5, 6)
            .Floats("w2", [3, 2], w2).Floats("w3", [2, 1], w3)
            .Node("MatMul", "x w1", "a").Node("MatMul", "a w2", "b").Node("MatMul", "b w3", "y")
            .Output("y", "N", 1));
        var (second, third) = (Of(3, 2, w2), Of(2, 1, w3));
        var hessian = Matrix<double>.Build.DenseIdentity(5);
        hessian.SetSubMatrix(0, 0, Matrix<double>.Build.DenseIdentity(3) + (second * second.Transpose()));
        hessian.SetSubMatrix(0, 3, -second);
        hessian.SetSubMatrix(3, 0, -second.Transpose());
        hessian.SetSubMatrix(3, 3, Matrix<double>.Build.DenseIdentity(2) + (third * third.Transpose()));
        var expected = hessian.Evd(Symmetricity.Symmetric).EigenValues.Select(v => v.Real).Order().ToList();
        var run = await RunAsync("--dtype", "f64", "--json", "--micro", "2", "--inference-rate", "0.01");
        AssertSpectrum(run, 5, expected[0], expected[^1]);

        static Matrix<double> Of(int rows, int columns, float[] elements) =>
            Matrix<double>.Build.Dense(rows, columns, (i, j) => elements[(i * columns) + j]);
    }

    [Fact]
    public async Task The_largest_stable_rate_is_where_inference_begins_to_diverge()
    {
        WriteChain(4);
        var rate = Number((await RunAsync("--dtype", "f64", "--json")).Last, "stableRate");
        string[] line = ["--dtype", "f64", "--json", "--inference-steps", "4000", "--inference-rate"];
        var below = await RunAsync([.. line, $"{0.99 * rate:R}"]);
        Near(Number(below.Last, "loss") / 5, Number(below.Last, "freeEnergy"));
        var above = await Pcnode.RunAsync(["diagnose", _folder["m.onnx"], .. line, $"{1.5 * rate:R}"]);
        Assert.Equal((ExitCode.RunFailed, ""), (above.ExitCode, above.Output));
        Assert.Contains("an inference rate below", above.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rule|epc|--inference-steps|1")]
    [InlineData("--rule|il|--latents|none|--inference-steps|1")]
    public async Task What_is_backpropagations_update_has_its_direction(string given)
    {
        var run = await Pcnode.RunAsync(["diagnose", "mlp", "--hidden", "6,5", "--json", .. given.Split('|')]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.All(Lines(run, "diagnoseLevel").Skip(1), level => Near(1, Number(level, "cosine")));
    }

    [Fact]
    public async Task A_checkpoint_is_looked_at_on_its_own_data_under_its_own_rule()
    {
        string[] train = ["train", "mlp", "--hidden", "6", "--rule", "ipc", "--steps", "3", "--epochs", "1", "--json"];
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync([.. train, "--checkpoint", _folder["run"]])).ExitCode);
        var run = await Pcnode.RunAsync("diagnose", "--checkpoint", _folder["run"], "--energy", _folder["e.csv"],
            "--json");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Equal(("mlp", "ipc"), (run.Last.GetProperty("model").GetString(),
            run.Last.GetProperty("rule").GetString()));
        // hidden1/tanh and output at each timestep, and a heading.
        Assert.Equal(1 + (2 * Lines(run, "diagnoseTimestep").Count), File.ReadAllLines(_folder["e.csv"]).Length);
        var untrained = await Pcnode.RunAsync("diagnose", "mlp", "--hidden", "6", "--rule", "ipc", "--json");
        Assert.NotEqual(Number(untrained.Last, "loss"), Number(run.Last, "loss"));
        var other = await Pcnode.RunAsync("diagnose", "--checkpoint", _folder["run"], "--data", Narrow());
        Assert.Equal(ExitCode.BadInput, other.ExitCode);
        Assert.All(["--data", "the network takes samples of"],
            word => Assert.Contains(word, other.ErrorLines[^1], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--hessian|5", "6 numbers of a sample move, and --hessian is 5")]
    [InlineData("--hessian|0", "6 numbers of a sample move, and --hessian is 0")]
    [InlineData("--latents|none", "no value moves")]
    [InlineData("--replicas|2", "the network has replicas")]
    public async Task A_Hessian_that_is_left_out_is_said_to_be(string given, string reason)
    {
        string[] line = ["diagnose", "mlp", "--hidden", "6", .. given.Split('|')];
        var run = await Pcnode.RunAsync([.. line, "--json"]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Equal(reason, run.Last.GetProperty("hessianLeftOut").GetString());
        Assert.Equal(JsonValueKind.Null, run.Last.GetProperty("stableRate").ValueKind);
        var text = await Pcnode.RunAsync(line);
        Assert.Contains(reason, text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("largest stable rate", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mlp|--rule|zil", "--rule|zil values do not settle|il, ipc")]
    [InlineData("mlp|--rule|bp", "--rule|bp values do not settle|il, ipc")]
    [InlineData("mlp|--latents|hidden", "--latents|'hidden'|did you mean")]
    [InlineData("mlp|--hessian|-1", "--hessian|-1")]
    [InlineData("mlp|--hidden|4|--checkpoint|none", "--checkpoint|no checkpoint")]
    [InlineData("m.onnx", "nothing would be latent|every, products")]
    [InlineData("mlp|--energy|none/e.csv", "--energy|none")]
    public async Task What_is_wrong_is_named(string given, string words)
    {
        // The model of a step has one layer: nothing feeds a product but its input.
        var run = await Pcnode.RunAsync(["diagnose", .. given.Replace("m.onnx", _folder["m.onnx"],
            StringComparison.Ordinal).Split('|')]);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Output));
        Assert.All(words.Split('|'), word => Assert.Contains(word, run.ErrorLines[^1], StringComparison.Ordinal));
        Assert.DoesNotContain("unexpected", run.Error, StringComparison.Ordinal);
    }

    private static double Number(JsonElement line, string key) => line.GetProperty(key).GetDouble();

    private static List<JsonElement> Lines(Pcnode run, string kind) =>
        [.. run.Json.Where(line => line.GetProperty("event").GetString() == kind)];

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-6);

    private static void AssertSpectrum(Pcnode run, int numbers, double smallest, double largest)
    {
        Assert.Equal(numbers, run.Last.GetProperty("movingNumbers").GetInt32());
        Near(smallest, Number(run.Last, "smallestEigenvalue"));
        Near(largest, Number(run.Last, "largestEigenvalue"));
        Assert.Equal(largest / smallest, Number(run.Last, "conditionNumber"), largest / smallest * 1e-5);
        Near(2 / largest, Number(run.Last, "stableRate"));
    }

    /// <summary>A data set of two features and two classes.</summary>
    private string Narrow()
    {
        File.WriteAllLines(_folder["narrow.csv"],
            Enumerable.Range(0, 400).Select(i => $"{i % 7},{i % 5},{i % 2}"));
        return _folder["narrow.csv"];
    }

    private void WriteChain(int hidden)
    {
        var model = new TestModel().Input("x", "N", 1);
        for (var layer = 0; layer <= hidden; layer++)
        {
            model.Floats($"w{layer}", [1, 1], 1)
                .Node("MatMul", $"{(layer == 0 ? "x" : $"h{layer - 1}")} w{layer}", $"h{layer}");
        }
        _folder.WriteModel(model.Output($"h{hidden}", "N", 1));
    }

    private async Task<Pcnode> RunAsync(params string[] options)
    {
        var run = await Pcnode.RunAsync(["diagnose", _folder["m.onnx"], .. options]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return run;
    }
}
