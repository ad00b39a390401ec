using System.Globalization;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>A small convolutional network: 3 x 3 convolutions, each followed by a rectifier
/// and, while the image is larger than one pixel, a maximum over 2 x 2; then a hidden dense layer.</summary>
internal sealed class Cnn() : Architecture(
    "cnn",
    "3 x 3 convolutions with maxima over 2 x 2 between them, then dense layers; 32 and 64 channels, 128 hidden units",
    ModelSizes.Channels | ModelSizes.Hidden)
{
    private static readonly int[] OwnChannels = [32, 64];
    private static readonly int[] OwnHidden = [128];

    public override Shape UsualSample { get; } = new(28, 28);

    public override int UsualBatch => 64;

    internal override bool TakesChannels => true;

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

/// <summary>AlexNet: five convolutions, maxima after the first, the second and the fifth, two
/// hidden dense layers.</summary>
/// <remarks>Krizhevsky, Sutskever, Hinton, NeurIPS 2012, with the channels of its one-column
/// form (Krizhevsky 2014). From 64 pixels on it is that network; smaller images get the 3 x 3 filters and 2 x 2 maxima
/// usual for CIFAR-10, and images below 16 pixels fewer units. Without dropout: a step is then a function of its batch
/// and parameters alone.</remarks>
internal sealed class AlexNet() : Architecture(
    "alexnet", "five convolutions and two hidden dense layers, fitted to the image's size",
    ModelSizes.Channels | ModelSizes.Hidden)
{
    public override Shape UsualSample { get; } = new(3, 32, 32);

    public override int UsualBatch => 32;

    internal override bool TakesChannels => true;

    private protected override Graph<T> Create<T>(ModelOptions options)
    {
        var image = SampleShapes.Image(options.SampleShape);
        var side = Math.Min(image[1], image[2]);
        var isSmall = SampleShapes.IsSmall(options.SampleShape);
        var channels = ListOf(options.Channels, "numbers of channels",
            isSmall ? [32, 64, 96, 64, 64] : [64, 192, 384, 256, 256]);
        var hidden = ListOf(options.Hidden, "numbers of hidden units", isSmall ? [256, 256] : [4096, 4096]);
        var isLarge = side >= 64;

        var builder = new GraphBuilder<T>(options.Seed);
        var layer = SampleShapes.Images(builder, options);
        layer = isLarge
            ? layer.Conv("conv1", channels[0], kernel: 11, stride: 4, padding: 2)
            : layer.Conv("conv1", channels[0], kernel: 3, stride: side >= 32 ? 2 : 1, padding: 1);
        layer = Pool(layer.Relu("conv1/relu"), "conv1/pool", isLarge);
        layer = layer.Conv("conv2", channels[1], kernel: isLarge ? 5 : 3, padding: isLarge ? 2 : 1).Relu("conv2/relu");
        layer = Pool(layer, "conv2/pool", isLarge);
        for (var number = 3; number <= 5; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"conv{number}");
            layer = layer.Conv(name, channels[number - 1], kernel: 3, padding: 1).Relu($"{name}/relu");
        }
        layer = Pool(layer, "conv5/pool", isLarge).Flatten(name: "flatten");
        layer = layer.Dense("hidden1", hidden[0], Initializer.HeNormal).Relu("hidden1/relu");
        layer = layer.Dense("hidden2", hidden[1], Initializer.HeNormal).Relu("hidden2/relu");
        return builder.Build(layer.Dense("output", options.ClassCount));
    }

    /// <summary>Maxima over 3 x 3 that overlap, over 2 x 2 on small images, and none where there is
    /// nothing left to pool.</summary>
    private static Node<T> Pool<T>(Node<T> layer, string name, bool isLarge)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var kernel = isLarge ? 3 : 2;
        return Math.Min(layer.Shape[2], layer.Shape[3]) < kernel ? layer : layer.MaxPool(kernel, stride: 2, name: name);
    }
}
