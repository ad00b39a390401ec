using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Running sums, and products.</summary>
internal static class RunningOperators
{
    public static Operator[] All =>
    [
        new("CumSum", typeof(CumSum<>)) { Inputs = ["x", Of(Axis("axis").Required)], Attributes = [Flag("exclusive"), Flag("reverse")], Since = 11 },
        LinearReductionOperators.Over("ReduceProd", 18, typeof(ReduceProd<>)),
    ];
}

/// <summary>ONNX CumSum: the running sum along an axis. The pull-back is the running sum of the error in the other direction.</summary>
/// <remarks>Attributes: axis, which must be set; exclusive (0): whether an element's own value is left out; reverse (0): whether
/// it runs from the last element to the first.</remarks>
internal sealed class CumSum<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis = settings.Axis("axis");
    private readonly bool _exclusive = settings.Flag("exclusive");
    private readonly bool _reverse = settings.Flag("reverse");

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        AxisOf(inputs[0], _axis);
        return inputs[0];
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        Run(inputs[0].Span, prediction, _reverse);

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        Run(error.Span, result, !_reverse);

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;

    private void Run(ReadOnlySpan<T> x, Tensor<T> result, bool reverse)
    {
        if (x.IsEmpty) return;
        var sums = result.Writable;
        var axis = result.Shape.Axis(_axis);
        var (extent, row) = (result.Shape[axis], result.Shape.LengthOf(axis + 1, result.Shape.Rank));
        for (var slice = 0; slice < sums.Length; slice += extent * row)
        {
            for (var step = 0; step < extent; step++)
            {
                var at = slice + ((reverse ? extent - 1 - step : step) * row);
                var before = reverse ? at + row : at - row;
                var sum = sums.Slice(at, row);
                if (step > 0) TensorPrimitives.Add(sums.Slice(before, row), x.Slice(_exclusive ? before : at, row), sum);
                else if (_exclusive) sum.Clear();
                else x.Slice(at, row).CopyTo(sum);
            }
        }
    }
}

/// <summary>ONNX ReduceProd: the product over axes; 1 over no elements.</summary>
/// <remarks>The pull-back is the error times the product of the other elements: of those that are not 0 over x; where one
/// element is 0 it alone receives anything, where several are, none does.</remarks>
internal sealed class ReduceProd<T>(OperatorSettings settings) : Reduction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        prediction.Writable.Fill(T.One);
        Multiply(inputs[0], prediction.Writable, default);
    }

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
