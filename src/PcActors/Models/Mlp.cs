using System.Globalization;
using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>A multilayer perceptron: dense layers with tanh between them, and logits at the end.</summary>
internal static class Mlp
{
    private static readonly int[] DefaultHidden = [300, 100];

    public static Graph<T> Build<T>(ModelOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var builder = new GraphBuilder<T>(options.Seed);
        var layer = builder.Data("input", new Shape(options.MicroBatchSize, options.SampleShape.Length));
        var number = 0;
        foreach (var units in options.Hidden ?? DefaultHidden)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"hidden{++number}");
            layer = layer.Dense(name, units).Tanh($"{name}/tanh");
        }
        return builder.Build(layer.Dense("output", options.ClassCount));
    }
}
