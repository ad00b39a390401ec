using MathNet.Numerics.Differentiation;
using PcActors.Functions;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Tests.Functions;

/// <summary>The gradient oracle: what a function's pull-back must be, from its predictions alone.</summary>
public static class FiniteDifference
{
    // Five central points: with this step, truncation (h^4) and rounding (epsilon / h) both stay near 1e-12.
    private const double Step = 1e-3;

    /// <summary>The derivative of &lt;error, g(inputs)&gt; by each element of one input.</summary>
    public static double[] PullBack(
        ElementaryFunction<double> function, int input, Tensor<double>[] inputs, Tensor<double> error)
    {
        var moved = inputs.ToArray();
        moved[input] = inputs[input].Clone();
        var prediction = new Tensor<double>(error.Shape);
        var derivative = new NumericalDerivative(5, 2) { StepType = StepType.Absolute, StepSize = Step };
        var at = inputs[input].Span.ToArray();
        var result = new double[at.Length];
        for (var i = 0; i < result.Length; i++) result[i] = derivative.EvaluatePartialDerivative(Project, at, i, 1);
        return result;

        double Project(double[] x)
        {
            x.CopyTo(moved[input].Writable);
            function.Predict(moved, prediction);
            return TensorPrimitives.Dot(error.Span, prediction.Span);
        }
    }

    /// <summary>The largest difference between a function's pull-back and the oracle's,
    /// over all inputs, relative to 1 or the pull-back's own size.</summary>
    public static double WorstDifference(ElementaryFunction<double> function, Tensor<double>[] inputs,
        Func<Shape, Tensor<double>> error)
    {
        var prediction = new Tensor<double>(function.InferShape([.. inputs.Select(x => x.Shape)]));
        function.Predict(inputs, prediction);
        var eps = error(prediction.Shape);
        var worst = 0.0;
        for (var input = 0; input < inputs.Length; input++)
        {
            if (!function.IsDifferentiable(input)) continue;
            var result = new Tensor<double>(inputs[input].Shape);
            result.Writable.Fill(double.NaN);
            function.PullBack(input, inputs, prediction, eps, result);
            var expected = PullBack(function, input, inputs, eps);
            for (var i = 0; i < expected.Length; i++)
            {
                var difference = Math.Abs(result.Span[i] - expected[i]) / Math.Max(1, Math.Abs(expected[i]));
                // NaN is the worst of all: an element that was never written.
                worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, difference);
            }
        }
        return worst;
    }
}
