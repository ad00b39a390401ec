using PcActors.Tracing.Audit;
using PcActors.Tracing.Audit.Recomputing;
using PcActors.Tracing.Format;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;
using PcNode.Reports;

namespace PcNode.Commands;

/// <summary><c>pcnode audit FILE</c>: checks a recorded trace for locality, on its own.</summary>
internal static class AuditCommand
{
    private const string AllVertices = "all";

    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "audit",
            "Checks a recorded trace for locality, from the file alone: every message runs along an edge, at its "
            + "time, from its true sender, once.",
            "pcnode audit mlp.trace.gz",
            "pcnode audit mlp.trace.gz --json",
            "pcnode audit mlp.trace.gz --html mlp.html            watch the recorded steps in a browser",
            "pcnode audit mlp.trace.gz --recompute hidden1/tanh   does what it took, and nothing else, make what it "
            + "sent?",
            "pcnode audit mlp.trace.gz --recompute all            the same of every vertex");
        var file = command.AddArgument("FILE", "a trace, as 'pcnode trace --out FILE' writes it");
        var recompute = command.AddOption<string?>(
            Heading.Run, "--recompute", "VERTEX|all",
            "make a vertex anew from the trace's header, feed it what it took, and compare what it sends bit for "
            + "bit; the trace needs payloads");
        var (html, perfetto) = TraceCommand.AddPictures(command);
        command.SetAction((result, cancellation) =>
        {
            var path = result.GetValue(file)
                ?? throw new UsageException("FILE: it is missing; give the trace to audit");
            var pictures = new TracePictures(result.GetValue(html), result.GetValue(perfetto));
            pictures.Require(path);
            var report = Audit(path, result.GetValue(recompute), cancellation);
            report.Write(terminal, CommandOptions.IsJson(result));
            var (_, failure) = pictures.Draw(path);
            if (failure is not null) terminal.Complain(failure);
            return Task.FromResult(
                report.Violations > 0 ? ExitCode.CheckFailed : failure is null ? ExitCode.Done : ExitCode.RunFailed);
        });
        return command;
    }

    private static AuditReport Audit(string path, string? recompute, CancellationToken cancellation)
    {
        using var reader = TraceReader.Open(path);
        var vertices = recompute is null ? null : VerticesOf(reader.Header, path, recompute);
        var result = TraceAudit.Run(reader.Header, reader.Records(cancellation));
        var recomputed = recompute is null ? null : Recomputation.Run(path, vertices, cancellation);
        return new AuditReport(path, reader.Header, result, recomputed);
    }

    private static List<int> VerticesOf(TraceHeader header, string path, string name)
    {
        if (!header.Payloads)
            throw new UsageException(
                $"--recompute: {path} has no payloads, so what was sent is not known; record it with 'pcnode trace "
                + "--payloads'");
        var found = header.Vertices.Where(v => v.Name == name).Select(v => v.Id).ToList();
        if (found.Count > 0) return found;
        if (name == AllVertices) return [.. header.Vertices.Select(v => v.Id)];
        throw new UsageException(
            $"--recompute: {path} has no vertex "
            + $"'{name}'{Suggestion.For(name, header.Vertices.Select(v => v.Name).Append(AllVertices))}");
    }
}
