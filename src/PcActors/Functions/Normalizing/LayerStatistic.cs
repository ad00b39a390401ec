using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.ElementWise;

namespace PcActors.Functions;

/// <summary>A further output of ONNX LayerNormalization: the mean m of what is normalised, or r = 1 / sqrt(v + epsilon).</summary>
/// <remarks>Inputs and attributes: as LayerNormalization's. The result has X's shape, with extents of 1 from the axis on. With L
/// elements in a row, the pull-backs to X are E / L and -r^3 (x - m) E / L; there are none to Scale and B.</remarks>
public sealed class LayerStatistic<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerNormalization<T> _whole;
    private readonly int _axis;
    private readonly double _epsilon;
    private readonly bool _isDeviation;

    /// <summary>A statistic of a LayerNormalization with the attributes given.</summary>
    /// <param name="attributes">The attributes.</param>
    /// <param name="isDeviation">Whether it is the reciprocal of the standard deviation.</param>
    public LayerStatistic(Attributes attributes, bool isDeviation)
    {
        _whole = new LayerNormalization<T>(attributes);
        _axis = attributes.Axis("axis", -1);
        _epsilon = attributes.Float("epsilon", 1e-5);
        _isDeviation = isDeviation;
    }

    /// <inheritdoc/>
    public override string OperatorType => _isDeviation ? "LayerNormalization:InvStdDev" : "LayerNormalization:Mean";

    /// <inheritdoc/>
    public override Attributes Attributes => _whole.Attributes;

    /// <inheritdoc/>
    public override int MinInputs => 2;

    /// <inheritdoc/>
    public override int MaxInputs => 3;

    /// <inheritdoc/>
    public override bool IsDifferentiable(int input) => input == 0;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        try
        {
            _whole.InferShape(inputs);
        }
        catch (ShapeException misfit)
        {
            throw new ShapeException($"{OperatorType}{misfit.Message[_whole.OperatorType.Length..]}");
        }
        var dimensions = inputs[0].Dimensions.ToArray();
        dimensions.AsSpan(inputs[0].Axis(_axis)).Fill(1);
        return new Shape(dimensions);
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => (_isDeviation ? 4L : 1L) * inputs[0].Length;
}
