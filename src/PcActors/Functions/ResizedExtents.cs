using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>One axis that is resized.</summary>
/// <param name="Axis">Which one.</param>
/// <param name="Extent">The input's extent.</param>
/// <param name="Resized">The output's extent.</param>
/// <param name="Scale">Output elements for each element of the input.</param>
/// <param name="Start">Where the region of interest begins, as a part of the axis.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct ResizedAxis(int Axis, int Extent, int Resized, double Scale, double Start, double End);

/// <summary>The extents that ONNX Resize gives to an input.</summary>
/// <remarks>Attributes: scales or sizes, one for each axis, or for each of axes where that is set;
/// keep_aspect_ratio_policy (stretch, not_larger, not_smaller): whether one scale serves all sizes; roi,
/// starts before ends.</remarks>
internal sealed class ResizedExtents
{
    private readonly double[]? _scales;
    private readonly long[]? _sizes;
    private readonly int[]? _axes;
    private readonly double[]? _roi;
    private readonly string _policy;

    /// <summary>The extents of the settings.</summary>
    /// <exception cref="AttributeException">Neither scales nor sizes are given or both, or
    /// one is not positive.</exception>
    public ResizedExtents(OperatorSettings settings)
    {
        // Scales are single precision in a model file, so they are here.
        _scales = Single(settings.Floats("scales"));
        _sizes = settings.Integers("sizes");
        _axes = settings.Extents("axes");
        _roi = Single(settings.Floats("roi"));
        _policy = settings.Text("keep_aspect_ratio_policy");
        if (_scales is null == _sizes is null) throw new AttributeException("it needs either scales or sizes");
        if (_scales?.Any(scale => !(scale > 0 && double.IsFinite(scale))) == true)
            throw new AttributeException($"scales are [{string.Join(", ", _scales)}]; they must be positive");
    }

    private int Count => _scales?.Length ?? _sizes!.Length;

    /// <summary>Refuses an input that the attributes do not fit.</summary>
    /// <exception cref="ShapeException">They do not.</exception>
    public void RequireFit(Shape x)
    {
        if (Count != (_axes?.Length ?? x.Rank))
            throw new ShapeException(
                $"there are {Count} {(_scales is null ? "sizes" : "scales")} for {_axes?.Length ?? x.Rank} axes of "
                + $"X, which is {x}");
        if (_roi is not null && _roi.Length != 2 * Count)
            throw new ShapeException($"roi has {_roi.Length} elements; for {Count} axes there must be {2 * Count}");
        foreach (var axis in _axes ?? []) x.Axis(axis);
        for (var axis = 0; axis < x.Rank; axis++)
        {
            if (x.Dimensions[axis] == 0 && Of(x, axis).Resized > 0)
                throw new ShapeException($"X is {x}; there is nothing along axis {axis} to resize");
        }
    }

    /// <summary>What becomes of one axis of an input.</summary>
    public ResizedAxis Of(Shape x, int axis)
    {
        var extent = x.Dimensions[axis];
        var place = axis;
        if (_axes is not null)
        {
            place = 0;
            while (place < _axes.Length && _axes[place] != axis && _axes[place] != axis - x.Rank) place++;
            if (place == _axes.Length) return new ResizedAxis(axis, extent, extent, 1, 0, 1);
        }
        var (start, end) = _roi is null ? (0, 1) : (_roi[place], _roi[Count + place]);
        if (_scales is not null)
            return new ResizedAxis(axis, extent, checked((int)MathF.Floor((float)_scales[place] * extent)),
                _scales[place], start, end);
        if (_policy == "stretch")
            return new ResizedAxis(axis, extent, (int)_sizes![place], (double)_sizes[place] / extent, start, end);
        var scale = CommonScale(x);
        return new ResizedAxis(axis, extent, checked((int)double.Floor((scale * extent) + 0.5)), scale, start, end);
    }

    private double CommonScale(Shape x)
    {
        var common = _policy == "not_larger" ? double.PositiveInfinity : 0;
        for (var i = 0; i < Count; i++)
        {
            var scale = (double)_sizes![i] / x[_axes?[i] ?? i];
            common = _policy == "not_larger" ? Math.Min(common, scale) : Math.Max(common, scale);
        }
        return common;
    }

    private static double[]? Single(double[]? values) =>
        values is null ? null : Array.ConvertAll(values, value => (double)(float)value);
}
