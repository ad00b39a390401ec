using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>The attributes of Pad, and where they leave each row of the input.</summary>
internal sealed class Padding
{
    private readonly int[] _pads;
    private readonly int[]? _axes;

    /// <summary>The padding of the attributes pads, axes and mode.</summary>
    /// <exception cref="AttributeException">Pads are not two for each axis.</exception>
    public Padding(OperatorSettings settings)
    {
        var pads = settings.Integers("pads")!;
        _axes = settings.Extents("axes");
        if (pads.Length % 2 != 0 || (_axes is not null && pads.Length != 2 * _axes.Length))
            throw new AttributeException($"pads is [{string.Join(", ", pads)}]; there must be two for each axis");
        _pads = Array.ConvertAll(pads, pad => (int)pad);
        Mode = (PadMode)settings.Choice("mode");
    }

    /// <summary>What stands outside the input.</summary>
    public PadMode Mode { get; }

    /// <summary>How many pads there are.</summary>
    public int Count => _pads.Length;

    /// <summary>The axes as they were given; none when it is all of them, in order.</summary>
    public ReadOnlySpan<int> Axes => _axes;

    /// <summary>Whether there are two pads for each axis of a shape, or the axes are listed.</summary>
    public bool Fits(Shape shape) => _axes is not null || _pads.Length == 2 * shape.Rank;

    /// <summary>One axis of a shape, padded.</summary>
    public PaddedAxis Axis(Shape shape, int axis)
    {
        var listed = axis;
        for (var i = 0; _axes is not null && i <= _axes.Length; i++)
        {
            if (i == _axes.Length) return new PaddedAxis(shape[axis], 0, 0);
            listed = i;
            if (_axes[i] == axis || _axes[i] == axis - shape.Rank) break;
        }
        return new PaddedAxis(shape[axis], _pads[listed], _pads[listed + (_pads.Length / 2)]);
    }

    /// <summary>The last axis; a scalar has one of extent 1.</summary>
    public PaddedAxis LastAxis(Shape shape) => shape.Rank == 0 ? new PaddedAxis(1, 0, 0) : Axis(shape, shape.Rank - 1);

    /// <summary>Where in the input the row begins to which an element of the padded array belongs, or -1
    /// where there is none.</summary>
    public int RowStart(Shape shape, Shape padded, int element)
    {
        var (at, stride) = (0, shape.Rank == 0 ? 1 : shape[^1]);
        var row = shape.Rank == 0 ? 0 : element / padded[^1];
        for (var axis = shape.Rank - 2; axis >= 0; axis--)
        {
            var source = Axis(shape, axis).Source(row % padded[axis], Mode);
            if (source < 0) return -1;
            at += source * stride;
            stride *= shape[axis];
            row /= padded[axis];
        }
        return at;
    }
}

/// <summary>One axis of a padded array. What negative pads remove is gone before the
/// others look at the input.</summary>
/// <param name="extent">The input's extent.</param>
/// <param name="before">Elements added before it, or removed when negative.</param>
/// <param name="after">Elements added after it, or removed when negative.</param>
internal readonly struct PaddedAxis(int extent, int before, int after)
{
    /// <summary>The first element that is the input's own.</summary>
    public int Start => Math.Max(before, 0);

    /// <summary>How many elements are the input's own; negative when more is removed than there is.</summary>
    public int Count { get; } = extent - Math.Max(-before, 0) - Math.Max(-after, 0);

    /// <summary>The input's index at Start.</summary>
    public int First => Math.Max(-before, 0);

    /// <summary>The padded extent.</summary>
    public long Extent => (long)extent + before + after;

    /// <summary>The input's index at one of the padded array, or -1 where there is none.</summary>
    public int Source(int index, PadMode mode)
    {
        var own = index - Start;
        if (own >= 0 && own < Count) return First + own;
        return mode switch
        {
            PadMode.Constant => -1,
            PadMode.Edge => First + Math.Clamp(own, 0, Count - 1),
            PadMode.Wrap => First + Remainder(own, Count),
            _ => First + Mirror(own),
        };
    }

    private int Mirror(int own)
    {
        if (Count == 1) return 0;
        var place = Remainder(own, 2 * (Count - 1));
        return place < Count ? place : (2 * (Count - 1)) - place;
    }

    private static int Remainder(int value, int divisor)
    {
        var rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }
}

/// <summary>What stands outside the input: a constant, its nearest element, its mirror image,
/// or the input again.</summary>
internal enum PadMode
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>The element at the edge.</summary>
    Edge,

    /// <summary>The elements from the edge inwards, without the edge's own.</summary>
    Reflect,

    /// <summary>The elements from the other edge on.</summary>
    Wrap,
}
