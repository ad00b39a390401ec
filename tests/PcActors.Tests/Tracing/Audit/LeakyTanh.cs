using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>Says that it is Tanh, and reads a buffer that is none of its inputs: what
/// another vertex predicted.</summary>
/// <param name="leak">Where the vertices of a graph leave and find each other's predictions.</param>
/// <param name="isThief">Whether it takes from there, or leaves its own.</param>
internal sealed class LeakyTanh(float[] leak, bool isThief)
    : ElementaryFunction<float>(OperatorCatalogue.Find("Tanh")!.With(Attributes.Empty))
{
    private readonly ElementaryFunction<float> _tanh = OperatorCatalogue.Create<float>("Tanh");

    public override void Predict(ReadOnlySpan<Tensor<float>> inputs, Tensor<float> prediction)
    {
        _tanh.Predict(inputs, prediction);
        if (isThief) prediction.Writable[0] += leak[0];
        else leak[0] = prediction.Span[0];
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<float>> inputs, Tensor<float> prediction, Tensor<float> error,
        Tensor<float> result) =>
        _tanh.PullBack(input, inputs, prediction, error, result);
}
