using System.Globalization;
using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>ResNet-18: four stages of two basic blocks, each two 3 x 3 convolutions with a
/// shortcut around them.</summary>
/// <remarks>He, Zhang, Ren, Sun, CVPR 2016. From 64 pixels on the stem is its 7 x 7 convolution
/// and maximum; smaller images get the 3 x 3 stem usual for CIFAR-10, and images below 16 pixels a quarter of the
/// channels. Normalisation is by groups (Wu and He, ECCV 2018) in place of by batch: a sample's prediction then depends
/// on that sample alone, whatever the micro-batches, and there are no running statistics, which are no part of the
/// computational graph.</remarks>
internal sealed class ResNet18() : Architecture(
    "resnet18",
    "four stages of two residual blocks of 3 x 3 convolutions with group normalisation, fitted to the image's size",
    ModelSizes.Channels | ModelSizes.Layers)
{
    private const int Groups = 8;

    public override Shape UsualSample { get; } = new(3, 32, 32);

    public override int UsualBatch => 16;

    internal override bool TakesChannels => true;

    private protected override Graph<T> Create<T>(ModelOptions options)
    {
        var image = SampleShapes.Image(options.SampleShape);
        var side = Math.Min(image[1], image[2]);
        var stages = ListOf(options.Channels, "numbers of channels",
            SampleShapes.IsSmall(options.SampleShape) ? [16, 32, 64, 128] : [64, 128, 256, 512]);

        var builder = new GraphBuilder<T>(options.Seed);
        var layer = SampleShapes.Images(builder, options);
        layer = side >= 64
            ? Convolve(layer, "stem", stages[0], kernel: 7, stride: 2).Relu("stem/relu")
                .MaxPool(3, stride: 2, padding: 1, name: "stem/pool")
            : Convolve(layer, "stem", stages[0], kernel: 3, stride: 1).Relu("stem/relu");
        for (var stage = 0; stage < stages.Count; stage++)
        {
            for (var block = 0; block < (options.Layers ?? 2); block++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"stage{stage + 1}/block{block + 1}");
                layer = Block(layer, name, stages[stage], stride: stage > 0 && block == 0 ? 2 : 1);
            }
        }
        return builder.Build(
            layer.Apply("GlobalAveragePool", [], name: "pool").Flatten(name: "flatten")
                .Dense("output", options.ClassCount));
    }

    private static Node<T> Block<T>(Node<T> input, string name, int channels, int stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var branch = Convolve(input, $"{name}/conv1", channels, kernel: 3, stride).Relu($"{name}/conv1/relu");
        branch = Convolve(branch, $"{name}/conv2", channels, kernel: 3, stride: 1);
        var shortcut = stride == 1 && input.Shape[1] == channels
            ? input
            : Convolve(input, $"{name}/shortcut", channels, kernel: 1, stride);
        return branch.Add(shortcut, name).Relu($"{name}/relu");
    }

    /// <summary>A convolution without bias, which the normalisation behind it would take away again.</summary>
    private static Node<T> Convolve<T>(Node<T> input, string name, int channels, int kernel, int stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => input
        .Conv(name, channels, kernel, stride, padding: kernel / 2, bias: false)
        .GroupNormalization($"{name}/norm", LargestDivisor(channels, Groups));

    private static int LargestDivisor(int number, int atMost)
    {
        var divisor = Math.Min(number, atMost);
        while (number % divisor != 0) divisor--;
        return divisor;
    }
}
