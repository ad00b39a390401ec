using System.Buffers;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX ReduceProd: the product over axes; 1 over no elements.</summary>
/// <remarks>The pull-back is the error times the product of the other elements: of those that are not 0 over x; where one
/// element is 0 it alone receives anything, where several are, none does.</remarks>
public sealed class ReduceProd<T> : Reduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A product over the attributes' axes.</summary>
    public ReduceProd(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "ReduceProd";

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        prediction.Writable.Fill(T.One);
        Multiply(inputs[0], prediction.Writable, default);
    }

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (result.Length == 0) return;
        var products = ArrayPool<T>.Shared.Rent(error.Length);
        var zeros = ArrayPool<int>.Shared.Rent(error.Length);
        products.AsSpan(0, error.Length).Fill(T.One);
        zeros.AsSpan(0, error.Length).Clear();
        Multiply(inputs[0], products, zeros);
        var x = inputs[0].Span;
        var loop = Loop(result.Shape, stackalloc int[StridedLoop.Scratch(result.Shape.Rank, 1)]);
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                var (at, own) = (loop.Offset(0) + (i * loop.Stride(0)), loop.Position + i);
                var others = zeros[at] == 0 ? products[at] / x[own]
                    : zeros[at] == 1 && x[own] == T.Zero ? products[at]
                    : T.Zero;
                result.Writable[own] = others * error.Span[at];
            }
        }
        while (loop.Next());
        ArrayPool<int>.Shared.Return(zeros);
        ArrayPool<T>.Shared.Return(products);
    }

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => 3L * inputs[0].Length;

    /// <summary>Multiplies the elements in, in row-major order; zeros are counted instead, if there is where to.</summary>
    private void Multiply(Tensor<T> x, Span<T> products, Span<int> zeros)
    {
        if (x.Length == 0) return;
        var loop = Loop(x.Shape, stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)]);
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                var at = loop.Offset(0) + (i * loop.Stride(0));
                var value = x.Span[loop.Position + i];
                if (value == T.Zero && !zeros.IsEmpty) zeros[at]++;
                else products[at] *= value;
            }
        }
        while (loop.Next());
    }
}
