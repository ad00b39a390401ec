using System.Globalization;
using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>A transformer encoder that reads an image as a sequence of rows: attention
/// blocks, then the class from the mean over the tokens.</summary>
/// <remarks>Vaswani et al., NeurIPS 2017, with layer normalisation before each part (Xiong et al.,
/// ICML 2020), learnt positions, and without dropout. <c>hidden</c> is the units of the feed-forward part.</remarks>
internal sealed class Transformer() : Architecture(
    "transformer", "an encoder of attention blocks that reads an image row by row, fitted to the image's size",
    ModelSizes.Layers | ModelSizes.Width | ModelSizes.Heads | ModelSizes.Hidden)
{
    public override Shape UsualSample { get; } = new(28, 28);

    public override int UsualBatch => 32;

    private protected override Graph<T> Create<T>(ModelOptions options)
    {
        var isSmall = SampleShapes.IsSmall(options.SampleShape);
        var width = options.Width ?? (isSmall ? 64 : 256);
        var heads = options.Heads ?? (isSmall ? 4 : 8);
        var hidden = ListOf(options.Hidden, "number of hidden units", 4 * width)[0];
        if (width % heads != 0)
            throw new ArgumentException(
                $"{heads} heads cannot share {width} features; the width must be a multiple of the heads");

        var builder = new GraphBuilder<T>(options.Seed);
        var rows = SampleShapes.Rows(builder, options);
        var tokens = rows.Shape[1];
        var positions = builder.Parameter("position", new Shape(tokens, width), Initializer.Normal(0.02), tokens,
            width);
        var layer = rows.DenseTokens("embedding", width).Add(positions, "embedding/positions");
        for (var number = 1; number <= (options.Layers ?? 2); number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"block{number}");
            layer = layer.Add(Attention(layer.LayerNormalization($"{name}/norm1"), $"{name}/attention", heads),
                $"{name}/attended");
            var forward = layer.LayerNormalization($"{name}/norm2")
                .DenseTokens($"{name}/hidden", hidden, Initializer.HeNormal).Relu($"{name}/hidden/relu")
                .DenseTokens($"{name}/forward", width);
            layer = layer.Add(forward, name);
        }
        var mean = layer.LayerNormalization("norm").Mean([1], keepDims: false, "mean");
        return builder.Build(mean.Dense("output", options.ClassCount));
    }

    /// <summary>softmax(Q K^T / sqrt(d)) V for each head, and the heads' results mixed: Vaswani
    /// et al., section 3.2.</summary>
    private static Node<T> Attention<T>(Node<T> input, string name, int heads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (tokens, width) = (input.Shape[1], input.Shape[2]);
        var features = width / heads;
        var scale = input.Constant($"{name}/scale", 1 / Math.Sqrt(features));
        var query = Heads("query").Transpose(0, 2, 1, 3).Multiply(scale, $"{name}/scaled");
        var key = Heads("key").Transpose(0, 2, 3, 1);
        var value = Heads("value").Transpose(0, 2, 1, 3);
        return query.MatMul(key, $"{name}/scores").Softmax(-1, $"{name}/softmax").MatMul(value, $"{name}/mixed")
            .Transpose(0, 2, 1, 3).Reshape(-1, tokens, width).DenseTokens($"{name}/output", width);

        Node<T> Heads(string part) => input.DenseTokens($"{name}/{part}", width).Reshape(-1, tokens, heads, features);
    }
}
