using System.Numerics;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX CumSum: the running sum along an axis. The pull-back is the running sum of the error in
/// the other direction.</summary>
internal sealed class CumSum<T>(OperatorSettings settings) : RunningFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        Run(inputs[0].Span, prediction, Reverse);

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        Run(error.Span, result, !Reverse);

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;

    private void Run(ReadOnlySpan<T> x, Tensor<T> result, bool reverse)
    {
        if (x.IsEmpty) return;
        var sums = result.Writable;
        var axis = result.Shape.Axis(Along);
        var (extent, row) = (result.Shape[axis], result.Shape.LengthOf(axis + 1, result.Shape.Rank));
        for (var slice = 0; slice < sums.Length; slice += extent * row)
        {
            for (var step = 0; step < extent; step++)
            {
                var at = slice + ((reverse ? extent - 1 - step : step) * row);
                var before = reverse ? at + row : at - row;
                var sum = sums.Slice(at, row);
                if (step > 0)
                    TensorPrimitives.Add(sums.Slice(before, row), x.Slice(Exclusive ? before : at, row), sum);
                else if (Exclusive) sum.Clear();
                else x.Slice(at, row).CopyTo(sum);
            }
        }
    }
}
