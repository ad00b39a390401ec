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
                Flag("antialias"), Axes("axes"), Float("cubic_coeff_a", -0.75), Flag("exclude_outside"),
                Float("extrapolation_value", 0),
                Text(
                    "coordinate_transformation_mode", "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel",
                    "align_corners", "asymmetric",
                    "tf_half_pixel_for_nn", "tf_crop_and_resize"),
                Text("keep_aspect_ratio_policy", "stretch", "not_larger", "not_smaller"),
                Text("mode", "nearest", "linear", "cubic"),
                Text("nearest_mode", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"),
            ],
            Since = 10, Remark = "nearest, linear, cubic",
        },
    ];
}

/// <summary>ONNX Resize: the input at the places of a finer or coarser grid. The pull-back is the transpose
/// of this linear map.</summary>
/// <remarks>Attributes: scales or sizes, axes, keep_aspect_ratio_policy, roi;
/// coordinate_transformation_mode; mode, nearest_mode, cubic_coeff_a, exclude_outside; extrapolation_value (0), what is
/// outside of the input where the coordinates are tf_crop_and_resize; antialias. The map is carried out axis by axis,
/// the first one first.</remarks>
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
        _interpolation.Taps(1) == 1 ? 0 : 2L * _interpolation.Taps(1) * inputs[0].Rank * prediction.Length;

    private bool Changes(in ResizedAxis axis) =>
        axis.Resized != axis.Extent || axis.Scale != 1 || (_coordinates.Crops && (axis.Start != 0 || axis.End != 1));

    /// <summary>Goes from an array of the input's shape to one of the output's, or the transposed way,
    /// through arrays in between.</summary>
    private void Run(Shape x, ReadOnlySpan<T> source, Span<T> result, bool isTransposed)
    {
        var (steps, largest, longest, length) = (0, 0, 0, x.Length);
        for (var axis = 0; axis < x.Rank; axis++)
        {
            var resized = _extents.Of(x, axis);
            if (!Changes(resized)) continue;
            steps++;
            length = length / resized.Extent * resized.Resized;
            largest = Math.Max(largest, length);
            longest = Math.Max(longest, resized.Resized * _interpolation.Taps(resized.Scale));
        }
        if (steps == 0)
        {
            source.CopyTo(result);
            return;
        }
        var buffer = ArrayPool<T>.Shared.Rent((2 * largest) + longest);
        var elements = ArrayPool<int>.Shared.Rent(longest);
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
            length = isTransposed
                ? length / resized.Resized * resized.Extent
                : length / resized.Extent * resized.Resized;
            var next = step == steps ? result : buffer.AsSpan(step % 2 * largest, length);
            var count = Fill(resized, elements, weights);
            var map = new AxisResampling<T>(
                resized.Extent, resized.Resized, x.LengthOf(axisAt + 1, x.Rank), elements.AsSpan(0, count),
                weights[..count]);
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
        var taps = _interpolation.Taps(axis.Scale);
        var buffer = ArrayPool<double>.Shared.Rent(taps);
        var exact = buffer.AsSpan(0, taps);
        for (var i = 0; i < axis.Resized; i++)
        {
            var place = _coordinates.Of(axis, i);
            _interpolation.At(place, axis.Extent, axis.Scale, elements.Slice(i * taps, taps), exact);
            for (var tap = 0; tap < taps; tap++) weights[(i * taps) + tap] = Precision.Narrow<T>(exact[tap]);
            if (_coordinates.Crops && !(place >= 0 && place <= axis.Extent - 1)) elements[i * taps] = -1;
        }
        ArrayPool<double>.Shared.Return(buffer);
        return axis.Resized * taps;
    }
}
