using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Functions;

/// <summary>A layer that is split by its output units, down to one unit, computes the same bits
/// as the whole layer.</summary>
public sealed class SplitInvariance
{
    [Theory]
    [InlineData("MatMul", "64x70, 70x9", 1, 1)]
    [InlineData("Gemm", "64x70, 70x9, 9", 1, 1)]
    [InlineData("Gemm", "64x70, 70x9, 9", 2, 0)]
    [InlineData("Gemm", "64x70, 70x9, 64x1", 1, 1, "beta=0.3")]
    [InlineData("Gemm", "64x70, 70x9, 1x9", 2, 1, "beta=0.3 alpha=0.7")]
    [InlineData("Add", "64x9, 9", 1, 0)]
    [InlineData("Mul", "64x9, 9", 1, 0)]
    [InlineData("Sub", "64x9, 9", 1, 0)]
    [InlineData("Div", "64x9, 9", 1, 0)]
    [InlineData("PRelu", "64x9, 9", 1, 0)]
    [InlineData("Sum", "64x9, 9", 1, 0)]
    [InlineData("Mean", "64x9, 64x1, 9", 2, 0)]
    [InlineData("Max", "64x9, 9", 1, 0)]
    [InlineData("Where", "64x1, 64x9, 9", 1, 1)]
    [InlineData("Expand", "64x9", 0, 1, "shape=[3,1,1]")]
    [InlineData("ReduceSum", "64x9", 0, 1, "axes=[0]")]
    [InlineData("ReduceL2", "64x9", 0, 1, "axes=[0]")]
    [InlineData("ReduceProd", "64x9", 0, 1, "axes=[0]")]
    [InlineData("ReduceMax", "64x9", 0, 1, "axes=[0]")]
    [InlineData("ReduceLogSumExp", "64x9", 0, 1, "axes=[0]")]
    [InlineData("MeanVarianceNormalization", "64x9", 0, 1, "axes=[0]")]
    [InlineData("BatchNormalization", "64x9, 9, 9, 9, 9", 0, 1, "epsilon=3.0")]
    [InlineData("BatchNormalization", "64x9, 9, 9, 9, 9", 1, 0, "epsilon=3.0")]
    [InlineData("BatchNormalization", "64x9, 9, 9, 9, 9", 4, 0, "epsilon=3.0")]
    [InlineData("BatchNormalization", "64x9, 9, 9, 9, 9", 0, 1, "training_mode=1")]
    [InlineData("BatchNormalization", "64x9, 9, 9, 9, 9", 1, 0, "training_mode=1")]
    [InlineData("Einsum", "64x70, 70x9", 1, 1, "equation=bi,ij->bj")]
    public void One_unit_alone_has_the_bits_it_has_among_others(
        string name, string shapes, int input, int axis, string attributes = "")
    {
        var example = new FunctionCase(name, shapes, attributes);
        var function = example.Function<float>();
        var inputs = example.Inputs<float>();
        var (prediction, pulled) = Run(function, inputs, example.Error<float>, input);
        for (var unit = 0; unit < 9; unit++)
        {
            var part = inputs.Select(x => x.Shape[-1] == 9 ? Unit(x, unit) : x).ToArray();
            var (partPrediction, partPulled) = Run(function, part,
                _ => Unit(example.Error<float>(prediction.Shape), unit), input);
            Assert.Equal(Unit(prediction, unit).Span.ToArray(), partPrediction.Span.ToArray());
            Assert.Equal(Unit(pulled, unit, axis).Span.ToArray(), partPulled.Span.ToArray());
        }
    }

    private static (Tensor<float> Prediction, Tensor<float> Pulled) Run(
        ElementaryFunction<float> function, Tensor<float>[] inputs, Func<Shape, Tensor<float>> error, int input)
    {
        var prediction = new Tensor<float>(function.InferShape([.. inputs.Select(x => x.Shape)]));
        function.Predict(inputs, prediction);
        var pulled = new Tensor<float>(inputs[input].Shape);
        function.PullBack(input, inputs, prediction, error(prediction.Shape), pulled);
        return (prediction, pulled);
    }

    /// <summary>One index of the last axis, which stays with extent 1.</summary>
    private static Tensor<float> Unit(Tensor<float> tensor, int unit, int axis = -1)
    {
        var result = new Tensor<float>(tensor.Shape.With(axis, 1));
        for (var i = 0; i < result.Length; i++) result.Writable[i] = tensor.Span[(i * 9) + unit];
        return result;
    }
}
