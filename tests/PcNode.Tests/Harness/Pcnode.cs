using System.Text.Json;

namespace PcNode.Tests.Harness;

/// <summary>One run of the command line within this process.</summary>
internal sealed record Pcnode(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as JSON objects, one a line.</summary>
    public IReadOnlyList<JsonElement> Json =>
        [.. Lines(Output).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The last JSON object.</summary>
    public JsonElement Last => Json[^1];

    /// <summary>Standard error's lines.</summary>
    public IReadOnlyList<string> ErrorLines => Lines(Error);

    /// <summary>Those of them that are no word about what a run does.</summary>
    public IReadOnlyList<string> Complaints =>
        [.. ErrorLines.Where(line => line.StartsWith("pcnode: ", StringComparison.Ordinal))];

    /// <summary>Runs a command line, given as words.</summary>
    public static Task<Pcnode> RunAsync(params string[] args) => RunAsync(args, CancellationToken.None);

    /// <summary>Runs a command line with a token that ends it.</summary>
    public static async Task<Pcnode> RunAsync(string[] args, CancellationToken cancellation)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Cli.RunAsync(args, output, error, cancellation).ConfigureAwait(false);
        return new Pcnode(code, output.ToString(), error.ToString());
    }

    /// <summary>Asserts an end with an exit code, nothing on standard output, and one line
    /// that has all the words.</summary>
    public static async Task RefusesAsync(int exitCode, string[] words, params string[] args)
    {
        var run = await RunAsync(args).ConfigureAwait(false);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Empty(run.Output);
        // A run that had begun has said what it does.
        var line = exitCode == PcNode.ExitCode.RunFailed ? run.ErrorLines[^1] : Assert.Single(run.ErrorLines);
        Assert.StartsWith("pcnode: ", line, StringComparison.Ordinal);
        Assert.All(words,
            word => Assert.True(line.Contains(word, StringComparison.Ordinal), $"'{word}' is not in: {line}"));
    }

    /// <summary>Asserts an end with an exit code, nothing on standard output, and a last line that has all the words:
    /// what is said before is said on the way.</summary>
    public static async Task RefusesLastAsync(int exitCode, string[] words, params string[] args)
    {
        var run = await RunAsync(args).ConfigureAwait(false);
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("pcnode: ", run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, run.ErrorLines[^1], StringComparison.Ordinal));
    }

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
