using System.Numerics;
using PcActors.Graphs;
using PcNode.Configuration;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>How many vertices of a network are latent under an experiment's rule, and by which choice.</summary>
/// <param name="Latents">Latent vertices.</param>
/// <param name="Functions">Vertices with a function.</param>
/// <param name="Free">Free data leaves.</param>
/// <param name="Choice">The choice: a word, names, or where they come from.</param>
internal sealed record LatentCount(int Latents, int Functions, int Free, string Choice)
{
    /// <summary>The count; null where values do not settle.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="graph">Its graph, divided.</param>
    public static LatentCount? Of<T>(Experiment experiment, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!experiment.Infers) return null;
        var run = experiment.LearningRule!.RunGraphOf(graph, latents: experiment.Coding.Choice);
        return new LatentCount(
            run.Vertices.Count(v => v.IsLatent),
            run.Vertices.Count(v => v.Kind == VertexKind.Function),
            run.Vertices.Count(v => v.IsFree),
            experiment.Coding.LatentsText != ValueTypes.Auto ? experiment.Coding.LatentsText
                : graph.HasLatents ? "those that the network marks"
                : PcActors.Graphs.Latents.Activations.Text);
    }

    /// <summary>Refuses a network in which inference would move nothing, unless that is what was asked for.</summary>
    /// <exception cref="UsageException">It is one; the message says what to choose.</exception>
    public static void Require<T>(Experiment experiment, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (experiment.Coding.IsNone || Of(experiment, graph) is not { Latents: 0, Free: 0 } count) return;
        throw new UsageException(
            $"{SettingCatalogue.Latents.OptionName}: under the rule {experiment.Rule} nothing would be latent in "
            + $"{experiment.Model} by {count.Choice}, so inference would move nothing; give every, products or names "
            + $"of "
            + "vertices, or none for backpropagation's update");
    }

    /// <summary>Says it, where values settle.</summary>
    public static void Tell<T>(Experiment experiment, Graph<T> graph, Terminal terminal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Of(experiment, graph) is not { } count) return;
        var free = count.Free == 0 ? "" : $", {count.Free} free data {(count.Free == 1 ? "leaf" : "leaves")}";
        terminal.Say($"latent: {count.Latents:#,0} of {count.Functions:#,0} function vertices ({count.Choice}){free}");
    }
}
