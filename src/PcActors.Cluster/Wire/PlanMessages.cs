using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Vertices;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Wire;

/// <summary>Where a neighbour is.</summary>
/// <param name="Vertex">Its id.</param>
/// <param name="Node">Index of its node.</param>
internal readonly record struct Place(int Vertex, int Node);

/// <summary>To a node: what all vertices of the run have in common.</summary>
/// <param name="Options">What they have in common.</param>
/// <param name="Trace">What is recorded; null for nothing.</param>
internal sealed record RunOptions(VertexOptions Options, NodeTracing? Trace = null);

/// <summary>To a node: one of its vertices.</summary>
/// <param name="Description">The vertex and its edges.</param>
/// <param name="Inputs">Where its inputs are, by slot.</param>
/// <param name="Consumers">Where its consumers are, in canonical order.</param>
internal sealed record VertexPlan<T>(VertexDescription<T> Description, IReadOnlyList<Place> Inputs,
    IReadOnlyList<Place> Consumers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>To a node: the plan is complete.</summary>
/// <param name="Count">Vertices that it should have.</param>
internal sealed record SpawnVertices(int Count);

/// <summary>From a node: its vertices are there and connected.</summary>
internal sealed record VerticesSpawned(int Index);

/// <summary>From a node: a vertex has failed and is stopped.</summary>
internal sealed record VertexFault(string Vertex, string Cause);

/// <summary>From a node: it cannot do its part of the run.</summary>
internal sealed record NodeFault(int Index, string Cause);
