using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Tensors;

namespace PcActors.Runs;

/// <summary>All that a network goes on from between two steps.</summary>
/// <param name="Step">Training steps made.</param>
/// <param name="States">Parameters' states, by the name of their vertex.</param>
/// <param name="Messages">Messages between vertices up to here.</param>
public sealed record NetworkSnapshot<T>(long Step, IReadOnlyDictionary<string, ParameterSnapshot<T>> States,
    MessageCounts Messages)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The network's <see cref="NetworkOptions.Seed"/>; null when that is not known.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The parameters' values after the best epoch of a training, by the name of their vertex; null when
    /// those are not kept.</summary>
    public IReadOnlyDictionary<string, Tensor<T>>? Best { get; init; }

    /// <summary>The parameters that the training has come to, whole (blocks are joined), in graph order: those of the
    /// best epoch where they are kept, else those of the last step.</summary>
    /// <param name="graph">The graph that it is a snapshot of.</param>
    public IReadOnlyList<NamedTensor<T>> ParametersOf(Graph<T> graph) => Parameters.Join(graph, id =>
        graph.Vertices[id].Name is var name && Best is not null ? Best[name] : States[name].Value);

    /// <summary>Refuses to be what a graph goes on from when it is another's.</summary>
    /// <exception cref="ArgumentException">A parameter has no state here, one of another shape, or
    /// one of another optimizer; or the seed is another one.</exception>
    internal void RequireFit(Graph<T> graph, NetworkOptions options)
    {
        var optimizer = options.Optimizer;
        if (Seed is { } seed && seed != options.Seed)
            throw new ArgumentException(
                $"the snapshot is of a network with the seed {seed}, and the seed {options.Seed} is given; what is "
                + "drawn at random would differ");
        foreach (var parameter in graph.Parameters)
        {
            if (!States.TryGetValue(parameter.Name, out var state))
                throw new ArgumentException($"there is no state of the parameter '{parameter.Name}' to go on from");
            if (!state.Value.Shape.Equals(parameter.Shape))
                throw new ArgumentException(
                    $"the state of the parameter '{parameter.Name}' is of shape {state.Value.Shape}; "
                    + $"{parameter.Shape} is needed");
            // Before the first update there may be none.
            if ((state.Updates > 0 || state.OptimizerState.Count > 0)
                && state.OptimizerState.Count != optimizer.StateTensors)
            {
                throw new ArgumentException(
                    $"the state of the parameter '{parameter.Name}' has {state.OptimizerState.Count} tensors of an "
                    + $"optimizer; {optimizer.Name} has {optimizer.StateTensors}");
            }
        }
    }
}
