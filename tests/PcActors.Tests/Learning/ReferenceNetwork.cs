using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;

namespace PcActors.Tests.Learning;

/// <summary>Backpropagation as a network.</summary>
internal static class ReferenceNetwork
{
    public static Task<Network<T>> StartAsync<T>(
        Graph<T> graph, Loss loss, Optimizer optimizer, int microBatches = 1, NetworkSnapshot<T>? snapshot = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Network<T>.StartAsync(
        graph,
        new NetworkOptions { Where = new Reference(), Loss = loss, Optimizer = optimizer, MicroBatches = microBatches },
        snapshot);
}
