using System.Security.Cryptography;
using System.Text;
using PcActors.Actors;
using PcActors.Tests.Data;
using PcActors.Tests.Learning;
using PcActors.Tracing;
using PcActors.Tracing.Audit;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>A trace file that was cut, edited or is none is refused; one whose hash was repaired after the edit is read, and its
/// edit is found by the checks.</summary>
public sealed class DamagedTraces : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_whole_file_has_no_violations() => Assert.Equal(0, Audit(await Write(text => text)).Violations);

    [Fact]
    public async Task An_edited_file_is_refused() =>
        Refuses(await Write(text => MoveInTime(text)), "SHA-256", "edited");

    [Fact]
    public async Task An_edited_file_with_a_repaired_hash_is_caught_by_the_checks()
    {
        var result = Audit(await Write(text => WithHash(MoveInTime(text))));
        Assert.True(result["times"].Violations > 0);
        Assert.True(result["levels"].Violations > 0);
    }

    [Fact]
    public async Task A_line_taken_out_with_hash_and_totals_repaired_is_caught_by_the_checks()
    {
        var result = Audit(await Write(text =>
        {
            var lines = Lines(text);
            lines.RemoveAt(lines.FindLastIndex(l => l.Contains("\"kind\":\"error\"", StringComparison.Ordinal)));
            return WithHash(string.Join('\n', lines) + "\n", fewerErrors: 1);
        }));
        Assert.True(result["once"].Violations > 0);
        Assert.True(result["totals"].Violations > 0);
        Assert.True(result["sequence"].Violations > 0);
    }

    [Fact]
    public async Task A_truncated_file_is_refused() =>
        Refuses(await Write(text => text[..(text.LastIndexOf('\n', text.Length - 2) + 1)]), "truncated");

    [Fact]
    public async Task A_file_cut_within_a_line_is_refused() => Refuses(await Write(text => text[..(text.Length / 2)]));

    [Fact]
    public async Task Two_traces_in_one_file_are_refused() => Refuses(await Write(text => text + text), "line");

    [Fact]
    public async Task Another_version_is_refused() =>
        Refuses(await Write(text => text.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal)), "version 2", "version 1");

    [Fact]
    public void An_empty_file_is_refused() => Refuses(_folder.Write("empty.trace", ""), "empty");

    [Theory]
    [InlineData("{\"event\":\"epoch\",\"epoch\":1}\n")]
    [InlineData("x,y\n1,2\n")]
    [InlineData("\u0000\u0001\u0002")]
    public void A_foreign_file_is_refused(string text) => Refuses(_folder.Write("foreign.trace", text), "no trace");

    [Fact]
    public void A_file_that_is_not_there_is_refused() => Refuses(_folder.PathOf("missing.trace"), "no such file");

    private static AuditResult Audit(string path)
    {
        using var reader = TraceReader.Open(path);
        return TraceAudit.Run(reader.Header, reader.Records());
    }

    private static void Refuses(string path, params string[] words)
    {
        var refusal = Assert.Throws<TraceException>(() => Audit(path));
        Assert.StartsWith(path, refusal.Message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
    }

    private async Task<string> Write(Func<string, string> edit)
    {
        var run = await RecordedRun.Record(ResidualStack.Build<float>(2), new SimulationOptions());
        var path = _folder.PathOf("run.trace");
        run.Save(path);
        await File.WriteAllTextAsync(path, edit(await File.ReadAllTextAsync(path)));
        return path;
    }

    private static List<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>One error that acts at time 2 acts at time 4.</summary>
    private static string MoveInTime(string text)
    {
        var lines = Lines(text);
        var place = lines.FindIndex(l => l.Contains("\"kind\":\"error\"", StringComparison.Ordinal) && l.Contains("\"time\":2,", StringComparison.Ordinal));
        lines[place] = lines[place].Replace("\"time\":2,", "\"time\":4,", StringComparison.Ordinal);
        return string.Join('\n', lines) + "\n";
    }

    private static string WithHash(string text, int fewerErrors = 0)
    {
        var end = text.LastIndexOf('\n', text.Length - 2) + 1;
        var body = text[..end];
        var (messages, values, errors) = (Lines(body).Count - 1, Count(body, "value"), Count(body, "error"));
        Assert.True(fewerErrors == 0 || text[end..].Contains($"\"errors\":{errors + fewerErrors}", StringComparison.Ordinal));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        return body + $$"""{"event":"end","messages":{{messages}},"values":{{values}},"errors":{{errors}},"sha256":"{{hash}}"}""" + "\n";
    }

    private static int Count(string body, string kind) => Lines(body).Count(l => l.Contains($"\"kind\":\"{kind}\"", StringComparison.Ordinal));
}
