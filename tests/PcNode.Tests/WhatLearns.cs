using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>What of a model file learns is said before a step or a run, is listed, and can be changed.</summary>
public sealed class WhatLearns : IDisposable
{
    private readonly StepFolder _folder = new();

    [Fact]
    public async Task A_step_says_it_in_a_line()
    {
        var run = await StepAsync();
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("1 of 2 tensors learn (4 of 6 numbers); not 'pe', because 'pe' is a usual name of a buffer "
            + "(--learn and --freeze change that)", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--learn p*", "2 of 2 tensors learn (6 of 6 numbers)")]
    [InlineData("--learn pe --freeze w", "1 of 2 tensors learn (2 of 6 numbers); not 'w', because it is frozen")]
    public async Task Patterns_change_it(string options, string said) =>
        Assert.Contains(said, (await StepAsync(options.Split(' '))).Output, StringComparison.Ordinal);

    [Fact]
    public async Task A_run_says_it_before_it_begins()
    {
        _folder.WriteModel(new TestModel().Input("x", "N", 64).Floats("w", [64, 10], new float[640])
            .Floats("mask", [10], new float[10]).Node("MatMul", "x w", "h").Node("Add", "h mask", "y")
            .Output("y", "N", 10));
        var run = await Pcnode.RunAsync("train", _folder["m.onnx"], "--steps", "1");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains(run.ErrorLines.TakeWhile(line => !line.StartsWith("epoch", StringComparison.Ordinal)),
            line => line.StartsWith("parameters: 1 of 2 tensors learn (640 of 650 numbers); not 'mask'",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_are_listed()
    {
        var run = await Pcnode.RunAsync("inspect", Model(), "--parameters", "--json");
        Assert.Equal([("w", true, null), ("pe", false, "'pe' is a usual name of a buffer")],
            run.Last.GetProperty("tensors").EnumerateArray().Select(t => (t.GetProperty("name").GetString(),
                t.GetProperty("learns").GetBoolean(), t.GetProperty("why").GetString())));
        var table = (await Pcnode.RunAsync("inspect", Model(), "--parameters")).Output;
        Assert.Contains("usual name of a buffer", table, StringComparison.Ordinal);
        Assert.Contains("hidden1/weight", (await Pcnode.RunAsync("inspect", "--parameters")).Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Softmax", true)]
    [InlineData("LogSoftmax", false)]
    public async Task A_softmax_that_is_taken_twice_is_said(string last, bool isSaid)
    {
        _folder.WriteModel(new TestModel().Input("x", "N", 64).Floats("w", [64, 10], new float[640])
            .Node("MatMul", "x w", "h").Node(last, "h", "p").Node("Identity", "p", "y").Output("y", "N", 10));
        var run = await Pcnode.RunAsync("train", _folder["m.onnx"], "--steps", "1", "--loss", "cross-entropy");
        Assert.Equal(isSaid, run.Error.Contains("'y' is a softmax already", StringComparison.Ordinal));
    }

    // A mask before it is no reason not to say it.
    [Fact]
    public async Task A_masked_softmax_that_is_taken_twice_is_said()
    {
        _folder.WriteModel(new TestModel().Input("x", "N", 64).Floats("w", [64, 10], new float[640])
            .Floats("mask", [10], new float[10]).Node("MatMul", "x w", "h").Node("Add", "h mask", "a")
            .Node("Softmax", "a", "p").Node("Identity", "p", "y").Output("y", "N", 10));
        var run = await Pcnode.RunAsync(
            "train", _folder["m.onnx"], "--steps", "1", "--loss", "cross-entropy", "--freeze", "mask");
        Assert.Contains("'y' is a softmax already", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--learn", "nobody")]
    [InlineData("--freeze", "nobody*")]
    public Task What_is_not_there_is_refused(string option, string name) => Pcnode.RefusesAsync(ExitCode.BadInput,
        [option, $"'{name}'", "w, pe"], "inspect", Model(), option, name);

    [Fact]
    public Task A_model_in_which_nothing_learns_says_why() => Pcnode.RefusesAsync(ExitCode.BadInput,
        ["no parameter learns", "'w', 'pe', because it is frozen"], "verify", Model(), "--freeze", "*");

    public void Dispose() => _folder.Dispose();

    private Task<Pcnode> StepAsync(params string[] options)
    {
        _folder.Floats("a.npy", [1, 2], 1, 2);
        return Pcnode.RunAsync(
            ["step", Model(), "--input", _folder["a.npy"], "--target", _folder["a.npy"], .. options]);
    }

    /// <summary>y = x w + pe.</summary>
    private string Model()
    {
        _folder.WriteModel(new TestModel().Input("x", 1, 2).Floats("w", [2, 2], 1, 2, 3, 4).Floats("pe", [2], 1, 2)
            .Node("MatMul", "x w", "h").Node("Add", "h pe", "y").Output("y", 1, 2));
        return _folder["m.onnx"];
    }
}
