using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Trilu: the upper or lower triangle of each matrix, 0 elsewhere. The pull-back is the error's triangle.</summary>
/// <remarks>Attributes: k (0), the diagonal at which the triangle begins, counted to the right; upper (1).</remarks>
public sealed class Trilu<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long _diagonal;
    private readonly bool _upper;

    /// <summary>A Trilu with the attributes given.</summary>
    public Trilu(Attributes attributes)
    {
        Attributes = attributes;
        _diagonal = attributes.Integer("k", 0);
        _upper = attributes.Flag("upper", true);
    }

    /// <inheritdoc/>
    public override string OperatorType => "Trilu";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override int MinInputs => 1;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0].Rank >= 2 ? inputs[0] : throw Misfit($"the input's shape is {inputs[0]}; it must have two axes or more");
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) => Copy(inputs[0], prediction);

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        Copy(error, result);

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 0;

    private void Copy(Tensor<T> source, Tensor<T> result)
    {
        if (result.Length == 0) return;
        var (rows, columns) = (result.Shape[-2], result.Shape[-1]);
        result.Writable.Clear();
        for (var row = 0; row < result.Length / columns; row++)
        {
            // The first column of the upper triangle, or the first one beyond the lower.
            var border = (row % rows) + Math.Clamp(_diagonal, -rows, columns) + (_upper ? 0 : 1);
            var split = (int)Math.Clamp(border, 0, columns);
            var (from, to) = _upper ? (split, columns) : (0, split);
            var at = (row * columns) + from;
            source.Span.Slice(at, to - from).CopyTo(result.Writable[at..]);
        }
    }
}
