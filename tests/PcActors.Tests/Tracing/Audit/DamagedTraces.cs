using System.Security.Cryptography;
using System.Text;
using PcActors.Runs;
using PcActors.Testing;
using PcActors.Tests.Data;
using PcActors.Tests.Learning;
using PcActors.Tracing;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Audit.Recomputing;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>A trace file that was cut, edited or is none is refused; one whose hash was repaired
/// after the edit is read, and its edit is found by the checks.</summary>
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
    public async Task A_bit_that_has_flipped_anywhere_is_refused_in_one_line()
    {
        var path = await Write(text => text);
        var bytes = await File.ReadAllBytesAsync(path);
        var places = Enumerable.Range(0, 600).Concat(Enumerable.Range(bytes.Length - 300, 300))
            .Concat(Enumerable.Range(0, 400).Select(i => (int)((long)i * bytes.Length / 400)));
        foreach (var place in places)
        {
            var damaged = bytes.ToArray();
            damaged[place] ^= 0x80;
            await File.WriteAllBytesAsync(path, damaged);
            Refuses(path);
        }
    }

    [Theory]
    [InlineData("\"microBatches\":1,", "\"microBatches\":2000000000,", "2000000000 micro-batches")]
    [InlineData("\"inferenceSteps\":", "\"inferenceSteps\":200000000", "inferenceSteps")]
    [InlineData("\"operator\":\"Tanh\"", "\"note\":\"Tanh\"", "has no operator")]
    [InlineData("\"event\":\"message\"", "\"event\":1", "wrong kind")]
    [InlineData("\"kind\":\"beginStep\"", "\"kind\":\"\\ud800\"", "no text")]
    public async Task What_no_trace_says_is_refused_with_a_repaired_hash(string text, string edited, string word)
    {
        var path = await Write(t => WithHash(t.Replace(text, edited, StringComparison.Ordinal)));
        Assert.Contains(edited, await File.ReadAllTextAsync(path), StringComparison.Ordinal);
        Refuses(path, word);
    }

    [Theory]
    [InlineData("\"rows\":", "\"rows\":-", "rows")]
    [InlineData("\"shape\":[", "\"shape\":[3,", "")]
    [InlineData("\"kind\":\"tanh\"", "\"kind\":\"tanh\"", "")]
    public async Task A_damaged_payload_is_refused_or_found_by_the_recomputation(string text, string edited,
        string word)
    {
        var path = await Write(t => WithHash(InBody(t, b => b.Replace(text, edited, StringComparison.Ordinal))),
            payloads: true);
        try
        {
            var check = Recomputation.Run(path).Check;
            Assert.Equal(text != edited, check.Violations > 0);
        }
        catch (TraceException e)
        {
            Assert.NotEqual(text, edited);
            Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            Assert.Contains(word, e.Message, StringComparison.Ordinal);
        }
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
        Refuses(await Write(text => text.Replace("\"version\":2", "\"version\":3", StringComparison.Ordinal)),
            "version 3", "version 2");

    [Fact]
    public async Task An_older_version_is_refused_and_whose_it_is_is_said() => Refuses(
        await Write(text => text.Replace("\"version\":2", "\"version\":1", StringComparison.Ordinal)), "version 1",
        "the PcActors that recorded it");

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

    /// <summary>Edits all lines but the header.</summary>
    private static string InBody(string text, Func<string, string> edit)
    {
        var body = text.IndexOf('\n', StringComparison.Ordinal) + 1;
        return text[..body] + edit(text[body..]);
    }

    private async Task<string> Write(Func<string, string> edit, bool payloads = false)
    {
        var run = await RecordedRun.Record(ResidualStack.Build<float>(2), new NetworkOptions(), payloads: payloads);
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
        var place = lines.FindIndex(
            l => l.Contains("\"kind\":\"error\"", StringComparison.Ordinal)
                && l.Contains("\"time\":2,", StringComparison.Ordinal));
        lines[place] = lines[place].Replace("\"time\":2,", "\"time\":4,", StringComparison.Ordinal);
        return string.Join('\n', lines) + "\n";
    }

    private static string WithHash(string text, int fewerErrors = 0)
    {
        var end = text.LastIndexOf('\n', text.Length - 2) + 1;
        var body = text[..end];
        var (messages, values, errors) = (Lines(body).Count - 1, Count(body, "value"), Count(body, "error"));
        Assert.True(
            fewerErrors == 0 || text[end..].Contains($"\"errors\":{errors + fewerErrors}", StringComparison.Ordinal));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        return body
            + $$"""{"event":"end","messages":{{messages}},"values":{{values}},"errors":{{errors}},"sha256":"{{hash}}"}""" + "\n";
    }

    private static int Count(string body, string kind) =>
        Lines(body).Count(l => l.Contains($"\"kind\":\"{kind}\"", StringComparison.Ordinal));
}
