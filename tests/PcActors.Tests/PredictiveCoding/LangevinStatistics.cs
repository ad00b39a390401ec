using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;
using PcActors.Graphs;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>Langevin dynamics on a Gaussian: with curvature k, rate gamma and temperature tau the chain is
/// autoregressive, its mean is the mode, and its variance is tau / (k (1 - gamma k / 2)): tau / k where gamma is small.
/// Every sample of a batch is a chain of its own, so the last values are independent.</summary>
public class LangevinStatistics
{
    private const int Chains = 20000;
    private const double Errors = 5;

    [Theory]
    [InlineData(0.3, 1.0, 200)]
    [InlineData(0.15, 0.5, 300)]
    public async Task It_has_the_mean_and_the_variance_of_its_own_step(double rate, double temperature, int steps)
    {
        // F = 1/2 (h - 0.6)^2 + 1/2 (2 h - y)^2.
        const double weight = 2, target = 1.5, prediction = 0.6;
        const double curvature = 1 + (weight * weight);
        var values = await Chain(weight, prediction, target, rate, temperature, steps);
        AssertMoments(values, (prediction + (weight * target)) / curvature,
            temperature / (curvature * (1 - (rate * curvature / 2))));
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task With_a_small_step_it_samples_the_posterior()
    {
        const double weight = 2, target = 1.5, prediction = 0.6;
        const double curvature = 1 + (weight * weight);
        // The variance is a quarter of a percent too large then: a quarter of its standard error.
        var values = await Chain(weight, prediction, target, 0.001, 1, 2500);
        AssertMoments(values, (prediction + (weight * target)) / curvature, 1 / curvature);
    }

    [Fact]
    public async Task Several_units_have_the_covariance_of_their_curvature()
    {
        // h = z W: F = 1/2 |z|^2 Pi + 1/2 |h - z W|^2 + 1/2 |h V - y|^2, with z and h free: A is its Hessian.
        const double rate = 0.1;
        var builder = new GraphBuilder<double>();
        var one = builder.Data("one", new Shape(Chains, 1));
        var a = one.MatMul(builder.Parameter("w1", Tensor<double>.From(new Shape(1, 2), [0.4, -0.7])), "a").Latent();
        var b = a.MatMul(builder.Parameter("w2", Tensor<double>.From(new Shape(2, 1), [0.9, -0.5])), "b").Latent();
        var graph = builder.Build(b.MatMul(builder.Parameter("w3", Tensor<double>.From(new Shape(1, 1), [1.2])), "y"));
        var options = Networks.Options(
            Networks.Rule("langevin", ("inferenceSteps", 300), ("inferenceRate", rate))) with
        { Seed = 3 };
        var inference = await Networks.InferAsync(graph, options, Clamps(0.5), "a", "b");
        var curvature = Matrix<double>.Build.DenseOfArray(new[,]
        {
            { 1 + (0.9 * 0.9), -0.9 * 0.5, -0.9 }, { -0.9 * 0.5, 1 + (0.5 * 0.5), 0.5 }, { -0.9, 0.5, 1 + (1.2 * 1.2) },
        });
        var expected = (curvature * (Matrix<double>.Build.DenseIdentity(3) - (curvature * (rate / 2)))).Inverse();
        var mean = curvature.Solve(Vector<double>.Build.Dense([0.4, -0.7, 1.2 * 0.5]));
        double[][] columns = [Column(inference.Values["a"], 0), Column(inference.Values["a"], 1),
            Column(inference.Values["b"], 0)];
        for (var i = 0; i < 3; i++)
        {
            AssertMoments(columns[i], mean[i], expected[i, i]);
            for (var j = 0; j < i; j++)
            {
                var error = Math.Sqrt(((expected[i, i] * expected[j, j]) + (expected[i, j] * expected[i, j])) / Chains);
                Assert.InRange(Statistics.Covariance(columns[i], columns[j]),
                    expected[i, j] - (Errors * error), expected[i, j] + (Errors * error));
            }
        }
    }

    private static void AssertMoments(double[] values, double mean, double variance)
    {
        var error = Math.Sqrt(variance / values.Length);
        Assert.InRange(values.Mean(), mean - (Errors * error), mean + (Errors * error));
        error = variance * Math.Sqrt(2.0 / (values.Length - 1));
        Assert.InRange(values.Variance(), variance - (Errors * error), variance + (Errors * error));
    }

    private static async Task<double[]> Chain(
        double weight, double prediction, double target, double rate, double temperature, int steps)
    {
        var builder = new GraphBuilder<double>();
        var h = builder.Data("one", new Shape(Chains, 1))
            .MatMul(builder.Parameter("w1", Tensor<double>.From(new Shape(1, 1), [prediction])), "h").Latent();
        var graph = builder.Build(
            h.MatMul(builder.Parameter("w2", Tensor<double>.From(new Shape(1, 1), [weight])), "y"));
        var options = Networks.Options(Networks.Rule("langevin", ("inferenceSteps", steps), ("inferenceRate", rate),
            ("temperature", temperature))) with
        { Seed = 1 };
        var inference = await Networks.InferAsync(graph, options, Clamps(target), "h");
        return inference.Values["h"].Span.ToArray();
    }

    private static Dictionary<string, Clamp<double>> Clamps(double target)
    {
        var (one, y) = (new Tensor<double>(new Shape(Chains, 1)), new Tensor<double>(new Shape(Chains, 1)));
        one.Writable.Fill(1);
        y.Writable.Fill(target);
        return new() { ["one"] = new(one), ["y"] = new(y) };
    }

    private static double[] Column(Tensor<double> tensor, int unit)
    {
        var column = new double[tensor.Shape[0]];
        for (var i = 0; i < column.Length; i++) column[i] = tensor.Span[(i * tensor.Shape[1]) + unit];
        return column;
    }
}
