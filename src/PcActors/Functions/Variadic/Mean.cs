using System.Numerics;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Mean: the sum of the inputs, broadcast, over their number. The pull-back is the error over that number.</summary>
public sealed class Mean<T> : VariadicFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Mean";

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        base.Predict(inputs, prediction);
        TensorPrimitives.Divide(prediction.Span, T.CreateChecked(inputs.Length), prediction.Writable);
    }

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        BroadcastSum.To(error, result);
        TensorPrimitives.Divide(result.Span, T.CreateChecked(inputs.Length), result.Writable);
    }

    private protected override void Join(Span<T> mu, ReadOnlySpan<T> x) => Elements.Add(mu, x, mu);
}
