using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>The attributes of Pad, and where they leave each row of the input.</summary>
internal sealed class Padding
{
    private readonly int[] _pads;
    private readonly int[]? _axes;

    /// <summary>The padding of the attributes pads, axes and mode.</summary>
    /// <exception cref="AttributeException">Pads are missing or not two for each axis, or the mode is unknown.</exception>
    public Padding(Attributes attributes)
    {
        var pads = attributes.RequiredIntegers("pads");
        _axes = attributes.Axes("axes");
        if (pads.Length % 2 != 0 || (_axes is not null && pads.Length != 2 * _axes.Length))
            throw new AttributeException($"pads is [{string.Join(", ", pads)}]; there must be two for each axis");
        if (pads.Any(pad => pad is < -int.MaxValue or > int.MaxValue))
            throw new AttributeException($"pads is [{string.Join(", ", pads)}], beyond what any shape has");
        _pads = Array.ConvertAll(pads, pad => (int)pad);
        Mode = attributes.Text("mode", "constant") switch
        {
            "constant" => PadMode.Constant,
            "edge" => PadMode.Edge,
            "reflect" => PadMode.Reflect,
            "wrap" => PadMode.Wrap,
            var other => throw new AttributeException($"the attribute 'mode' is '{other}'; it is constant, edge, reflect or wrap"),
        };
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

    /// <summary>Where in the input the row begins to which an element of the padded array belongs, or -1 where there is none.</summary>
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
