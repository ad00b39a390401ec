using System.Diagnostics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Tests.Tracing.Audit;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Format;

namespace PcActors.Benchmarks;

/// <summary>Mode <c>audit</c>: writes the trace of an ideal run of so many messages, then reads and
/// audits it, and reports time and the process's peak memory. It measures its own process, so nothing
/// else may run in it.</summary>
internal static class TraceAuditScale
{
    private const long DefaultMessages = 10_000_000;
    private const long MostMessages = 1_000_000_000_000;
    private const int Vertices = 10_000;

    /// <summary>Arguments: messages, then a file to write to; .gz is compressed. By default one that is
    /// deleted afterwards.</summary>
    public static void Run(ModeArguments args)
    {
        var messages = args.Number("MESSAGES", DefaultMessages, MostMessages);
        var file = args.NewFile();
        args.End();
        var path = file ?? Path.Combine(Path.GetTempPath(), $"pcactors-audit-{Environment.ProcessId}.trace");
        var header = Header();
        var perStep = new SyntheticTrace(header).Records(1).LongCount();
        var steps = (int)((messages + perStep - 1) / perStep);
        try
        {
            Write(path, header, steps);
            Console.WriteLine(
                $"header    {header.Vertices.Count} vertices, {header.Edges.Count} edges, {perStep} messages a step");
            Console.WriteLine($"file      {new FileInfo(path).Length / 1e6:F0} MB");
            Time("read", path, reader => reader.Records().LongCount());
            Time("audit", path, reader =>
            {
                var result = TraceAudit.Run(reader.Header, reader.Records());
                Console.WriteLine(
                    $"found     {result.Violations} violations in {result.Messages} messages, {result.Steps} steps");
                return result.Messages;
            });
        }
        finally
        {
            if (file is null) File.Delete(path);
        }
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"peak      {process.PeakWorkingSet64 / 1e6:F0} MB");
    }

    private static TraceHeader Header()
    {
        var graph = Levelling.Level(ScalarNetworks.Lattice(Vertices));
        var options = new VertexOptions(LearningRule.Zil, Clock.Wavefront, Loss.SquaredError, new Sgd(0.1), 1,
            graph.Depth);
        return TraceHeader.Of(graph, options, "lattice", payloads: false);
    }

    private static void Write(string path, TraceHeader header, int steps)
    {
        using var writer = new TraceWriter(TraceFile.Create(path), header);
        foreach (var record in new SyntheticTrace(header).Records(steps)) writer.Write(record);
        writer.End();
    }

    private static void Time(string name, string path, Func<TraceReader, long> run)
    {
        var watch = Stopwatch.StartNew();
        using var reader = TraceReader.Open(path);
        var messages = run(reader);
        Console.WriteLine(
            $"{name,-8}  {watch.Elapsed.TotalSeconds:F1} s, {messages / watch.Elapsed.TotalSeconds / 1e6:F2} million "
            + "messages a second");
    }
}
