using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Transpose: the axes in another order, mu's axis i being x's axis perm[i].</summary>
/// <remarks>Attribute: perm (the axes reversed). The pull-back is the error with its axes put back.</remarks>
public sealed class Transpose<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[]? _permutation;

    /// <summary>A Transpose by the attribute's permutation.</summary>
    /// <exception cref="AttributeException">It is no permutation.</exception>
    public Transpose(Attributes attributes)
    {
        Attributes = attributes;
        _permutation = attributes.Axes("perm");
        if (_permutation is not null && !_permutation.Order().SequenceEqual(Enumerable.Range(0, _permutation.Length)))
            throw new AttributeException($"perm is [{string.Join(", ", _permutation)}], which is no permutation of the axes from 0");
    }

    /// <inheritdoc/>
    public override string OperatorType => "Transpose";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override int MinInputs => 1;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var shape = inputs[0];
        if (_permutation is not null && _permutation.Length != shape.Rank)
            throw Misfit($"perm has {_permutation.Length} axes and the input's shape {shape} has {shape.Rank}; there must be as many");
        var extents = new int[shape.Rank];
        for (var axis = 0; axis < extents.Length; axis++) extents[axis] = shape[Source(axis, shape.Rank)];
        return new Shape(extents);
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var rank = prediction.Shape.Rank;
        Span<int> strides = stackalloc int[rank];
        Span<int> own = stackalloc int[rank];
        StridedCopy.RowMajor(inputs[0].Shape, own);
        for (var axis = 0; axis < rank; axis++) strides[axis] = own[Source(axis, rank)];
        StridedCopy.Gather(inputs[0].Span, 0, strides, prediction.Shape, prediction.Writable);
    }

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var rank = result.Shape.Rank;
        Span<int> strides = stackalloc int[rank];
        Span<int> own = stackalloc int[rank];
        StridedCopy.RowMajor(error.Shape, own);
        for (var axis = 0; axis < rank; axis++) strides[Source(axis, rank)] = own[axis];
        StridedCopy.Gather(error.Span, 0, strides, result.Shape, result.Writable);
    }

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 0;

    /// <summary>The input's axis that an axis of the prediction is.</summary>
    private int Source(int axis, int rank) => _permutation is null ? rank - 1 - axis : _permutation[axis];
}
