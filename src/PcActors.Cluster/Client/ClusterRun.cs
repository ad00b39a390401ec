using System.Numerics;
using PcActors.Actors;
using PcActors.Graphs;
using PcActors.Learning;

namespace PcActors.Cluster.Client;

/// <summary>A run, as its client knows it.</summary>
/// <param name="Name">The run's name, unlike any other's.</param>
/// <param name="Source">The graph before levelling.</param>
/// <param name="Graph">The graph as it runs.</param>
/// <param name="VertexOptions">What all vertices have in common.</param>
/// <param name="Retries">When a step is tried again.</param>
/// <param name="Options">How it uses the cluster.</param>
/// <param name="Start">What it goes on from.</param>
/// <param name="Started">Completed when the first epoch can begin steps.</param>
internal sealed record ClusterRun<T>(
    string Name, Graph<T> Source, Graph<T> Graph, VertexOptions VertexOptions, RetryPolicy Retries, ClusterOptions Options,
    RunCheckpoint<T> Start, TaskCompletionSource<bool> Started)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A batch like those of the run's steps.</summary>
    public Batch<T> NewBatch() => new(Source, VertexOptions.Loss, VertexOptions.MicroBatches);

    /// <summary>Tells whoever watches.</summary>
    public void Report(string line) => Options.Progress?.Invoke(line);
}
