using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>A precision that is learnt by its own local rule comes to be the inverse variance.</summary>
public class LearntPrecision
{
    private const int Samples = 16;

    /// <summary>v ~ N(b, 1/Pi) is observed through y = s v with an enormous s, so that v is the data: b becomes their
    /// mean, and Pi the inverse of their variance.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task It_is_the_inverse_variance_of_what_is_observed(int precisions)
    {
        const double scale = 1e6;
        var (graph, data) = (Network(precisions, scale), Data());
        var options = Networks.Options(LearningRule.Il(4, 1 / (scale * scale))) with { Optimizer = new Sgd(0.5) };
        await using var network = await Network<double>.StartAsync(graph, options);
        var batch = network.NewBatch();
        batch.Inputs[0].Writable.Fill(1);
        for (var i = 0; i < data.Length; i++) batch.Target.Writable[i] = scale * data.Span[i];
        for (var step = 0; step < 1500; step++) await network.StepAsync(batch);
        var learnt = (await network.ParametersAsync()).ToDictionary(p => p.Name, p => p.Value);
        var variances = new double[3];
        for (var unit = 0; unit < 3; unit++)
        {
            var column = Enumerable.Range(0, Samples).Select(n => data.Span[(n * 3) + unit]).ToList();
            Networks.AssertClose(column.Average(), learnt["b"].Span[unit], 1e-9, "mean");
            variances[unit] = column.Sum(v => (v - column.Average()) * (v - column.Average())) / Samples;
        }
        for (var unit = 0; unit < 3; unit++)
        {
            Networks.AssertClose(precisions == 1 ? 3 / variances.Sum() : 1 / variances[unit],
                Math.Exp(learnt["log precision"].Span[precisions == 1 ? 0 : unit]), 1e-9, "precision");
        }
    }

    /// <summary>With an observation as uncertain as the loss says, v - mu = r / (1 + Pi) for a residual r, and Pi mean
    /// (v - mu)^2 = 1: Pi^2 + (2 - m) Pi + 1 = 0 with m the mean square of r, at whose smaller root it comes to
    /// rest.</summary>
    [Fact]
    public async Task It_is_the_inverse_mean_square_of_the_errors_as_they_are_inferred()
    {
        var (graph, data) = (Network(1, 1), Data());
        var options = Networks.Options(LearningRule.Il(200, 0.3)) with { Optimizer = new Sgd(0.3) };
        graph = graph.With(v => v.Name == "b" ? v with { Trainable = false } : v);
        await using var network = await Network<double>.StartAsync(graph, options);
        var batch = network.NewBatch();
        batch.Inputs[0].Writable.Fill(1);
        data.Span.CopyTo(batch.Target.Writable);
        for (var step = 0; step < 600; step++) await network.StepAsync(batch);
        var learnt = (await network.ParametersAsync()).Single(p => p.Name == "log precision").Value.Span[0];
        var bias = graph.Find("b").Initial!.Span;
        var square = 0.0;
        for (var i = 0; i < data.Length; i++) square += Math.Pow(data.Span[i] - bias[i % 3], 2) / data.Length;
        Assert.True(square > 4, $"{square}");
        var expected = (square - 2 - Math.Sqrt(((square - 2) * (square - 2)) - 4)) / 2;
        Networks.AssertClose(expected, Math.Exp(learnt), 1e-9, "precision");
    }

    private static Tensor<double> Data()
    {
        var data = Networks.Normal(new Shape(Samples, 3), "data", 2);
        for (var i = 0; i < data.Length; i++)
            data.Writable[i] = (i % 3) switch
            {
                0 => 2.5 * data.Span[i],
                1 => (3 * data.Span[i]) - 1,
                _ => 2 + (4 * data.Span[i])
            };
        return data;
    }

    private static Graph<double> Network(int precisions, double scale)
    {
        var builder = new GraphBuilder<double>();
        var bias = builder.Data("one", new Shape(Samples, 1))
            .MatMul(builder.Parameter("b", new Tensor<double>(new Shape(1, 3))));
        var v = bias.Apply("GaussianPrecision",
            [builder.Parameter("log precision", new Tensor<double>(new Shape(precisions)))], name: "v").Latent();
        return builder.Build(v.Multiply(builder.Constant("s", Tensor<double>.Scalar(scale)), "y"));
    }
}
