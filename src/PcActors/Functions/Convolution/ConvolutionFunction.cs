using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.Convolution;

namespace PcActors.Functions;

/// <summary>What Conv and ConvTranspose have in common: inputs X, W and, optional, B.</summary>
public abstract class ConvolutionFunction<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaxAxes = 3;

    private protected ConvolutionFunction(Attributes attributes)
    {
        Attributes = attributes;
        Settings = new ConvolutionAttributes(attributes);
    }

    /// <inheritdoc/>
    public sealed override Attributes Attributes { get; }

    /// <inheritdoc/>
    public sealed override int MinInputs => 2;

    /// <inheritdoc/>
    public sealed override int MaxInputs => 3;

    private protected ConvolutionAttributes Settings { get; }

    /// <inheritdoc/>
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (x, w) = (inputs[0], inputs[1]);
        if (x.Rank is < 3 or > 2 + MaxAxes)
            throw Misfit($"X is {x}; it must be [batch, channels, ...] with 1 to {MaxAxes} spatial axes");
        if (w.Rank != x.Rank) throw Misfit($"X is {x} and W is {w}; both must have as many axes");
        for (var axis = 2; axis < w.Rank; axis++)
        {
            if (w[axis] == 0) throw Misfit($"W is {w}; its kernel has no taps");
        }
        if (Settings.Misfit(w) is { } wrong) throw Misfit(wrong);
        var channels = OutputChannels(x, w);
        if (inputs.Length == 3 && !inputs[2].Equals(new Shape(channels)))
            throw Misfit($"B is {inputs[2]}; it must be [{channels}], one for each output channel");
        var extents = new int[x.Rank];
        (extents[0], extents[1]) = (x[0], channels);
        for (var axis = 2; axis < x.Rank; axis++)
        {
            var extent = OutputExtent(axis - 2, x[axis], w[axis]);
            if (extent > int.MaxValue) throw Misfit($"axis {axis} of the output would have {extent} elements, more than 2^31 - 1");
            extents[axis] = (int)extent;
        }
        try
        {
            return new Shape(extents);
        }
        catch (ShapeException tooLarge)
        {
            throw Misfit($"the output would be too large: {tooLarge.Message}");
        }
    }

    /// <inheritdoc/>
    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        Products(inputs, prediction) + (inputs.Length == 3 ? prediction.Length : 0);

    /// <inheritdoc/>
    public sealed override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        input == 2 ? prediction.Length : Products(inputs, prediction);

    /// <summary>The number of output channels, once it is known that the channels fit the groups.</summary>
    private protected abstract int OutputChannels(Shape x, Shape w);

    /// <summary>The extent of a spatial axis of the output.</summary>
    private protected abstract long OutputExtent(int axis, int input, int kernel);

    private protected abstract long Products(ReadOnlySpan<Shape> inputs, Shape prediction);

    /// <summary>The axis of the convolution that maps an image of one extent to an output of another.</summary>
    private protected abstract ConvolutionAxis Axis(int axis, int image, int kernel, int output);

    /// <summary>Multiply-adds of one channel with another.</summary>
    private protected static long Taps(Shape weight) => weight.LengthOf(2, weight.Rank);

    /// <summary>The convolution that maps an image to an output; for a transposed one, the prediction is the image.</summary>
    private protected ConvolutionShape Convolution(Shape image, Shape weight, Shape output)
    {
        var axes = weight.Rank - 2;
        return new ConvolutionShape(
            image[0], Settings.Group, weight[1], weight[0] / Settings.Group,
            axes > 2 ? At(axes - 3) : ConvolutionAxis.None,
            axes > 1 ? At(axes - 2) : ConvolutionAxis.None,
            At(axes - 1));

        ConvolutionAxis At(int axis) => Axis(axis, image[axis + 2], weight[axis + 2], output[axis + 2]);
    }

    /// <summary>The pull-back to B: the errors of each channel, by <see cref="Reductions"/> in each sample, samples in
    /// order.</summary>
    private protected static void PullBackBias(Tensor<T> error, Tensor<T> result)
    {
        var sums = result.Writable;
        sums.Clear();
        var length = error.Shape.LengthOf(2, error.Shape.Rank);
        for (var start = 0; start < error.Length; start += length)
            sums[start / length % sums.Length] += Reductions.Sum(error.Span.Slice(start, length));
    }
}
