using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>Says that it is Tanh, and reads what is not its own: the error of another vertex.</summary>
/// <param name="leak">Where the vertices of a graph leave and find each other's errors.</param>
/// <param name="isThief">Whether it adds what is there to its own, or leaves its own.</param>
internal sealed class LeakyError(float[] leak, bool isThief)
    : ElementaryFunction<float>(OperatorCatalogue.Find("Tanh")!.With(Attributes.Empty))
{
    private readonly ElementaryFunction<float> _tanh = OperatorCatalogue.Create<float>("Tanh");

    public override void Predict(ReadOnlySpan<Tensor<float>> inputs, Tensor<float> prediction) =>
        _tanh.Predict(inputs, prediction);

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<float>> inputs, Tensor<float> prediction, Tensor<float> error,
        Tensor<float> result)
    {
        _tanh.PullBack(input, inputs, prediction, error, result);
        if (isThief) result.Writable[0] += leak[0];
        else leak[0] = error.Span[0];
    }
}
