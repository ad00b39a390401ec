using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>The windows that ONNX's pooling operators slide over the axes after the first two.</summary>
/// <remarks>Attributes: kernel_shape, which must be set; strides, dilations (1 along each axis); pads (0), all begins before all
/// ends; auto_pad (NOTSET, SAME_UPPER, SAME_LOWER, VALID); ceil_mode (0): whether a last window may reach beyond the padding. A
/// window that would begin beyond the input and the padding before it is left out, as in PyTorch.</remarks>
internal sealed class PoolingWindow
{
    private readonly int[] _kernel;
    private readonly int[] _strides;
    private readonly int[] _dilations;
    private readonly int[] _pads;
    private readonly string _autoPad;
    private readonly bool _ceil;

    /// <summary>The windows of the attributes.</summary>
    /// <exception cref="AttributeException">An attribute is missing, or does not fit the kernel's axes.</exception>
    public PoolingWindow(Attributes attributes)
    {
        var rank = attributes.RequiredIntegers("kernel_shape").Length;
        if (rank is < 1 or > 3) throw new AttributeException($"kernel_shape has {rank} axes; 1 to 3 are possible");
        _kernel = Extents(attributes, "kernel_shape", rank, 1, 1);
        _strides = Extents(attributes, "strides", rank, 1, 1);
        _dilations = Extents(attributes, "dilations", rank, 1, 1);
        _pads = Extents(attributes, "pads", 2 * rank, 0, 0);
        _ceil = attributes.Flag("ceil_mode", false);
        _autoPad = attributes.Text("auto_pad", "NOTSET");
        if (_autoPad is not ("NOTSET" or "SAME_UPPER" or "SAME_LOWER" or "VALID"))
            throw new AttributeException($"auto_pad is '{_autoPad}'; it can be NOTSET, SAME_UPPER, SAME_LOWER or VALID");
        for (var axis = 0; axis < rank; axis++)
        {
            var reach = ((_kernel[axis] - 1L) * _dilations[axis]) + 1;
            if (reach > int.MaxValue / 4) throw new AttributeException($"a window's extent along axis {axis} is {reach}");
            if (_pads[axis] >= reach || _pads[rank + axis] >= reach)
                throw new AttributeException($"pads are [{string.Join(", ", _pads)}]; they must be less than a window's extent, which is {reach} along axis {axis}");
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
        var (extent, kernel, stride, dilation) = (x.Dimensions[axis + 2], _kernel[axis], _strides[axis], _dilations[axis]);
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
            throw new ShapeException($"a window takes {reach} elements along axis {axis + 2} of X, which is {x} and is padded by {before} and {after}");
        var count = ((_ceil ? room + stride - 1 : room) / stride) + 1;
        if ((count - 1) * stride >= (long)extent + before) count--;
        return new PoolingAxis(extent, kernel, stride, dilation, before, after, checked((int)count));
    }

    /// <summary>The windows over an input of the shape.</summary>
    public PoolingGrid Grid(Shape x) => new(
        Rank > 2 ? Axis(x, Rank - 3) : PoolingAxis.None, Rank > 1 ? Axis(x, Rank - 2) : PoolingAxis.None, Axis(x, Rank - 1));

    private static int[] Extents(Attributes attributes, string name, int count, long least, long otherwise)
    {
        var given = attributes.Integers(name) ?? [.. Enumerable.Repeat(otherwise, count)];
        if (given.Length != count || given.Any(extent => extent < least || extent > int.MaxValue))
            throw new AttributeException($"{name} is [{string.Join(", ", given)}]; it must have {count} numbers of {least} or more");
        return Array.ConvertAll(given, extent => (int)extent);
    }
}
