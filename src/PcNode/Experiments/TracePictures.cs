using PcActors.Tensors;
using PcActors.Tracing;
using PcActors.Tracing.Format;
using PcActors.Tracing.Pictures;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>The pictures of a trace that were asked for.</summary>
/// <param name="Html">A page that plays it; null for none.</param>
/// <param name="Perfetto">Chrome's trace events; null for none.</param>
internal sealed record TracePictures(string? Html, string? Perfetto)
{
    public const string HtmlOption = "--html";
    public const string PerfettoOption = "--perfetto";

    /// <summary>Refuses files that cannot be written, and one file for two things.</summary>
    /// <param name="trace">The trace file.</param>
    /// <param name="experiment">What runs; null when a trace that is there is drawn.</param>
    /// <exception cref="UsageException">One is refused.</exception>
    public void Require(string trace, Experiment? experiment = null)
    {
        if (Html is not null) experiment?.RequireIsNoInput(Html, HtmlOption);
        if (Perfetto is not null) experiment?.RequireIsNoInput(Perfetto, PerfettoOption);
        if (Html is not null) AtomicFile.Require(Html, HtmlOption);
        if (Perfetto is not null) AtomicFile.Require(Perfetto, PerfettoOption);
        foreach (var (option, path, other) in new[] { (HtmlOption, Html, trace), (PerfettoOption, Perfetto, trace), (PerfettoOption, Perfetto, Html) })
        {
            if (path is not null && other is not null) AtomicFile.RequireOther(path, option, other);
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
        try
        {
            AtomicFile.Write(path, origin, output => draw(reader, output));
        }
        catch (Exception e) when (e is ShapeException or InvalidOperationException or ArithmeticException)
        {
            throw new TraceException(trace, $"it cannot be drawn: {e.Message}", "pcnode audit says what is wrong with it");
        }
    }
}
