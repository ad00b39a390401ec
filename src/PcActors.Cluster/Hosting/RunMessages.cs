using System.Numerics;
using Akka.Actor;
using PcActors.Actors;
using PcActors.Graphs;
using PcActors.Learning.Vertices;
using PcActors.Learning;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Hosting;

/// <summary>One epoch of a run: who takes part, and from where it goes on.</summary>
/// <param name="Run">The run's name, unlike any other's.</param>
/// <param name="Client">Address of the client's node.</param>
/// <param name="Epoch">From 1; raised whenever the graph is placed anew.</param>
/// <param name="Graph">The graph as it runs.</param>
/// <param name="Options">What all vertices have in common.</param>
/// <param name="Workers">The workers.</param>
/// <param name="Places">Index of the worker of each vertex, by id.</param>
/// <param name="Snapshot">What parameters go on from, by id; empty for their initial values.</param>
/// <param name="Trace">What is recorded; null for nothing.</param>
internal sealed record RunEpoch<T>(
    string Run, string Client, int Epoch, Graph<T> Graph, VertexOptions Options, IReadOnlyList<Address> Workers, int[] Places,
    IReadOnlyDictionary<int, ParameterSnapshot<T>> Snapshot, NodeTracing? Trace = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>All vertices of an epoch are there: steps can begin.</summary>
internal sealed record EpochReady(int Epoch);

/// <summary>An epoch has broken for a reason that another one would not mend.</summary>
internal sealed record EpochBroken(int Epoch, string Cause, string? Vertex = null);

/// <summary>To an epoch: ask every parameter for its state.</summary>
/// <param name="Step">Training steps that the state should have learnt from.</param>
internal sealed record TakeSnapshot(long Step);

/// <summary>From an epoch: every parameter's state, by id.</summary>
internal sealed record SnapshotTaken<T>(int Epoch, IReadOnlyDictionary<int, ParameterSnapshot<T>> Snapshot)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>To an epoch, from itself: ask again whoever has not answered.</summary>
internal sealed record AskAgain
{
    public static AskAgain Instance { get; } = new();
}

/// <summary>To an epoch: collect what all nodes have counted on their links, in order of node and peer.</summary>
internal sealed record LinkCounterCollection : Job<IReadOnlyList<LinkCounters>>;
