using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Running sums.</summary>
internal static class CumSumOperators
{
    public static Operator[] All =>
    [
        new("CumSum", typeof(CumSum<>))
        {
            Inputs = ["x", Of(Axis("axis").Required)], Attributes = [Flag("exclusive"), Flag("reverse")], Since = 11,
        },
    ];
}

/// <summary>ONNX CumSum: the running sum along an axis. The pull-back is the running sum of the error in
/// the other direction.</summary>
/// <remarks>Attributes: axis, which must be set; exclusive (0): whether an element's own value is
/// left out; reverse (0): whether it runs from the last element to the first.</remarks>
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
                if (step > 0)
                    TensorPrimitives.Add(sums.Slice(before, row), x.Slice(_exclusive ? before : at, row), sum);
                else if (_exclusive) sum.Clear();
                else x.Slice(at, row).CopyTo(sum);
            }
        }
    }
}
