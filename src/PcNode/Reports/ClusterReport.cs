using PcActors.Cluster;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>How a cluster is, as tables or as JSON lines.</summary>
internal static class ClusterReport
{
    public static void Write(Terminal terminal, ClusterStatus status, bool json)
    {
        if (json) WriteJson(terminal.Output, status);
        else WriteTables(terminal, status);
    }

    private static void WriteJson(TextWriter output, ClusterStatus status)
    {
        foreach (var node in status.Members)
        {
            JsonLines.Write(
                output,
                ("event", "member"),
                ("address", node.Address),
                ("roles", node.Roles),
                ("status", node.Status),
                ("reachable", node.IsReachable),
                ("version", node.Version),
                ("coordinator", node.IsCoordinator),
                ("answers", node.Parts is not null),
                ("vertices", node.Parts?.Sum(p => p.Vertices)));
            foreach (var part in node.Parts ?? [])
            {
                JsonLines.Write(
                    output,
                    ("event", "part"),
                    ("address", node.Address),
                    ("run", part.Run),
                    ("placement", part.Term),
                    ("vertices", part.Vertices),
                    ("messagesSent", part.Sent.Messages),
                    ("messagesReceived", part.Received.Messages),
                    ("bytesSent", part.Sent.Bytes),
                    ("bytesReceived", part.Received.Bytes));
            }
        }
        foreach (var run in status.Runs)
        {
            JsonLines.Write(
                output,
                ("event", "run"),
                ("run", run.Run),
                ("model", run.Model),
                ("client", run.Client),
                ("placement", run.Term),
                ("nodes", run.Nodes),
                ("steps", run.Step));
        }
    }

    private static void WriteTables(Terminal terminal, ClusterStatus status)
    {
        var nodes = new FittingTable(
            new Column("node", IsText: true), new Column("roles", IsText: true), new Column("status", IsText: true),
            new Column("vertices"),
            new Column("run", IsText: true), new Column("messages out/in"), new Column("MB out/in"),
            new Column("version", IsText: true));
        foreach (var node in status.Members)
        {
            var state =
                $"{node.Status}{(node.IsReachable ? "" : ", unreachable")}{(node.Parts is null ? ", silent" : "")}";
            var roles = $"{string.Join(", ", node.Roles)}{(node.IsCoordinator ? " *" : "")}";
            if (node.Parts is not { Count: > 0 } parts)
            {
                nodes.AddRow(node.Address, roles, state, "", "", "", "", node.Version);
                continue;
            }
            foreach (var part in parts)
            {
                nodes.AddRow(
                    node.Address, roles, state, Number(part.Vertices), part.Run[..Math.Min(12, part.Run.Length)],
                    $"{Number(part.Sent.Messages)} / {Number(part.Received.Messages)}",
                    $"{Megabytes(part.Sent.Bytes)} / {Megabytes(part.Received.Bytes)}", node.Version);
            }
        }
        nodes.Write(terminal);
        terminal.Print("* has the coordinator");
        if (status.Runs.Count == 0)
        {
            terminal.Print("no runs");
            return;
        }
        var runs = new FittingTable(
            new Column("run", IsText: true), new Column("model", IsText: true), new Column("steps"),
            new Column("nodes"),
            new Column("placement", IsText: true), new Column("client", IsText: true));
        foreach (var run in status.Runs)
            runs.AddRow(run.Run[..Math.Min(12, run.Run.Length)], run.Model, Number(run.Step), Number(run.Nodes),
                run.Term, run.Client);
        runs.Write(terminal);
    }

    private static string Number(long number) => $"{number:#,0}";

    private static string Megabytes(long bytes) => $"{bytes / 1e6:0.0}";
}
