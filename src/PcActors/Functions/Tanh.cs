using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>ONNX Tanh: the hyperbolic tangent of each element. The pull-back is (1 - mu^2) error.</summary>
public sealed class Tanh<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Tanh";

    /// <inheritdoc/>
    public override int MinInputs => 1;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        Transcendental.Tanh(inputs[0].Span, prediction.Writable);

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var mu = prediction.Span;
        var eps = error.Span;
        var pulled = result.Writable;
        for (var i = 0; i < pulled.Length; i++) pulled[i] = (T.One - (mu[i] * mu[i])) * eps[i];
    }

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 8L * prediction.Length;
}
