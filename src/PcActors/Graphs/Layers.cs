using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Graphs;

/// <summary>Layers: an operator together with parameters of its own, which are named after the layer.</summary>
public static class Layers
{
    /// <summary>A 2-dimensional convolution of images [N, C, H, W] with square filters.</summary>
    /// <param name="input">The images.</param>
    /// <param name="name">The layer's name; its parameters are <c>name/weight</c> [channels, C, kernel, kernel] and
    /// <c>name/bias</c> [channels].</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Extent of a filter.</param>
    /// <param name="stride">Distance of two applications of a filter.</param>
    /// <param name="padding">Zeros on each side.</param>
    /// <param name="bias">Whether there is a bias, which starts at 0.</param>
    /// <param name="initializer">Distribution of the weight; He's normal one by default.</param>
    /// <exception cref="GraphException">The input is no image, or is smaller than a filter.</exception>
    public static Node<T> Conv<T>(
        this Node<T> input, string name, int channels, int kernel, int stride = 1, int padding = 0, bool bias = true,
        Initializer? initializer = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(input, name, 4, "[N, C, H, W]");
        var (builder, depth, area) = (input.Builder, input.Shape[1], kernel * kernel);
        var weight = builder.Parameter(
            $"{name}/weight", new Shape(channels, depth, kernel, kernel), initializer ?? Initializer.HeNormal,
            depth * area, channels * area);
        Node<T>[] parameters = bias
            ? [weight, builder.Parameter($"{name}/bias", new Tensor<T>(new Shape(channels)))]
            : [weight];
        return input.Apply("Conv", parameters, Windows(kernel, stride, padding), name);
    }

    /// <summary>The maximum over square windows of images [N, C, H, W].</summary>
    /// <param name="input">The images.</param>
    /// <param name="kernel">Extent of a window.</param>
    /// <param name="stride">Distance of two windows; the default is their extent.</param>
    /// <param name="padding">Padding on each side, which is never the maximum.</param>
    /// <param name="name">The vertex's name.</param>
    public static Node<T> MaxPool<T>(this Node<T> input, int kernel, int? stride = null, int padding = 0,
        string? name = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        input.Apply("MaxPool", [], Windows(kernel, stride ?? kernel, padding), name);

    /// <summary>Group normalisation over channels [N, C, ...] (Wu and He, ECCV 2018), with a scale and a
    /// bias for each channel.</summary>
    /// <param name="input">The features.</param>
    /// <param name="name">The layer's name; its parameters are <c>name/scale</c> and
    /// <c>name/bias</c>, both [C].</param>
    /// <param name="groups">Groups of channels; they must divide the channels.</param>
    public static Node<T> GroupNormalization<T>(this Node<T> input, string name, int groups)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => input.Apply(
        "GroupNormalization", Affine(input, name, input.Shape[1]), Attributes.Of(("num_groups", groups)), name);

    /// <summary>Layer normalisation over the last axis (Ba, Kiros, Hinton 2016), with a scale and a
    /// bias for each feature.</summary>
    /// <param name="input">The features.</param>
    /// <param name="name">The layer's name; its parameters are <c>name/scale</c> and <c>name/bias</c>.</param>
    public static Node<T> LayerNormalization<T>(this Node<T> input, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        input.Apply("LayerNormalization", Affine(input, name, input.Shape[-1]), null, name);

    /// <summary>The same dense layer for each token of sequences [N, S, F].</summary>
    /// <param name="input">The sequences.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="units">Output units.</param>
    /// <param name="initializer">Distribution of the weight; Glorot's uniform one by default.</param>
    public static Node<T> DenseTokens<T>(this Node<T> input, string name, int units, Initializer? initializer = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(input, name, 3, "[N, S, F]");
        return input.Reshape(-1, input.Shape[2]).Dense(name, units, initializer).Reshape(-1, input.Shape[1], units);
    }

    /// <summary>A number that does not learn.</summary>
    /// <param name="neighbour">Any vertex of the graph.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    internal static Node<T> Constant<T>(this Node<T> neighbour, string name, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensor = new Tensor<T>(Shape.Scalar);
        tensor.Writable[0] = T.CreateChecked(value);
        return neighbour.Builder.Constant(name, tensor);
    }

    private static Node<T>[] Affine<T>(Node<T> input, string name, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        input.Builder.Parameter($"{name}/scale", new Shape(features), Initializer.Constant(1), 1, 1),
        input.Builder.Parameter($"{name}/bias", new Tensor<T>(new Shape(features))),
    ];

    private static Attributes Windows(int kernel, int stride, int padding) => Attributes.Of(
        ("kernel_shape", new[] { kernel, kernel }), ("strides", new[] { stride, stride }),
        ("pads", new[] { padding, padding, padding, padding }));

    private static void Require<T>(Node<T> input, string name, int rank, string form)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (input.Shape.Rank != rank)
            throw new GraphException(
                $"the layer '{name}' wants an input {form}, but '{input.Name}' has the shape {input.Shape}", name);
    }
}
