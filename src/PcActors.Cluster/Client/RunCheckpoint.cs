using System.Numerics;
using PcActors.Actors;
using PcActors.Graphs;
using PcActors.Learning.Vertices;
using PcActors.Learning;

namespace PcActors.Cluster.Client;

/// <summary>What a run goes on from when its coordinator or a worker is lost.</summary>
/// <param name="Step">Training steps that the states have learnt from.</param>
/// <param name="States">Parameters' states, by id; those that are not among them have their initial values.</param>
/// <param name="Counts">Messages between vertices up to there.</param>
internal sealed record RunCheckpoint<T>(long Step, IReadOnlyDictionary<int, ParameterSnapshot<T>> States, MessageCounts Counts)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What a new run goes on from.</summary>
    /// <param name="graph">The graph as it runs.</param>
    /// <param name="restored">Where an earlier run has come to; null for initial values.</param>
    public static RunCheckpoint<T> Of(Graph<T> graph, NetworkSnapshot<T>? restored)
    {
        if (restored is null) return new(0, new Dictionary<int, ParameterSnapshot<T>>(), new MessageCounts(0, 0));
        var states = graph.Parameters.Where(v => restored.States.ContainsKey(v.Name)).ToDictionary(v => v.Id, v => restored.States[v.Name]);
        return new(states.Values.Select(s => s.Updates).DefaultIfEmpty(0).Max(), states, restored.Messages);
    }

    /// <summary>The same by parameters' names.</summary>
    public NetworkSnapshot<T> Named(Graph<T> graph) => new(States.ToDictionary(s => graph.Vertices[s.Key].Name, s => s.Value, StringComparer.Ordinal), Counts);
}

/// <summary>To a run's client: what the network is after the steps that were asked for before.</summary>
internal sealed record CheckpointCollection<T> : Job<RunCheckpoint<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
