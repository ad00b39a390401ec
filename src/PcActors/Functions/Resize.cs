using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>Resizing.</summary>
internal static class ResizeOperators
{
    public static Operator[] All =>
    [
        new("Resize", typeof(Resize<>))
        {
            Inputs = ["X", Of(Floats("roi")), Of(Floats("scales")), Of(Extents("sizes"))],
            Attributes =
            [
                Flag("antialias"), Axes("axes"), Float("cubic_coeff_a", -0.75), Flag("exclude_outside"), Float("extrapolation_value", 0),
                Text(
                    "coordinate_transformation_mode", "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
                    "tf_half_pixel_for_nn", "tf_crop_and_resize"),
                Text("keep_aspect_ratio_policy", "stretch", "not_larger", "not_smaller"), Text("mode", "nearest", "linear", "cubic"),
                Text("nearest_mode", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"),
            ],
            Since = 10, Remark = "nearest, linear, cubic; antialias must be 0",
        },
    ];
}

/// <summary>ONNX Resize: the input at the places of a finer or coarser grid. The pull-back is the transpose of this linear map.</summary>
/// <remarks>Attributes: scales or sizes, axes, keep_aspect_ratio_policy, roi; coordinate_transformation_mode; mode, nearest_mode,
/// cubic_coeff_a, exclude_outside; extrapolation_value (0), what is outside of the input where the coordinates are
/// tf_crop_and_resize; antialias, which must be 0. The map is carried out axis by axis, the first one first.</remarks>
internal sealed class Resize<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ResizedExtents _extents = new(settings);
    private readonly Coordinates _coordinates = new(settings);
    private readonly Interpolation _interpolation = new(settings);
    private readonly T _outside = T.CreateChecked(settings.Float("extrapolation_value"));

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        try
        {
            _extents.RequireFit(inputs[0]);
        }
        catch (ShapeException misfit)
        {
            throw Misfit(misfit.Message);
        }
        var dimensions = new int[inputs[0].Rank];
        for (var axis = 0; axis < dimensions.Length; axis++) dimensions[axis] = _extents.Of(inputs[0], axis).Resized;
        return new Shape(dimensions);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length > 0) Run(inputs[0].Shape, inputs[0].Span, prediction.Writable, isTransposed: false);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (error.Length == 0) result.Writable.Clear();
        else Run(result.Shape, error.Span, result.Writable, isTransposed: true);
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        _interpolation.Taps == 1 ? 0 : 2L * _interpolation.Taps * inputs[0].Rank * prediction.Length;

    private bool Changes(in ResizedAxis axis) => axis.Resized != axis.Extent || axis.Scale != 1 || (_coordinates.Crops && (axis.Start != 0 || axis.End != 1));

    /// <summary>Goes from an array of the input's shape to one of the output's, or the transposed way, through arrays in between.</summary>
    private void Run(Shape x, ReadOnlySpan<T> source, Span<T> result, bool isTransposed)
    {
        var (steps, largest, longest, length) = (0, 0, 0, x.Length);
        for (var axis = 0; axis < x.Rank; axis++)
        {
            var resized = _extents.Of(x, axis);
            if (!Changes(resized)) continue;
            steps++;
            length = length / resized.Extent * resized.Resized;
            (largest, longest) = (Math.Max(largest, length), Math.Max(longest, resized.Resized));
        }
        if (steps == 0)
        {
            source.CopyTo(result);
            return;
        }
        var buffer = ArrayPool<T>.Shared.Rent((2 * largest) + (longest * _interpolation.Taps));
        var elements = ArrayPool<int>.Shared.Rent(longest * _interpolation.Taps);
        var weights = buffer.AsSpan(2 * largest);
        // Axes that come before the one at hand have their new extents.
        var axisAt = isTransposed ? x.Rank : -1;
        length = source.Length;
        var current = source;
        for (var step = 1; step <= steps; step++)
        {
            ResizedAxis resized;
            do
            {
                axisAt += isTransposed ? -1 : 1;
                resized = _extents.Of(x, axisAt);
            }
            while (!Changes(resized));
            length = isTransposed ? length / resized.Resized * resized.Extent : length / resized.Extent * resized.Resized;
            var next = step == steps ? result : buffer.AsSpan(step % 2 * largest, length);
            var count = Fill(resized, elements, weights);
            var map = new AxisResampling<T>(
                resized.Extent, resized.Resized, x.LengthOf(axisAt + 1, x.Rank), elements.AsSpan(0, count), weights[..count]);
            if (isTransposed) map.RunTransposed(current, next);
            else map.Run(current, _outside, next);
            current = next;
        }
        ArrayPool<int>.Shared.Return(elements);
        ArrayPool<T>.Shared.Return(buffer);
    }

    /// <summary>What makes up the elements along an axis.</summary>
    /// <returns>How many elements and weights there are.</returns>
    private int Fill(in ResizedAxis axis, Span<int> elements, Span<T> weights)
    {
        var taps = _interpolation.Taps;
        Span<double> exact = stackalloc double[4];
        for (var i = 0; i < axis.Resized; i++)
        {
            var place = _coordinates.Of(axis, i);
            _interpolation.At(place, axis.Extent, elements.Slice(i * taps, taps), exact[..taps]);
            for (var tap = 0; tap < taps; tap++) weights[(i * taps) + tap] = Precision.Narrow<T>(exact[tap]);
            if (_coordinates.Crops && !(place >= 0 && place <= axis.Extent - 1)) elements[i * taps] = -1;
        }
        return axis.Resized * taps;
    }
}

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
/// keep_aspect_ratio_policy (stretch, not_larger, not_smaller): whether one scale serves all sizes; roi, starts before ends.</remarks>
internal sealed class ResizedExtents
{
    private readonly double[]? _scales;
    private readonly long[]? _sizes;
    private readonly int[]? _axes;
    private readonly double[]? _roi;
    private readonly string _policy;

    /// <summary>The extents of the settings.</summary>
    /// <exception cref="AttributeException">Neither scales nor sizes are given or both, or one is not positive.</exception>
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
            throw new ShapeException($"there are {Count} {(_scales is null ? "sizes" : "scales")} for {_axes?.Length ?? x.Rank} axes of X, which is {x}");
        if (_roi is not null && _roi.Length != 2 * Count)
            throw new ShapeException($"roi has {_roi.Length} elements; for {Count} axes there must be {2 * Count}");
        foreach (var axis in _axes ?? []) x.Axis(axis);
        for (var axis = 0; axis < x.Rank; axis++)
        {
            if (x.Dimensions[axis] == 0 && Of(x, axis).Resized > 0) throw new ShapeException($"X is {x}; there is nothing along axis {axis} to resize");
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
            return new ResizedAxis(axis, extent, checked((int)MathF.Floor((float)_scales[place] * extent)), _scales[place], start, end);
        if (_policy == "stretch") return new ResizedAxis(axis, extent, (int)_sizes![place], (double)_sizes[place] / extent, start, end);
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

    private static double[]? Single(double[]? values) => values is null ? null : Array.ConvertAll(values, value => (double)(float)value);
}
