namespace PcNode.Output;

/// <summary>Parts of a command that are done one after another. As each is done it is said how far the
/// command is; what is done is shown, also if an interruption or a failure ends the rest.</summary>
/// <param name="terminal">Where it is said and shown.</param>
/// <param name="isJson">Whether results are shown as JSON, each at once, or for people, together.</param>
internal sealed class Series<TResult>(Terminal terminal, bool isJson)
{
    /// <summary>What came of a part, in a few words.</summary>
    public required Func<TResult, string> Words { get; init; }

    /// <summary>Shows a result to programs.</summary>
    public required Action<TResult> WriteJson { get; init; }

    /// <summary>Shows results, at least one, to people.</summary>
    public required Action<List<TResult>> WriteText { get; init; }

    /// <summary>Does the parts.</summary>
    /// <param name="parts">All of them.</param>
    /// <param name="run">Does one; an interruption does not wait for it.</param>
    /// <param name="cancellation">Interrupts.</param>
    public async Task<List<TResult>> RunAsync<TPart>(IReadOnlyCollection<TPart> parts, Func<TPart, Task<TResult>> run,
        CancellationToken cancellation)
    {
        var results = new List<TResult>();
        var start = terminal.Time.GetTimestamp();
        try
        {
            foreach (var part in parts)
            {
                // A part may take long to see that it is to end, and the process is cut off soon.
                results.Add(
                    await Task.Run(() => run(part), cancellation).WaitAsync(cancellation).ConfigureAwait(false));
                if (isJson) WriteJson(results[^1]);
                if (parts.Count == 1) continue;
                var left = TimeLeft.Of(terminal.Time.GetElapsedTime(start), results.Count, parts.Count);
                terminal.Say(
                    $"{results.Count} of {parts.Count}: "
                    + $"{Words(results[^1])}{(results.Count < parts.Count ? $"; {TimeLeft.Words(left)}" : "")}");
            }
            return results;
        }
        finally
        {
            if (!isJson && results.Count > 0)
            {
                if (results.Count < parts.Count)
                    terminal.Print($"Not complete: {results.Count} of {parts.Count} done.");
                WriteText(results);
            }
        }
    }
}
