using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX EyeLike: a matrix of the input's shape with ones on a diagonal and zeros elsewhere. Nothing is pulled back.</summary>
/// <remarks>Attributes: k (0), the diagonal, counted to the right; dtype, which T stands for.</remarks>
public sealed class EyeLike<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long _diagonal;

    /// <summary>An EyeLike with the attributes given.</summary>
    public EyeLike(Attributes attributes)
    {
        Attributes = attributes;
        _diagonal = attributes.Integer("k", 0);
    }

    /// <inheritdoc/>
    public override string OperatorType => "EyeLike";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override int MinInputs => 1;

    /// <inheritdoc/>
    public override bool IsDifferentiable(int input) => false;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0].Rank == 2 ? inputs[0] : throw Misfit($"the input's shape is {inputs[0]}; it must be a matrix");
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var (rows, columns) = (prediction.Shape[0], prediction.Shape[1]);
        var mu = prediction.Writable;
        mu.Clear();
        for (var row = 0; row < rows; row++)
        {
            var column = row + Math.Clamp(_diagonal, -rows, columns);
            if (column >= 0 && column < columns) mu[(row * columns) + (int)column] = T.One;
        }
    }

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        result.Writable.Clear();

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 0;
}
