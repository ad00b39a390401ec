using PcActors.Cluster.Placing;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>A placement, as JSON or as tables. Nodes count from 1.</summary>
/// <param name="plan">The placement.</param>
/// <param name="schedule">How a step would go; null where the rule has no wave.</param>
internal sealed class PlacementReport(PlacementPlan plan, ExpectedSchedule? schedule)
{
    /// <summary>A line for people, before a run.</summary>
    public string Line =>
        $"{plan.Nodes.Count} nodes with "
        + $"{string.Join(", ", plan.Nodes.Select(n => $"{n.Share * n.RelativeLoad:0 %}"))} of the work; " +
        $"{plan.CutMessages:#,0} messages, {plan.CutBytes:#,0} bytes a step between them";

    /// <summary>The placement as one value of a JSON object.</summary>
    public object Json => new (string, object?)[]
    {
        ("nodes", plan.Nodes.Select((n, i) => new (string, object?)[]
        {
            ("node", i + 1), ("share", n.Share), ("vertices", n.Vertices), ("parameterBytes", n.ParameterBytes),
            ("operations", n.Operations), ("relativeLoad", n.RelativeLoad),
        }).ToList()),
        ("cuts", plan.Cuts.Select(c => new (string, object?)[]
        {
            ("first", c.First + 1), ("second", c.Second + 1), ("messagesForth", c.Forth.Messages),
            ("bytesForth", c.Forth.Bytes),
            ("messagesBack", c.Back.Messages), ("bytesBack", c.Back.Bytes),
        }).ToList()),
        ("cutMessages", plan.CutMessages),
        ("cutBytes", plan.CutBytes),
        ("criticalPath", new (string, object?)[]
        {
            ("operations", plan.Path.Operations), ("vertices", plan.Path.Vertices), ("crossings", plan.Path.Crossings),
            ("crossingBytes", plan.Path.CrossingBytes),
        }),
        ("utilisation", schedule?.Utilisation),
        ("nodesBusy", schedule?.AverageBusy),
        ("mostNodesBusy", schedule?.MostBusy),
    };

    /// <summary>Writes the tables.</summary>
    public void WriteTables(Terminal terminal)
    {
        var nodes = NewTable(4, "node", "share", "load", "vertices", "operations a step", "parameters, bytes");
        for (var i = 0; i < plan.Nodes.Count; i++)
        {
            var node = plan.Nodes[i];
            nodes.AddRow(
                $"{i + 1}", $"{node.Share:0.0 %}", $"{node.RelativeLoad:0.00}", $"{node.Vertices:#,0}",
                $"{node.Operations:#,0}", $"{node.ParameterBytes:#,0}");
        }
        nodes.Write(terminal);
        if (plan.Cuts.Count == 0) return;
        var cuts = NewTable(5, "between", "messages forth", "bytes forth", "messages back", "bytes back");
        foreach (var cut in plan.Cuts)
        {
            cuts.AddRow(
                $"{cut.First + 1} and {cut.Second + 1}", $"{cut.Forth.Messages:#,0}", $"{cut.Forth.Bytes:#,0}",
                $"{cut.Back.Messages:#,0}", $"{cut.Back.Bytes:#,0}");
        }
        cuts.Write(terminal);
    }

    /// <summary>What tables do not say.</summary>
    public (string Name, string? Value)[] Summary =>
    [
        ("between nodes", $"{plan.CutMessages:#,0} messages, {plan.CutBytes:#,0} bytes a step"),
        ("critical path",
            $"{plan.Path.Operations:#,0} operations on {plan.Path.Vertices:#,0} vertices; it goes "
            + $"{plan.Path.Crossings:#,0} times from node to node, with {plan.Path.CrossingBytes:#,0} bytes"),
        ("nodes at work",
            schedule is null
                ? null
                : $"{schedule.AverageBusy:0.0} at a time, at most {schedule.MostBusy}, if messages took no time: "
                    + $"{schedule.Utilisation:0 %} of their capacity"),
    ];

    private static FittingTable NewTable(int required, params string[] columns) =>
        new([.. columns.Select(c => new Column(c))]) { Required = required };
}
