using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Pooling.</summary>
internal static class PoolingOperators
{
    private const string Axes = "1 to 3 axes";

    private static OperatorAttribute[] Windows =>
    [
        Extents("kernel_shape", least: 1).Required, Extents("strides", least: 1), Extents("dilations", least: 1),
        Extents("pads"),
        Text("auto_pad", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"), Flag("ceil_mode"),
    ];

    private static Operator Largest => new("MaxPool", typeof(MaxPool<>))
    {
        Attributes = [.. Windows, Flag("storage_order")],
        Remark = $"{Axes}; the error to the first largest element",
    };

    public static Operator[] All =>
    [
        new("AveragePool", typeof(AveragePool<>))
        {
            Attributes = [.. Windows, Flag("count_include_pad")], Remark = Axes,
        },
        new("GlobalAveragePool", typeof(GlobalAveragePool<>)),
        new("GlobalMaxPool", typeof(GlobalMaxPool<>)),
        new("LpPool", typeof(LpPool<>)) { Attributes = [.. Windows, Integer("p", 2, 1)], Remark = Axes },
        Largest,
        Largest with { Name = "MaxPool:Indices", Function = typeof(MaxPoolIndices<>), Output = OutputKind.Indices },
    ];
}

/// <summary>A function of windows of one input [N, C, ...], each of one to three axes.</summary>
internal abstract class PoolingFunction<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected PoolingWindow Window { get; } = new(settings);

    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var x = inputs[0];
        if (x.Rank != Window.Rank + 2)
            throw Misfit(
                $"X is {x}; it must be [batch, channels, ...] with {Window.Rank} more axes, as kernel_shape has");
        var dimensions = x.Dimensions.ToArray();
        try
        {
            for (var axis = 0; axis < Window.Rank; axis++) dimensions[axis + 2] = Window.Axis(x, axis).Count;
        }
        catch (ShapeException misfit)
        {
            throw Misfit(misfit.Message);
        }
        return new Shape(dimensions);
    }

    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => Window.Taps * prediction.Length;
}

/// <summary>The windows that ONNX's pooling operators slide over the axes after the first two.</summary>
/// <remarks>Attributes: kernel_shape, which must be set; strides, dilations (1 along each axis);
/// pads (0), all begins before all ends; auto_pad (NOTSET, SAME_UPPER, SAME_LOWER, VALID); ceil_mode (0): whether a
/// last window may reach beyond the padding. A window that would begin beyond the input and the padding before it is
/// left out, as in PyTorch.</remarks>
internal sealed class PoolingWindow
{
    private readonly int[] _kernel;
    private readonly int[] _strides;
    private readonly int[] _dilations;
    private readonly int[] _pads;
    private readonly string _autoPad;
    private readonly bool _ceil;

    /// <summary>The windows of the settings.</summary>
    /// <exception cref="AttributeException">An attribute is missing, or does not fit the kernel's axes.</exception>
    public PoolingWindow(OperatorSettings settings)
    {
        var rank = settings.Integers("kernel_shape")!.Length;
        if (rank is < 1 or > 3) throw new AttributeException($"kernel_shape has {rank} axes; 1 to 3 are possible");
        _kernel = Extents(settings, "kernel_shape", rank, 1);
        _strides = Extents(settings, "strides", rank, 1);
        _dilations = Extents(settings, "dilations", rank, 1);
        _pads = Extents(settings, "pads", 2 * rank, 0);
        _ceil = settings.Flag("ceil_mode");
        _autoPad = settings.Text("auto_pad");
        for (var axis = 0; axis < rank; axis++)
        {
            var reach = ((_kernel[axis] - 1L) * _dilations[axis]) + 1;
            if (reach > int.MaxValue / 4)
                throw new AttributeException($"a window's extent along axis {axis} is {reach}");
            if (_pads[axis] >= reach || _pads[rank + axis] >= reach)
                throw new AttributeException(
                    $"pads are [{string.Join(", ", _pads)}]; they must be less than a window's extent, which is "
                    + $"{reach} along axis {axis}");
        }
    }

    /// <summary>How many axes a window has.</summary>
    public int Rank => _kernel.Length;

    /// <summary>Taps of a window.</summary>
    public long Taps => _kernel.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>How the windows lie along an axis of a window, over an input of the shape.</summary>
    /// <exception cref="ShapeException">No window fits.</exception>
    public PoolingAxis Axis(Shape x, int axis)
    {
        var (extent, kernel, stride, dilation) = (x.Dimensions[axis + 2], _kernel[axis], _strides[axis],
            _dilations[axis]);
        var reach = ((kernel - 1) * dilation) + 1;
        var (before, after) = _autoPad == "NOTSET" ? (_pads[axis], _pads[Rank + axis]) : (0, 0);
        if (_autoPad.StartsWith("SAME", StringComparison.Ordinal))
        {
            var same = (int)(((long)extent + stride - 1) / stride);
            var padding = (int)Math.Max(0, ((same - 1L) * stride) + reach - extent);
            before = _autoPad == "SAME_UPPER" ? padding / 2 : padding - (padding / 2);
            return new PoolingAxis(extent, kernel, stride, dilation, before, padding - before, same);
        }
        var room = (long)extent + before + after - reach;
        if (room < 0 || extent == 0)
            throw new ShapeException(
                $"a window takes {reach} elements along axis {axis + 2} of X, which is {x} and is padded by {before} "
                + $"and {after}");
        var count = ((_ceil ? room + stride - 1 : room) / stride) + 1;
        if ((count - 1) * stride >= (long)extent + before) count--;
        return new PoolingAxis(extent, kernel, stride, dilation, before, after, checked((int)count));
    }

    /// <summary>The windows over an input of the shape.</summary>
    public PoolingGrid Grid(Shape x) => new(
        Rank > 2 ? Axis(x, Rank - 3) : PoolingAxis.None, Rank > 1 ? Axis(x, Rank - 2) : PoolingAxis.None,
        Axis(x, Rank - 1));

    private static int[] Extents(OperatorSettings settings, string name, int count, int otherwise)
    {
        var given = settings.Extents(name) ?? [.. Enumerable.Repeat(otherwise, count)];
        return given.Length == count
            ? given
            : throw new AttributeException($"{name} is [{string.Join(", ", given)}]; it must have {count} numbers");
    }
}
