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

/// <summary>Residual blocks h + tanh(h W + b_k) that all share the weight W, and a skip
/// connection around all of them: the smallest network on which un-levelled Z-IL goes wrong in
/// every way that it can.</summary>
internal sealed class Residual() : Architecture(
    "residual", "tanh layers with skip connections, all with one shared weight", ModelSizes.Hidden)
{
    private const int Blocks = 3;

    public override Shape UsualSample { get; } = new(28, 28);

    public override int UsualBatch => 128;

    private protected override Graph<T> Create<T>(ModelOptions options)
    {
        var units = ListOf(options.Hidden, "number of hidden units", options.SampleShape.Length < 256 ? 64 : 512)[0];
        var builder = new GraphBuilder<T>(options.Seed);
        var input = builder.Data("input", new Shape(options.MicroBatchSize, options.SampleShape.Length));
        var first = input.Dense("embedding", units).Tanh("embedding/tanh");
        var weight = builder.Parameter("shared/weight", new Shape(units, units), Initializer.GlorotUniform, units,
            units);
        var layer = first;
        for (var number = 1; number <= Blocks; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"block{number}");
            var bias = builder.Parameter($"{name}/bias", new Tensor<T>(new Shape(units)));
            var branch = layer.MatMul(weight, $"{name}/product").Add(bias, $"{name}/sum").Tanh($"{name}/tanh");
            layer = layer.Add(branch, name);
        }
        return builder.Build(layer.Add(first, "skip").Dense("output", options.ClassCount));
    }
}
