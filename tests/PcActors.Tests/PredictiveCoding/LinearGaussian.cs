using MathNet.Numerics.LinearAlgebra;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>The mode of a linear Gaussian network given what is clamped, by one dense least squares problem: all its
/// residuals are affine in what moves.</summary>
internal static class LinearGaussian
{
    /// <summary>Runs inference under every rule that settles there, and compares all values with the mode.</summary>
    /// <param name="graph">The network, its latent vertices marked.</param>
    /// <param name="codings">Its precisions and priors.</param>
    /// <param name="clamps">What is clamped.</param>
    /// <param name="rules">The rules, with rates at which they settle.</param>
    /// <param name="sweeps">Sweeps of the forward initialisation.</param>
    /// <param name="what">Names the case when it fails.</param>
    public static async Task AssertSettlesAsync(
        Graph<double> graph, IReadOnlyList<VertexCoding> codings, Dictionary<string, Clamp<double>> clamps,
        IReadOnlyList<LearningRule> rules, string what, int sweeps = 1)
    {
        var definition = new FreeEnergyDefinition(graph, Loss.SquaredError, codings);
        var free = new List<(string Vertex, int Element)>();
        foreach (var leaf in graph.DataLeaves.Where(v => !v.IsFree))
            definition.Values[leaf.Name] = clamps[leaf.Name].Value!;
        foreach (var name in definition.Moving)
        {
            var clamp = clamps.GetValueOrDefault(name);
            definition.Values[name] = clamp?.Value?.Clone() ?? new Tensor<double>(graph.Find(name).Shape);
            for (var i = 0; i < definition.Values[name].Length; i++)
            {
                if (clamp?.Value is null || clamp.Mask is { } mask && mask.Span[i] == 0) free.Add((name, i));
            }
        }
        var target = clamps.GetValueOrDefault(graph.Root.Name);
        (definition.Target, definition.TargetMask) = (target?.Value, target?.Mask);
        Solve(definition, free);
        var samples = graph.Root.Shape[0];
        foreach (var rule in rules)
        {
            var options = Networks.Options(rule) with { Codings = codings, Sweeps = sweeps };
            await using var network = await Network<double>.StartAsync(graph, options);
            var inference = await network.InferAsync(clamps, [.. definition.Moving, graph.Root.Name]);
            foreach (var name in definition.Moving)
            {
                Networks.AssertClose(definition.Values[name].Span, inference.Values[name].Span, 1e-9,
                    $"{what}, {rule.Name}: '{name}'");
            }
            Networks.AssertClose(definition.Predictions()[graph.RootId].Span, inference.Values[graph.Root.Name].Span,
                1e-9,
                $"{what}, {rule.Name}: the root");
            Networks.AssertClose(definition.Total() / samples, inference.Record.FreeEnergy, 1e-9,
                $"{what}, {rule.Name}: F");
        }
    }

    private static void Solve(FreeEnergyDefinition definition, List<(string Vertex, int Element)> free)
    {
        if (free.Count == 0) return;
        foreach (var (vertex, element) in free) definition.Values[vertex].Writable[element] = 0;
        var origin = Vector<double>.Build.Dense(definition.Residuals());
        var matrix = Matrix<double>.Build.Dense(origin.Count, free.Count);
        for (var j = 0; j < free.Count; j++)
        {
            ref var moved = ref definition.Values[free[j].Vertex].Writable[free[j].Element];
            moved = 1;
            matrix.SetColumn(j, Vector<double>.Build.Dense(definition.Residuals()) - origin);
            moved = 0;
        }
        var mode = matrix.QR().Solve(-origin);
        for (var j = 0; j < free.Count; j++) definition.Values[free[j].Vertex].Writable[free[j].Element] = mode[j];
    }
}
