using PcActors.Cluster;
using PcActors.Graphs;
using PcActors.Onnx;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tracing;

namespace PcActors.Benchmarks;

/// <summary>The quick modes, by name.</summary>
internal sealed class ModeTable(IReadOnlyDictionary<string, Func<ModeArguments, Task>> modes, TextWriter error)
{
    /// <summary>All that was asked for is done.</summary>
    public const int Done = 0;

    /// <summary>The arguments are bad, or something was left out; a line says what.</summary>
    public const int NotDone = 2;

    /// <summary>Runs a mode.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">What it is called with.</param>
    /// <returns>What the process says when it ends.</returns>
    public async Task<int> RunAsync(string name, IReadOnlyList<string> arguments)
    {
        if (!modes.TryGetValue(name, out var mode))
        {
            var names = string.Join(", ", modes.Keys.Order(StringComparer.Ordinal));
            await error.WriteLineAsync(
                $"there is no mode '{name}'; there are {names}, and BenchmarkDotNet's options, such as --filter '*'");
            return NotDone;
        }
        try
        {
            await mode(new ModeArguments(name, arguments));
            return Done;
        }
        catch (ModeException e)
        {
            await error.WriteLineAsync(e.Message);
            return NotDone;
        }
        catch (Exception e) when (IsForeseen(e))
        {
            await error.WriteLineAsync($"{name}: {OneLine(e.Message)}");
            return NotDone;
        }
    }

    /// <summary>A message without its breaks of lines.</summary>
    public static string OneLine(string message) => string.Join(
        ' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Whether it comes of a file, the disk, the machine's network or its load. What else is thrown is a fault
    /// of this program, and to be seen with its stack.</summary>
    public static bool IsForeseen(Exception e) => e is IOException or UnauthorizedAccessException
        or OnnxException or GraphException or ShapeException or RunFailedException or ClusterException
        or TraceException;
}
