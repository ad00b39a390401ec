using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Runs;

/// <summary>Passes its input on, and its error back, until one of the two throws.</summary>
internal sealed class ThrowingFunction(int predictionThatThrows = int.MaxValue, int pullBackThatThrows = int.MaxValue)
    : ElementaryFunction<float>(new Operator("Throwing").With(Attributes.Empty))
{
    private int _predictions;
    private int _pullBacks;

    public override void Predict(ReadOnlySpan<Tensor<float>> inputs, Tensor<float> prediction)
    {
        if (++_predictions >= predictionThatThrows) throw new InvalidOperationException("no prediction today");
        inputs[0].Span.CopyTo(prediction.Writable);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<float>> inputs, Tensor<float> prediction, Tensor<float> error,
        Tensor<float> result)
    {
        if (++_pullBacks >= pullBackThatThrows) throw new InvalidOperationException("no pull-back today");
        error.Span.CopyTo(result.Writable);
    }
}
