using PcActors.Learning.Instruments;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>How far a disturbance got, for people and for programs.</summary>
internal sealed class LightConeReport(string model, LightCone cone, int time)
{
    /// <summary>Whether anything differed that could not.</summary>
    public int ExitCode => cone.IsContained ? PcNode.ExitCode.Done : PcNode.ExitCode.CheckFailed;

    /// <summary>One JSON object a timestep, and the result.</summary>
    public void WriteJson(Terminal terminal)
    {
        foreach (var step in cone.Steps)
        {
            JsonLines.Write(
                terminal.Output,
                ("event", "lightConeStep"),
                ("timesteps", step.Timesteps),
                ("differing", step.Differing),
                ("reachable", step.Reachable),
                ("largestDistance", step.LargestDistance),
                ("distanceLimit", step.DistanceLimit),
                ("outside", step.Outside.Count));
        }
        JsonLines.Write(
            terminal.Output,
            ("event", "lightCone"),
            ("model", model),
            ("vertex", cone.Vertex),
            ("at", time),
            ("timesteps", cone.Steps.Count - 1),
            ("contained", cone.IsContained));
    }

    /// <summary>A table of timesteps.</summary>
    public void WriteTable(Terminal terminal)
    {
        terminal.Print(
            $"the value of '{cone.Vertex}' is disturbed at time {time}; vertices that differ in any bit from the "
            + "undisturbed run:");
        var table = new FittingTable(
            new Column("timesteps later"), new Column("differ"), new Column("can differ"),
            new Column("largest distance"), new Column("at most"));
        foreach (var step in cone.Steps)
            table.AddRow(
                [.. new[] { step.Timesteps, step.Differing, step.Reachable, step.LargestDistance,
                    step.DistanceLimit }.Select(n => $"{n}")]);
        table.Write(terminal);
        var outside = cone.Steps.SelectMany(s => s.Outside).Distinct().Take(3).ToList();
        terminal.Print(
            cone.IsContained
                ? "nothing outside the light cone differs"
                : $"outside the light cone differ {string.Join(", ", outside)}");
    }
}
