using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Graphs;

/// <summary>x where the condition is positive, 0 elsewhere; to the condition no error goes back.</summary>
internal sealed class Gate<T>() : ElementaryFunction<T>(
    new Operator("Gate") { Inputs = ["X", OperatorInput.Condition("condition")] }.With(Attributes.Empty))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) =>
        inputs[0].Equals(inputs[1]) ? inputs[0] : throw new ShapeException("Gate: both inputs must have one shape");

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        Pass(inputs[0].Span, inputs[1].Span, prediction.Writable);

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        Pass(error.Span, inputs[1].Span, result.Writable);

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;

    private static void Pass(ReadOnlySpan<T> x, ReadOnlySpan<T> condition, Span<T> result)
    {
        for (var i = 0; i < result.Length; i++) result[i] = condition[i] > T.Zero ? x[i] : T.Zero;
    }
}
