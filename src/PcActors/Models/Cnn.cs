using System.Globalization;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>A small convolutional network: 3 x 3 convolutions, each followed by a rectifier and, while the image is larger
/// than one pixel, a maximum over 2 x 2; then a hidden dense layer.</summary>
internal sealed class Cnn() : Architecture(
    "cnn", "3 x 3 convolutions with maxima over 2 x 2 between them, then dense layers; 32 and 64 channels, 128 hidden units",
    ModelSizes.Channels | ModelSizes.Hidden)
{
    private static readonly int[] OwnChannels = [32, 64];
    private static readonly int[] OwnHidden = [128];

    public override Shape UsualSample { get; } = new(28, 28);

    public override int UsualBatch => 64;

    private protected override Graph<T> Create<T>(ModelOptions options)
    {
        var builder = new GraphBuilder<T>(options.Seed);
        var layer = SampleShapes.Images(builder, options);
        var number = 0;
        foreach (var channels in options.Channels ?? OwnChannels)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"conv{++number}");
            layer = layer.Conv(name, channels, kernel: 3, padding: 1).Relu($"{name}/relu");
            if (Math.Min(layer.Shape[2], layer.Shape[3]) > 1) layer = layer.MaxPool(2, name: $"{name}/pool");
        }
        layer = layer.Flatten(name: "flatten");
        number = 0;
        foreach (var units in options.Hidden ?? OwnHidden)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"hidden{++number}");
            layer = layer.Dense(name, units, Initializer.HeNormal).Relu($"{name}/relu");
        }
        return builder.Build(layer.Dense("output", options.ClassCount));
    }
}
