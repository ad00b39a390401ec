using System.Numerics;
using Microsoft.Extensions.Logging;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcNode.Configuration;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>Says when a loss takes what the network has taken already.</summary>
internal static class LossNotice
{
    /// <summary>Warns of a softmax at the root under cross-entropy, which takes logits.</summary>
    public static void Tell<T>(Experiment experiment, Graph<T> graph, Terminal terminal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (experiment.Loss is not CrossEntropy) return;
        var vertex = graph.Root;
        while (vertex.Function?.OperatorType == "Identity") vertex = graph.Vertices[graph.Inputs(vertex.Id)[0].From];
        if (vertex.Function?.OperatorType != "Softmax") return;
        var input = graph.Vertices[graph.Inputs(vertex.Id)[0].From].Name;
        terminal.Say($"{SettingCatalogue.Loss.OptionName}: {experiment.Loss.Name} takes the softmax of logits, and "
            + $"'{graph.Root.Name}' is a softmax already, so it is taken twice; the logits are '{input}'",
            LogLevel.Warning);
    }
}
