using PcActors.Runs;
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
        foreach (var (option, path) in new[] { (HtmlOption, Html), (PerfettoOption, Perfetto) })
        {
            if (path is null) continue;
            if (experiment is null) AtomicFile.Require(path, option);
            else experiment.RequireWritable(path, option);
            AtomicFile.RequireOther(path, option, trace);
        }
        if (Html is not null && Perfetto is not null) AtomicFile.RequireOther(Perfetto, PerfettoOption, Html);
    }

    /// <summary>Draws them from a trace file.</summary>
    /// <returns>Those that are there now, and why others are not; null when all are.</returns>
    public (TracePictures Drawn, string? Failure) Draw(string trace)
    {
        var failures = new List<string>();
        var drawn = new TracePictures(
            Draw(Html, HtmlOption, (reader, output) => HtmlWave.Write(reader, output)),
            Draw(Perfetto, PerfettoOption, PerfettoTrace.Write));
        return (drawn, failures.Count == 0 ? null : string.Join("; ", failures));

        string? Draw(string? path, string origin, Action<TraceReader, Stream> draw)
        {
            if (path is null) return null;
            try
            {
                using var reader = TraceReader.Open(trace);
                AtomicFile.Write(path, origin, output => draw(reader, output));
                return path;
            }
            catch (Exception e) when (e is RunFailedException or TraceException)
            {
                failures.Add(e.Message);
            }
            catch (Exception e) when (e is ShapeException or InvalidOperationException or ArithmeticException)
            {
                failures.Add($"{trace}: it cannot be drawn: {e.Message}; pcnode audit says what is wrong with it");
            }
            return null;
        }
    }
}
