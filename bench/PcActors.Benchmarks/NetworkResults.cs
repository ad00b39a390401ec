using System.Text;

namespace PcActors.Benchmarks;

/// <summary>What was measured of the networks of model files: each is printed and written as it is there, and one that
/// cannot be measured leaves the others alone.</summary>
/// <param name="folder">Receives networks.md and networks.jsonl; null for no files.</param>
/// <param name="output">Receives a line for each network, and at last the table.</param>
/// <param name="error">Receives a line for each that was left out.</param>
internal sealed class NetworkResults(string? folder, TextWriter output, TextWriter error)
{
    private const string Markdown = "networks.md";
    private const string Lines = "networks.jsonl";

    private readonly List<NetworkTimes> _measured = [];
    private readonly List<string> _leftOut = [];
    private bool _isWritten = true;

    /// <summary>Sees to it that results can be written to a folder; what an earlier run left there stays.</summary>
    /// <exception cref="ModeException">They cannot.</exception>
    public static void Prepare(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var name in (string[])[Markdown, Lines])
                File.Open(Path.Combine(folder, name), FileMode.OpenOrCreate, FileAccess.Write).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModeException($"networks: OUT cannot be written to: {LineOf(folder, e)}");
        }
    }

    /// <summary>Measures the networks of files, one after the other.</summary>
    /// <param name="files">The files.</param>
    /// <param name="measure">Measures one.</param>
    /// <exception cref="ModeException">Something was left out.</exception>
    public async Task TakeAsync(IReadOnlyList<string> files, Func<string, Task<NetworkTimes>> measure)
    {
        foreach (var file in files)
        {
            try
            {
                _measured.Add(await measure(file));
                await output.WriteLineAsync(_measured[^1].ToJson());
            }
            catch (Exception e)
            {
                _leftOut.Add(LineOf(file, e));
                await error.WriteLineAsync(_leftOut[^1]);
            }
            await WriteAsync();
        }
        await output.WriteAsync($"{Environment.NewLine}{ToMarkdown()}");
        if (_leftOut.Count > 0)
            throw new ModeException($"networks: {_leftOut.Count} of {files.Count} could not be measured");
        if (!_isWritten) throw new ModeException($"networks: not all results are in '{folder}'");
    }

    /// <summary>The line that says why a file was left out.</summary>
    public static string LineOf(string file, Exception why)
    {
        var message = ModeTable.OneLine(why.Message);
        return message.Contains(file, StringComparison.Ordinal) ? message : $"{file}: {message}";
    }

    private string ToMarkdown()
    {
        var text = new StringBuilder();
        if (_measured.Count > 0) text.Append(NetworkTimes.Table(_measured));
        if (_leftOut.Count == 0) return text.ToString();
        if (_measured.Count > 0) text.AppendLine();
        text.AppendLine("Not measured:").AppendLine();
        foreach (var line in _leftOut) text.AppendLine($"- {line}");
        return text.ToString();
    }

    // A disk that is full does not end what is measured.
    private async Task WriteAsync()
    {
        if (folder is null) return;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, Markdown), ToMarkdown());
            await File.WriteAllLinesAsync(Path.Combine(folder, Lines), _measured.Select(one => one.ToJson()));
            _isWritten = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_isWritten) await error.WriteLineAsync(LineOf(folder, e));
            _isWritten = false;
        }
    }
}
