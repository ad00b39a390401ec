using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Onnx;
using PcActors.Runs;
using PcActors.Tensors;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Theorem: steps one by one, with the optimizer's state in a file, are one run, bit for bit; and what is
/// refused as a state.</summary>
public sealed class StepStates : IDisposable
{
    private readonly StepFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("adam", "zil")]
    [InlineData("adamw", "bp")]
    [InlineData("momentum", "zil")]
    [InlineData("sgd", "zil")]
    public async Task Steps_one_by_one_have_the_bits_of_one_run(string optimizer, string rule)
    {
        var whole = await WholeAsync(optimizer switch
        {
            "adam" => new Adam(0.1),
            "adamw" => new AdamW(0.1),
            "momentum" => new Momentum(0.1),
            _ => new Sgd(0.1),
        });
        for (var step = 1; step <= whole.Count; step++)
        {
            var run = await Pcnode.RunAsync(
                [.. Line, "--optimizer", optimizer, "--rule", rule, "--export", _folder["m.onnx"], "--json"]);
            Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
            Assert.Equal(step, run.Last.GetProperty("steps").GetInt32());
            Assert.Equal(whole[step - 1], run.Last.GetProperty("weightsSha256").GetString());
            // The step's own messages: x, w and y, and the errors of y and w; backpropagation sends none.
            Assert.Equal(rule == "bp" ? 0 : 3, run.Last.GetProperty("messages").GetInt32());
        }
    }

    [Fact]
    public async Task Weights_that_are_not_those_of_the_step_before_are_said()
    {
        await Pcnode.RunAsync([.. Line, "--optimizer", "adam"]);
        var run = await Pcnode.RunAsync([.. Line, "--optimizer", "adam", "--json"]);
        Assert.Equal((ExitCode.Done, 2), (run.ExitCode, run.Last.GetProperty("steps").GetInt32()));
        Assert.Contains("the model's are taken", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_state_of_these_steps_is_refused()
    {
        await Pcnode.RunAsync([.. Line, "--optimizer", "adam"]);
        await RefusesAsync(["--state", "optimizer adam", "momentum"], "--optimizer", "momentum");
        await RefusesAsync(["--state", "F32", "F64"], "--optimizer", "adam", "--dtype", "f64");
        _folder.WriteModel(StepFolder.Model().Floats("b", [2], 0, 0).Node("Add", "y b", "z").Output("z", "N", 2));
        await RefusesAsync(["--state", "'b' of shape [2]"], "--optimizer", "adam", "--output", "z");
        await File.WriteAllTextAsync(_folder["s"], "no state");
        await RefusesAsync(["--state", "is no state"], "--optimizer", "adam");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--state", "read from"],
            [.. Line[..^2], "--state", _folder["x.npy"]]);
    }

    private string[] Line => [.. _folder.Line[..^2], "--learning-rate", "0.1", "--state", _folder["s"]];

    private Task RefusesAsync(string[] words, params string[] options) =>
        Pcnode.RefusesAsync(ExitCode.BadInput, words, [.. Line, .. options]);

    /// <summary>The weights after each of four steps of one network.</summary>
    private async Task<List<string>> WholeAsync(Optimizer optimizer)
    {
        var imported = OnnxImport.ToGraph<float>(OnnxModel.Load(_folder["m.onnx"]), new OnnxImportOptions
        {
            InputShapes = new Dictionary<string, Shape> { ["x"] = new(2, 2) },
        });
        await using var network = await Network<float>.StartAsync(imported.Graph,
            new NetworkOptions { Optimizer = optimizer, Loss = Loss.SquaredError, Where = new Reference() });
        var batch = network.NewBatch();
        new float[] { 1, 0, 0, 2 }.CopyTo(batch.Inputs[0].Writable);
        new float[] { 1, 0, 0, 0 }.CopyTo(batch.Target.Writable);
        var hashes = new List<string>();
        for (var step = 0; step < 4; step++)
        {
            await network.StepAsync(batch);
            hashes.Add(Parameters.Sha256(await network.ParametersAsync()));
        }
        return hashes;
    }
}
