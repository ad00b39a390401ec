using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Sampling at places that are values themselves.</summary>
internal static class GridSampleOperators
{
    public static Operator[] All =>
    [
        new("GridSample", typeof(GridSample<>))
        {
            Inputs = ["X", "grid"],
            Attributes =
            [
                Flag("align_corners"), Text("mode", "linear", "nearest", "cubic"),
                Text("padding_mode", "zeros", "border", "reflection"),
            ],
            Since = 16, Remark = "nothing to grid where the mode is nearest",
        },
    ];
}

/// <summary>ONNX GridSample: the input between its elements, at places that a grid gives.</summary>
/// <remarks>
/// <para>Inputs: X [N, C, D1, ..., Dr] and grid [N, d1, ..., dr, r], whose last axis is a place, the last axis of X
/// first, in which -1 and 1 are the ends of an axis. Attributes: mode (linear, nearest, cubic), padding_mode (zeros,
/// border, reflection), align_corners (0): whether the ends are the centres of the outermost elements.</para>
/// <para>The pull-back to X spreads each error as the value was made up; that to grid is the slope of the
/// interpolation times the error, summed over channels, and 0 beyond a border that is held fast.</para>
/// </remarks>
internal sealed class GridSample<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GridTaps _taps = new(settings);

    public override bool IsDifferentiable(int input) => input == 0 || _taps.HasSlope;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (x, grid) = (inputs[0], inputs[1]);
        if (x.Rank < 3 || grid.Rank != x.Rank || grid[0] != x[0] || grid[^1] != x.Rank - 2)
            throw Misfit($"X is {x} and grid {grid}; they must be [N, C, ...] and [N, ..., axes of X after the first "
                + "two]");
        if (x.LengthOf(2, x.Rank) == 0 && grid.Length > 0) throw Misfit($"X is {x}; there is nothing to sample");
        return new Shape([x[0], x[1], .. grid.Dimensions[1..^1]]);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        mu.Clear();
        if (mu.IsEmpty) return;
        var walk = new GridWalk(inputs[0].Shape, prediction.Shape);
        Span<GridTap> taps = stackalloc GridTap[walk.Rank * GridTaps.Most];
        for (var point = 0; point < walk.Points; point++)
        {
            _taps.Of(inputs[1].Span.Slice(point * walk.Rank, walk.Rank), walk.Extents, taps);
            for (var choice = 0; choice < walk.Choices(_taps.Count); choice++)
            {
                if (!walk.Find(taps, _taps.Count, choice, slopeAlong: -1, out var place, out var weight)) continue;
                var factor = Precision.Narrow<T>(weight);
                for (var c = 0; c < walk.Channels; c++)
                {
                    ref var sum = ref mu[walk.At(point, c)];
                    sum = T.FusedMultiplyAdd(factor, inputs[0].Span[walk.Plane(point, c) + place], sum);
                }
            }
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var pulled = result.Writable;
        pulled.Clear();
        if (error.Length == 0 || !IsDifferentiable(input)) return;
        var walk = new GridWalk(inputs[0].Shape, prediction.Shape);
        Span<GridTap> taps = stackalloc GridTap[walk.Rank * GridTaps.Most];
        for (var point = 0; point < walk.Points; point++)
        {
            _taps.Of(inputs[1].Span.Slice(point * walk.Rank, walk.Rank), walk.Extents, taps);
            if (input == 1)
            {
                for (var axis = 0; axis < walk.Rank; axis++)
                    pulled[(point * walk.Rank) + walk.Rank - 1 - axis] =
                        Slope(walk, taps, point, axis, inputs[0].Span, error.Span);
                continue;
            }
            for (var choice = 0; choice < walk.Choices(_taps.Count); choice++)
            {
                if (!walk.Find(taps, _taps.Count, choice, slopeAlong: -1, out var place, out var weight)) continue;
                var factor = Precision.Narrow<T>(weight);
                for (var c = 0; c < walk.Channels; c++)
                {
                    ref var sum = ref pulled[walk.Plane(point, c) + place];
                    sum = T.FusedMultiplyAdd(factor, error.Span[walk.At(point, c)], sum);
                }
            }
        }
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        2L * prediction.Length * new GridWalk(inputs[0], prediction).Choices(_taps.Count);

    private T Slope(
        in GridWalk walk, ReadOnlySpan<GridTap> taps, int point, int axis, ReadOnlySpan<T> x, ReadOnlySpan<T> error)
    {
        var sum = T.Zero;
        for (var choice = 0; choice < walk.Choices(_taps.Count); choice++)
        {
            if (!walk.Find(taps, _taps.Count, choice, axis, out var place, out var weight)) continue;
            var factor = Precision.Narrow<T>(weight);
            for (var c = 0; c < walk.Channels; c++)
                sum = T.FusedMultiplyAdd(factor * error[walk.At(point, c)], x[walk.Plane(point, c) + place], sum);
        }
        return sum;
    }
}

/// <summary>The points of a grid and the planes that they sample.</summary>
internal readonly ref struct GridWalk(Shape x, Shape result)
{
    private readonly int _plane = x.LengthOf(2, x.Rank);
    private readonly int _points = result.LengthOf(2, result.Rank);

    /// <summary>Axes of a place.</summary>
    public int Rank => Extents.Length;

    /// <summary>The extents of a plane.</summary>
    public ReadOnlySpan<int> Extents { get; } = x.Dimensions[2..];

    public int Channels { get; } = x.Dimensions[1];

    /// <summary>Points of all samples.</summary>
    public int Points => x.Dimensions[0] * _points;

    /// <summary>Where a channel's plane begins for the sample of a point.</summary>
    public int Plane(int point, int channel) => ((point / _points * Channels) + channel) * _plane;

    /// <summary>Where a channel's value at a point stands in the result.</summary>
    public int At(int point, int channel) =>
        (((point / _points * Channels) + channel) * _points) + (point % _points);

    /// <summary>How many elements make up a value, with so many along each axis.</summary>
    public int Choices(int taps)
    {
        var choices = 1;
        for (var axis = 0; axis < Rank; axis++) choices *= taps;
        return choices;
    }

    /// <summary>One of the elements that make up a value.</summary>
    /// <param name="taps">Those along each axis.</param>
    /// <param name="count">How many there are along an axis.</param>
    /// <param name="choice">Which one it is.</param>
    /// <param name="slopeAlong">The axis along which the slope takes the place of the weight, or -1.</param>
    /// <param name="place">Its place in the plane.</param>
    /// <param name="weight">Its weight.</param>
    /// <returns>Whether it is there.</returns>
    public bool Find(
        ReadOnlySpan<GridTap> taps, int count, int choice, int slopeAlong, out int place, out double weight)
    {
        (place, weight) = (0, 1);
        var stride = 1;
        for (var axis = Rank - 1; axis >= 0; axis--)
        {
            var tap = taps[(axis * GridTaps.Most) + (choice % count)];
            if (tap.Element < 0) return false;
            place += tap.Element * stride;
            weight *= axis == slopeAlong ? tap.Slope : tap.Weight;
            stride *= Extents[axis];
            choice /= count;
        }
        return true;
    }
}
