using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Reference;
using PcActors.Testing;

namespace PcActors.Tests.Learning;

/// <summary>How far the first update of a rule is from backpropagation's.</summary>
internal static class UpdateDistance
{
    /// <summary>|d theta - d theta of BP| / |d theta of BP|, over all parameters or those
    /// whose name begins so.</summary>
    public static double Of<T>(
        Trial trial, Graph<T> graph, Graph<T>? runGraph = null, Func<IVertex<T>, IVertex<T>>? replace = null,
        string parameters = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var reference = new Backpropagation<T>(graph, trial.Loss, trial.Optimizer, trial.MicroBatches);
        runGraph ??= Levelling.Level(graph, everyLevel: !trial.Rule.RestsBehindWave);
        var network = trial.Network(runGraph, replace);
        var batch = RandomBatch.Create(graph, trial.Loss, trial.MicroBatches, trial.DataSeed);
        reference.Step(batch);
        network.Step(batch);
        var (difference, size) = (0.0, 0.0);
        foreach (var vertex in graph.Parameters.Where(p => p.Name.StartsWith(parameters, StringComparison.Ordinal)))
        {
            var before = vertex.Initial!.Span;
            var expected = reference.Parameter(vertex.Id).Span;
            var actual = network.Parameter(network.Graph.Find(vertex.Name).Id).Span;
            for (var i = 0; i < before.Length; i++)
            {
                difference += Square(double.CreateChecked(actual[i]) - double.CreateChecked(expected[i]));
                size += Square(double.CreateChecked(expected[i]) - double.CreateChecked(before[i]));
            }
        }
        return Math.Sqrt(difference / size);
    }

    private static double Square(double x) => x * x;
}
