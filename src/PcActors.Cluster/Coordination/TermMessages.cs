using System.Numerics;
using Akka.Actor;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Coordination;

/// <summary>A run between two placements of its graph: who takes part, and from where it goes on.</summary>
/// <param name="Run">The run's name, unlike any other's.</param>
/// <param name="Client">Address of the client's node.</param>
/// <param name="Number">See <see cref="Membership.TermNumber"/>.</param>
/// <param name="Graph">The graph as it runs.</param>
/// <param name="Options">What all vertices have in common.</param>
/// <param name="Retries">When a step is tried again.</param>
/// <param name="Workers">The workers.</param>
/// <param name="Places">Index of the worker of each vertex, by id.</param>
/// <param name="States">What parameters go on from, by id; those that are not among them begin with
/// their initial values.</param>
/// <param name="Step">Training steps that they have learnt from.</param>
/// <param name="Trace">What is recorded; null for nothing.</param>
internal sealed record Term<T>(
    string Run, string Client, int Number, Graph<T> Graph, VertexOptions Options, RetryPolicy Retries,
    IReadOnlyList<Address> Workers, int[] Places,
    IReadOnlyDictionary<int, ParameterSnapshot<T>> States, long Step, NodeTracing? Trace)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>All vertices of a term are there: steps can begin.</summary>
/// <param name="Term">The term.</param>
/// <param name="Coordinator">Takes jobs.</param>
internal sealed record TermReady(int Term, IActorRef Coordinator);

/// <summary>A term has broken for a reason that another one would not mend.</summary>
internal sealed record TermBroken(int Term, string Cause, string? Vertex = null);
