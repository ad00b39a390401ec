using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Functions;

/// <summary>Carries an operator out on given numbers, for tests that know the answer.</summary>
public static class Evaluate
{
    /// <summary>A tensor of the shape and elements given.</summary>
    public static Tensor<double> Array(int[] shape, params double[] elements) =>
        Tensor<double>.From(new Shape(shape), elements);

    /// <summary>A tensor of 0, 1, 2, and so on.</summary>
    public static Tensor<double> Count(params int[] shape) =>
        Array(shape, [.. Enumerable.Range(0, new Shape(shape).Length).Select(i => (double)i)]);

    /// <summary>The prediction.</summary>
    public static Tensor<double> Predict(string operatorType, Attributes attributes, params Tensor<double>[] inputs)
    {
        var function = OperatorCatalogue.Create<double>(operatorType, attributes);
        var prediction = new Tensor<double>(function.InferShape([.. inputs.Select(x => x.Shape)]));
        function.Predict(inputs, prediction);
        return prediction;
    }

    /// <summary>The pull-back of an error to one input.</summary>
    public static Tensor<double> PullBack(
        string operatorType, Attributes attributes, int input, Tensor<double> error, params Tensor<double>[] inputs)
    {
        var function = OperatorCatalogue.Create<double>(operatorType, attributes);
        var result = new Tensor<double>(inputs[input].Shape);
        function.PullBack(input, inputs, Predict(operatorType, attributes, inputs), error, result);
        return result;
    }

    /// <summary>Shape and elements are the expected ones; elements to 12 digits after the point.</summary>
    public static void Same(Tensor<double> expected, Tensor<double> actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected.Span[i], actual.Span[i], 1e-12);
    }
}
