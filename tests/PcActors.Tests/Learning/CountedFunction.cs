using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>x w, or what else a function makes of inputs, which counts how often it predicts and pulls back.</summary>
internal sealed class CountedFunction(ElementaryFunction<double> function)
    : ElementaryFunction<double>(new Operator("Counted").With(Attributes.Empty))
{
    private readonly int[] _pullBacks = new int[function.MinInputs];

    public int Predictions { get; private set; }

    public override int MinInputs => function.MinInputs;

    public override int MaxInputs => function.MinInputs;

    /// <summary>Pull-backs to an input.</summary>
    public int PullBacks(int input) => _pullBacks[input];

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => function.InferShape(inputs);

    public override bool IsDifferentiable(int input) => true;

    internal override bool PullsZeroBackToZero(int input) => function.PullsZeroBackToZero(input);

    public override void Predict(ReadOnlySpan<Tensor<double>> inputs, Tensor<double> prediction)
    {
        Predictions++;
        function.Predict(inputs, prediction);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<double>> inputs, Tensor<double> prediction, Tensor<double> error,
        Tensor<double> result)
    {
        _pullBacks[input]++;
        function.PullBack(input, inputs, prediction, error, result);
    }
}
