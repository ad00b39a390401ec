using System.Numerics;
using PcActors.Learning;

namespace PcActors.Clustering.Client;

/// <summary>What a run goes on from when its coordinator or a worker is lost.</summary>
/// <param name="Step">Training steps that the states have learnt from.</param>
/// <param name="States">Parameters' states, by id; those that are not among them have their initial values.</param>
/// <param name="Counts">Messages between vertices up to there.</param>
internal sealed record RunCheckpoint<T>(long Step, IReadOnlyDictionary<int, ParameterSnapshot<T>> States, MessageCounts Counts)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
