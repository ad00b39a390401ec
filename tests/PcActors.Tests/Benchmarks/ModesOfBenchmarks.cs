using PcActors.Benchmarks;
using PcActors.Onnx;

namespace PcActors.Tests.Benchmarks;

/// <summary>What the process says when a mode of the benchmarks ends.</summary>
public sealed class ModesOfBenchmarks : IDisposable
{
    private readonly StringWriter _error = new();

    public void Dispose() => _error.Dispose();

    [Fact]
    public async Task A_mode_gets_the_arguments_after_its_name()
    {
        var rounds = 0;
        Assert.Equal(0, await RunAsync(arguments => rounds = arguments.Rounds(25), "7"));
        Assert.Equal(7, rounds);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task A_bad_argument_is_a_line() => await EndsAsync(
        "steps: ROUNDS is a whole number from 1 to 1,000,000, not 'x'", arguments => arguments.Rounds(25), "x");

    [Fact]
    public async Task A_file_that_is_none_of_a_model_is_a_line() => await EndsAsync(
        "steps: a.onnx: no model", _ => throw new OnnxException("a.onnx", "no model"));

    [Fact]
    public async Task A_message_of_several_lines_is_one() =>
        await EndsAsync("steps: the disk is full", _ => throw new IOException("the disk \r\n is full\n"));

    [Fact]
    public async Task A_fault_of_the_program_keeps_its_stack() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(_ => throw new InvalidOperationException()));

    [Fact]
    public async Task A_mode_that_is_not_there_is_refused_with_those_that_are()
    {
        Assert.Equal(2, await Modes(_ => { }).RunAsync("step", []));
        Assert.Equal(
            "there is no mode 'step'; there are networks, steps, and BenchmarkDotNet's options, such as --filter '*'",
            _error.ToString().TrimEnd());
    }

    private async Task EndsAsync(string line, Action<ModeArguments> mode, params string[] arguments)
    {
        Assert.Equal(2, await RunAsync(mode, arguments));
        Assert.Equal($"{line}{Environment.NewLine}", _error.ToString());
    }

    private Task<int> RunAsync(Action<ModeArguments> mode, params string[] arguments) =>
        Modes(mode).RunAsync("steps", arguments);

    private ModeTable Modes(Action<ModeArguments> steps) => new(
        new Dictionary<string, Func<ModeArguments, Task>>
        {
            ["steps"] = arguments =>
            {
                steps(arguments);
                return Task.CompletedTask;
            },
            ["networks"] = _ => Task.CompletedTask,
        },
        _error);
}
