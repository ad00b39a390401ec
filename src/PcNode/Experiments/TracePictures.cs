using PcActors.Tracing;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>The pictures of a trace that were asked for.</summary>
/// <param name="Html">A page that plays it; null for none.</param>
/// <param name="Perfetto">Chrome's trace events; null for none.</param>
internal sealed record TracePictures(string? Html, string? Perfetto)
{
    private const string HtmlOption = "--html";
    private const string PerfettoOption = "--perfetto";

    /// <summary>Refuses files that cannot be written, and one file for two things.</summary>
    /// <param name="trace">The trace file.</param>
    /// <exception cref="UsageException">One is refused.</exception>
    public void Require(string trace)
    {
        if (Html is not null) AtomicFile.Require(Html, HtmlOption);
        if (Perfetto is not null) AtomicFile.Require(Perfetto, PerfettoOption);
        foreach (var (option, path, other) in new[] { (HtmlOption, Html, trace), (PerfettoOption, Perfetto, trace), (PerfettoOption, Perfetto, Html) })
        {
            if (path is not null && other is not null && Path.GetFullPath(path) == Path.GetFullPath(other))
                throw new UsageException($"{option}: '{path}' is named twice; give each its own file");
        }
    }

    /// <summary>Draws them from a trace file.</summary>
    /// <exception cref="UsageException">One cannot be written.</exception>
    public void Write(string trace)
    {
        if (Html is not null) Draw(Html, HtmlOption, trace, (reader, output) => HtmlWave.Write(reader, output));
        if (Perfetto is not null) Draw(Perfetto, PerfettoOption, trace, PerfettoTrace.Write);
    }

    private static void Draw(string path, string origin, string trace, Action<TraceReader, Stream> draw)
    {
        using var reader = TraceReader.Open(trace);
        AtomicFile.Write(path, origin, output => draw(reader, output));
    }
}
