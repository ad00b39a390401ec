using System.Globalization;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>A multilayer perceptron: dense layers with tanh between them, and logits at the end.</summary>
internal sealed class Mlp() : Architecture(
    "mlp", "dense layers with tanh between them; 300 and 100 hidden units unless told otherwise", ModelSizes.Hidden)
{
    private static readonly int[] OwnHidden = [300, 100];

    public override Shape UsualSample { get; } = new(28, 28);

    public override int UsualBatch => 128;

    private protected override Graph<T> Create<T>(ModelOptions options)
    {
        var builder = new GraphBuilder<T>(options.Seed);
        var layer = builder.Data("input", new Shape(options.MicroBatchSize, options.SampleShape.Length));
        var number = 0;
        foreach (var units in options.Hidden ?? OwnHidden)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"hidden{++number}");
            layer = layer.Dense(name, units).Tanh($"{name}/tanh");
        }
        return builder.Build(layer.Dense("output", options.ClassCount));
    }
}
