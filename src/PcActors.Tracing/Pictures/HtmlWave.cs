using System.Net;
using System.Text;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Pictures;

/// <summary>Writes a trace as one HTML page that plays the wave of a recorded step. The page is
/// self-contained: it loads nothing and may not.</summary>
public static class HtmlWave
{
    /// <summary>How many messages a page holds unless told otherwise: more make browsers slow.</summary>
    public const int UsualMaxMessages = 250_000;

    private static readonly string[] Scripts = ["recording.js", "units.js", "timeline.js", "picture.js", "energy.js",
        "details.js", "player.js"];

    /// <summary>Writes what is left of a trace.</summary>
    /// <param name="trace">The trace; read to its end.</param>
    /// <param name="output">Receives the page, UTF-8; left open.</param>
    /// <param name="maxMessages">Whole steps are shown, at least one, as long as there are fewer
    /// messages than this; the page says how many are left out.</param>
    /// <exception cref="TraceException">The trace is truncated or edited.</exception>
    /// <exception cref="IOException">The page cannot be written.</exception>
    public static void Write(TraceReader trace, Stream output, int maxMessages = UsualMaxMessages)
    {
        ArgumentNullException.ThrowIfNull(trace);
        Write(trace.Header, trace.Records(), output, maxMessages);
    }

    /// <summary>Writes records of a run.</summary>
    /// <param name="header">What ran.</param>
    /// <param name="records">Its messages, in any order.</param>
    /// <param name="output">Receives the page, UTF-8; left open.</param>
    /// <param name="maxMessages">Whole steps are shown, at least one, as long as there are
    /// fewer messages than this.</param>
    /// <exception cref="IOException">The page cannot be written.</exception>
    public static void Write(
        TraceHeader header, IEnumerable<TraceRecord> records, Stream output, int maxMessages = UsualMaxMessages)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(output);
        // Odd parts are names of what stands there: {{title}}, {{palette}}, {{style}}, {{data}}, {{script}}.
        var parts = Resource("page.html").Split("{{").SelectMany(p => p.Split("}}")).ToArray();
        for (var i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 0) Text(output, parts[i]);
            else if (parts[i] == "title")
                Text(output, WebUtility.HtmlEncode($"{header.Model}: the wave of a training step"));
            else if (parts[i] == "palette") Text(output, Palette.ToCss());
            else if (parts[i] == "style") Text(output, Resource("style.css"));
            else if (parts[i] == "script")
                Text(output, "'use strict';\n" + string.Join('\n', Scripts.Select(Resource)));
            else PageData.Write(header, records, output, maxMessages);
        }
    }

    private static void Text(Stream output, string text) => output.Write(Encoding.UTF8.GetBytes(text));

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlWave).Assembly.GetManifestResourceStream($"wave/{name}")
            ?? throw new InvalidOperationException($"the resource 'wave/{name}' is missing");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
