using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.ElementWise;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Normalization of rows by their own moments, and layer normalization's further outputs.</summary>
internal static class RowNormalizationOperators
{
    private static OperatorAttribute Epsilon => Float("epsilon", 1e-5);

    private static Operator Layer => new("LayerNormalization", typeof(LayerNormalization<>))
    {
        Inputs = ["X", "Scale", "B?"],
        Attributes = [Axis("axis", -1), Epsilon],
        Since = 17,
    };

    public static Operator[] All =>
    [
        new("GroupNormalization", typeof(GroupNormalization<>))
        {
            Inputs = ["X", "scale", "bias"], Attributes = [Epsilon, Integer("num_groups", least: 1).Required],
            Since = 18,
        },
        new("InstanceNormalization", typeof(InstanceNormalization<>))
        {
            Inputs = ["input", "scale", "B"], Attributes = [Epsilon],
        },
        Layer,
        Layer with { Name = "LayerNormalization:Mean", Function = typeof(LayerStatistic<>) },
        Layer with { Name = "LayerNormalization:InvStdDev", Function = typeof(LayerStatistic<>) },
        new("RMSNormalization", typeof(RmsNormalization<>))
        {
            Inputs = ["X", "scale"], Attributes = [Axis("axis", -1), Epsilon], Since = 23,
        },
    ];
}

/// <summary>ONNX GroupNormalization, as from opset 21: groups of neighbouring channels of each
/// sample are normalised by their moments, then each channel is scaled and shifted.</summary>
/// <remarks>Inputs: X [N, C, ...], scale [C], bias [C]. Attributes: num_groups, a divisor of
/// C, which must be set; epsilon (1e-5).</remarks>
internal sealed class GroupNormalization<T>(OperatorSettings settings) : RowNormalization<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long _groups = settings.Integer("num_groups");

    protected override void RequireFit(ReadOnlySpan<Shape> inputs)
    {
        if (inputs[0].Rank < 2) throw Misfit($"X is {inputs[0]}; it must be [batch, channels, ...]");
        if (inputs[0][1] % _groups != 0)
            throw Misfit($"X is {inputs[0]}; its {inputs[0][1]} channels are not a multiple of {_groups} groups");
        RequireList(inputs, inputs[0][1]);
    }

    protected override NormalizedRows RowsOf(Shape x) =>
        new(x.LengthOf(1, x.Rank) / (int)_groups, x.LengthOf(2, x.Rank), x[1]);
}

/// <summary>ONNX InstanceNormalization: each channel of each sample is normalised by its own moments, then
/// scaled and shifted.</summary>
/// <remarks>Inputs: X [N, C, ...], scale [C], B [C]. Attribute: epsilon (1e-5).</remarks>
internal sealed class InstanceNormalization<T>(OperatorSettings settings) : RowNormalization<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void RequireFit(ReadOnlySpan<Shape> inputs)
    {
        if (inputs[0].Rank < 3)
            throw Misfit($"X is {inputs[0]}; it must be [batch, channels, ...] with a place or more");
        RequireList(inputs, inputs[0][1]);
    }

    protected override NormalizedRows RowsOf(Shape x)
    {
        var places = x.LengthOf(2, x.Rank);
        return new NormalizedRows(places, places, x[1]);
    }
}

/// <summary>Normalises what lies along the axes from one on, which each element's scale and bias go by.</summary>
internal abstract class LastAxesNormalization<T>(OperatorSettings settings) : RowNormalization<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis = settings.Axis("axis");

    protected sealed override void RequireFit(ReadOnlySpan<Shape> inputs)
    {
        var wanted = inputs[0].Dimensions[AxisOf(inputs[0], _axis)..];
        for (var i = 1; i < inputs.Length; i++)
        {
            if (!inputs[i].Dimensions.SequenceEqual(wanted))
                throw Misfit(
                    $"its input {i} is {inputs[i]}; it must be {new Shape(wanted)}, the normalised axes of X, which "
                    + $"is {inputs[0]}");
        }
    }

    protected sealed override NormalizedRows RowsOf(Shape x)
    {
        var length = x.LengthOf(x.Axis(_axis), x.Rank);
        return new NormalizedRows(length, 1, length);
    }
}

/// <summary>ONNX LayerNormalization: what lies along the axes from one on is normalised by its own
/// moments, then each element is scaled and shifted.</summary>
/// <remarks>Inputs: X; Scale and B, which may be absent, of the shape of the normalised axes.
/// Attributes: axis (-1), the first of them; epsilon (1e-5). Further outputs: <c>LayerNormalization:Mean</c> and
/// <c>LayerNormalization:InvStdDev</c>.</remarks>
internal sealed class LayerNormalization<T>(OperatorSettings settings) : LastAxesNormalization<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>ONNX RMSNormalization: what lies along the axes from one on is divided by the root of the mean of its
/// squares, then each element is scaled: scale x / sqrt(mean(x^2) + epsilon).</summary>
/// <remarks>Inputs: X; scale, of the shape of the normalised axes. Attributes: axis (-1), the first of them; epsilon
/// (1e-5).</remarks>
internal sealed class RmsNormalization<T>(OperatorSettings settings) : LastAxesNormalization<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override bool IsAboutZero => true;
}

/// <summary>A further output of ONNX LayerNormalization: the mean m of what is normalised, or r = 1
/// / sqrt(v + epsilon).</summary>
/// <remarks>Inputs and attributes: as LayerNormalization's. The result has X's shape, with extents
/// of 1 from the axis on. With L elements in a row, the pull-backs to X are E / L and -r^3 (x - m) E / L; there are
/// none to Scale and B.</remarks>
internal sealed class LayerStatistic<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerNormalization<T> _whole = new(settings);
    private readonly int _axis = settings.Axis("axis");
    private readonly double _epsilon = settings.Float("epsilon");
    private readonly bool _isDeviation = settings.Operator.Name == "LayerNormalization:InvStdDev";

    public override bool IsDifferentiable(int input) => input == 0;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        _whole.InferShape(inputs);
        var dimensions = inputs[0].Dimensions.ToArray();
        dimensions.AsSpan(inputs[0].Axis(_axis)).Fill(1);
        return new Shape(dimensions);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        var length = inputs[0].Shape.LengthOf(inputs[0].Shape.Axis(_axis), inputs[0].Shape.Rank);
        if (length == 0)
        {
            mu.Fill(T.NaN);
            return;
        }
        var buffer = ArrayPool<T>.Shared.Rent(length);
        for (var row = 0; row < mu.Length; row++)
        {
            var moments = Moments<T>.Of(inputs[0].Span.Slice(row * length, length), _epsilon, buffer);
            mu[row] = _isDeviation ? moments.InverseDeviation : moments.Mean;
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (input != 0 || result.Length == 0)
        {
            result.Writable.Clear();
            return;
        }
        var length = result.Length / error.Length;
        var buffer = ArrayPool<T>.Shared.Rent(length);
        for (var row = 0; row < error.Length; row++)
        {
            var x = inputs[0].Span.Slice(row * length, length);
            var pulled = result.Writable.Slice(row * length, length);
            var share = error.Span[row] / T.CreateChecked(length);
            if (!_isDeviation)
            {
                pulled.Fill(share);
                continue;
            }
            var r = prediction.Span[row];
            Centered.Scale(x, Moments<T>.Of(x, _epsilon, buffer).Mean, -(r * r * r * share), T.Zero, pulled);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (_isDeviation ? 4L : 1L) * inputs[0].Length;
}
