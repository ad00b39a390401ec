using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Convolution;
using PcActors.Tensors.Kernels.Sums;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Convolutions.</summary>
internal static class ConvolutionOperators
{
    private static OperatorAttribute[] Shared =>
    [
        Extents("kernel_shape", least: 1), Extents("strides", least: 1), Extents("dilations", least: 1),
        Extents("pads"),
        Text("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"), Integer("group", 1, 1, int.MaxValue),
    ];

    public static Operator[] All =>
    [
        new("Conv", typeof(Conv<>)) { Inputs = ["X", "W", "B?"], Attributes = Shared },
        new("ConvTranspose", typeof(ConvTranspose<>))
        {
            Inputs = ["X", "W", "B?"],
            Attributes = [.. Shared, Extents("output_padding"), Extents("output_shape", least: 1)],
        },
    ];
}

/// <summary>What Conv and ConvTranspose have in common: inputs X, W and, optional, B.</summary>
internal abstract class ConvolutionFunction<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaxAxes = 3;

    protected ConvolutionAttributes Settings { get; } = new(settings);

    public sealed override bool IsProduct => true;

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
            if (extent > int.MaxValue)
                throw Misfit($"axis {axis} of the output would have {extent} elements, more than 2^31 - 1");
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

    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        Products(inputs, prediction) + (inputs.Length == 3 ? prediction.Length : 0);

    public sealed override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        input == 2 ? prediction.Length : Products(inputs, prediction);

    /// <summary>The number of output channels, once it is known that the channels fit the groups.</summary>
    protected abstract int OutputChannels(Shape x, Shape w);

    /// <summary>The extent of a spatial axis of the output.</summary>
    protected abstract long OutputExtent(int axis, int input, int kernel);

    protected abstract long Products(ReadOnlySpan<Shape> inputs, Shape prediction);

    /// <summary>The axis of the convolution that maps an image of one extent to an output of another.</summary>
    protected abstract ConvolutionAxis Axis(int axis, int image, int kernel, int output);

    /// <summary>Multiply-adds of one channel with another.</summary>
    protected static long Taps(Shape weight) => weight.LengthOf(2, weight.Rank);

    /// <summary>The convolution that maps an image to an output; for a transposed one, the
    /// prediction is the image.</summary>
    protected ConvolutionShape Convolution(Shape image, Shape weight, Shape output)
    {
        var axes = weight.Rank - 2;
        return new ConvolutionShape(
            image[0], Settings.Group, weight[1], weight[0] / Settings.Group,
            axes > 2 ? At(axes - 3) : ConvolutionAxis.None,
            axes > 1 ? At(axes - 2) : ConvolutionAxis.None,
            At(axes - 1));

        ConvolutionAxis At(int axis) => Axis(axis, image[axis + 2], weight[axis + 2], output[axis + 2]);
    }

    /// <summary>The pull-back to B: the errors of each channel.</summary>
    protected static void PullBackBias(Tensor<T> error, Tensor<T> result) =>
        ChannelSums.Run(error.Span, error.Shape.LengthOf(2, error.Shape.Rank), result.Writable);
}

/// <summary>The attributes that Conv and ConvTranspose share.</summary>
/// <remarks>kernel_shape (the weight's), strides, dilations (1), pads (0; those before each
/// axis, then those after), auto_pad (NOTSET), group (1).</remarks>
internal sealed class ConvolutionAttributes
{
    private readonly int[]? _kernel;
    private readonly int[]? _strides;
    private readonly int[]? _dilations;
    private readonly int[]? _pads;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="AttributeException">One is out of range, or both pads and auto_pad are given.</exception>
    public ConvolutionAttributes(OperatorSettings settings)
    {
        _kernel = List(settings, "kernel_shape");
        _strides = List(settings, "strides");
        _dilations = List(settings, "dilations");
        _pads = List(settings, "pads");
        Group = (int)settings.Integer("group");
        AutoPad = (AutoPad)settings.Choice("auto_pad");
        // Some exporters write pads of 0 beside it, which say nothing.
        if (AutoPad != AutoPad.NotSet && _pads?.Any(pad => pad != 0) == true)
            throw new AttributeException(
                $"pads is [{string.Join(", ", _pads)}] and auto_pad is '{settings.Text("auto_pad")}'; only one of "
                + "them may be set");
    }

    public int Group { get; }

    public AutoPad AutoPad { get; }

    /// <summary>The distance of an axis's neighbouring outputs.</summary>
    public int Stride(int axis) => _strides?[axis] ?? 1;

    /// <summary>The distance of an axis's neighbouring taps.</summary>
    public int Dilation(int axis) => _dilations?[axis] ?? 1;

    /// <summary>Zeros before an axis by the attribute pads.</summary>
    public int Before(int axis) => _pads?[axis] ?? 0;

    /// <summary>Zeros after it.</summary>
    public int After(int axis) => _pads?[axis + (_pads.Length / 2)] ?? 0;

    /// <summary>From the first element that the kernel's taps read to the end of the last.</summary>
    public long Reach(int axis, int kernel) => ((kernel - 1L) * Dilation(axis)) + 1;

    /// <summary>What is wrong with the attributes for a weight, or null when they fit.</summary>
    public string? Misfit(Shape weight)
    {
        var axes = weight.Rank - 2;
        var kernel = weight.Dimensions[2..];
        if (_kernel is not null && !kernel.SequenceEqual(_kernel))
            return $"kernel_shape is [{string.Join(", ", _kernel)}] and the weight's shape is {weight}; its last "
                + "extents must be these";
        return WrongLength("strides", _strides, axes, "one") ?? WrongLength("dilations", _dilations, axes, "one")
            ?? WrongLength("pads", _pads, 2 * axes, "two");
    }

    /// <summary>A list, or null when it is not set; an empty one is how exporters leave it out.</summary>
    public static int[]? List(OperatorSettings settings, string name) =>
        settings.Extents(name) is { Length: > 0 } list ? list : null;

    /// <summary>What is wrong with a list's length, or null.</summary>
    public static string? WrongLength(string name, int[]? list, int length, string wanted) =>
        list is null || list.Length == length
        ? null
        : $"{name} is [{string.Join(", ", list)}]; there must be {wanted} for each spatial axis, {length} in all";
}

/// <summary>ONNX's auto_pad: how a convolution's pads are chosen.</summary>
internal enum AutoPad
{
    /// <summary>By the attribute pads.</summary>
    NotSet,

    /// <summary>None.</summary>
    Valid,

    /// <summary>As many as keep the extent, but for the stride; an odd one after the input.</summary>
    SameUpper,

    /// <summary>The same; an odd one before the input.</summary>
    SameLower,
}
