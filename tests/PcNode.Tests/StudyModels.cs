using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcNode.Suite;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace PcNode.Tests;

/// <summary>Closed forms of what the studies' networks do in a step.</summary>
public sealed class StudyModels
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25)]
    public async Task A_step_in_both_directions_is_that_of_their_energy(double weight)
    {
        // F = a/2 |h - x D1|^2 + a/2 |y - r(h) D2|^2 + 1/2 |h - y U1|^2 + 1/2 |x - r(h) U2|^2 by sample; a = weight.
        const double rate = 0.1;
        const int batch = 3;
        var graph = BidirectionalStudy.Both(batch, 5, 2, 4, Math.Sqrt(weight), 7);
        var options = new NetworkOptions
        {
            Rule = LearningRule.Il(1, rate),
            Loss = Loss.SquaredError,
            Optimizer = new Sgd(1),
        };
        await using var network = await Network<float>.StartAsync(graph, options, null, default);
        var before = await MatricesAsync(network);
        var y = Matrix.Build.Dense(batch, 5, (i, j) => Math.Sin(1 + i + (2 * j)));
        var x = Matrix.Build.Dense(batch, 2, (i, j) => i % 2 == j ? 1 : 0);
        var filled = network.NewBatch();
        Fill(y, filled.Inputs[0].Writable);
        Fill(x, filled.Inputs[1].Writable);
        Fill((Math.Sqrt(weight) * y).Append(x).Append(Matrix.Build.Dense(batch, 4)), filled.Target.Writable);
        await network.StepAsync(filled);
        var after = await MatricesAsync(network);

        var (u1, u2, d1, d2) = (before["up1"], before["up2"], before["down1"], before["down2"]);
        var h = y * u1;
        var active = h.Map(v => v > 0 ? 1.0 : 0);
        var slope = (weight * ((h.PointwiseMultiply(active) * d2) - y) * d2.Transpose())
            + (((h.PointwiseMultiply(active) * u2) - x) * u2.Transpose());
        h -= rate * (slope.PointwiseMultiply(active) + (weight * (h - (x * d1))));
        var rectified = h.Map(v => Math.Max(v, 0));
        Near(y.Transpose() * ((y * u1) - h), "up1");
        Near(rectified.Transpose() * ((rectified * u2) - x), "up2");
        Near(weight * x.Transpose() * ((x * d1) - h), "down1");
        Near(weight * rectified.Transpose() * ((rectified * d2) - y), "down2");

        void Near(Matrix gradient, string name)
        {
            Assert.True(gradient.L2Norm() > 0.01, name);
            Assert.True((before[name] - after[name] - (gradient / batch)).L2Norm() < 1e-5, name);
        }
    }

    private static void Fill(Matrix from, Span<float> to)
    {
        foreach (var (i, element) in from.ToRowMajorArray().Index()) to[i] = (float)element;
    }

    private static async Task<Dictionary<string, Matrix>> MatricesAsync(Network<float> network) =>
        (await network.ParametersAsync()).Where(p => p.Value.Shape.Rank == 2).ToDictionary(
            p => p.Name.Split('/')[0],
            p => Matrix.Build.DenseOfRowMajor(p.Value.Shape[0], p.Value.Shape[1],
                p.Value.Span.ToArray().Select(v => (double)v)));
}
