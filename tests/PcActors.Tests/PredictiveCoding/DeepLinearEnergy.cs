using MathNet.Numerics.LinearAlgebra;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>The free energy of a deep linear network at equilibrium in closed form (Innocenti et al., 2024):
/// F* = 1/(2B) sum r^T S^-1 r with r = y - W_L ... W_1 x, S = I + sum_l P_l P_l^T and P_l the product of the weights
/// above l.</summary>
public class DeepLinearEnergy
{
    private const int Samples = 7;

    [Theory]
    [InlineData("il", "sgd", 0.15)]
    [InlineData("il", "momentum", 0.02)]
    [InlineData("epc", "sgd", 0.05)]
    [InlineData("ipc", "sgd", 0.15)]
    [InlineData("langevin", "sgd", 0.15)]
    [InlineData("pc-alm", "sgd", 0.15)]
    public async Task Inference_settles_at_it(string name, string optimizer, double rate)
    {
        var graph = Networks.Linear(Samples, 4, 5, 3, 6, 2);
        var rule = Networks.Rule(name, ("inferenceSteps", 2000), ("inferenceRate", rate),
            ("inferenceOptimizer", optimizer));
        // Without noise, and without multipliers, these are il; and nothing is learnt while all is clamped by hand.
        if (name == "langevin")
            rule = Networks.Rule(name, ("inferenceSteps", 2000), ("inferenceRate", rate), ("temperature", 0.0));
        if (name == "pc-alm")
            rule = Networks.Rule(name, ("inferenceSteps", 2000), ("inferenceRate", rate), ("multiplierRate", 0.0));
        var options = Networks.Options(rule);
        var batch = Networks.Draw(new Batch<double>(graph, Loss.SquaredError, 1));
        var inference = await Networks.InferAsync(graph, options, new Dictionary<string, Clamp<double>>
        {
            ["x"] = new(batch.Inputs[0]),
            ["h4"] = new(batch.Target),
        });
        Networks.AssertClose(Expected(graph, batch), inference.Record.FreeEnergy, 1e-9, name);
        var energies = inference.Record.ByVertex.Where(e => e.Time == inference.Record.FreeEnergies.Count - 1);
        Networks.AssertClose(inference.Record.FreeEnergy, energies.Sum(e => e.Energy), 1e-12, "sum over vertices");
        if (name == "ipc") return;
        await using var network = await Network<double>.StartAsync(graph, options);
        Networks.AssertClose(Expected(graph, batch), (await network.StepAsync(batch)).Inference!.FreeEnergy, 1e-9,
            name);
    }

    private static double Expected(Graph<double> graph, Batch<double> batch)
    {
        var weights = Enumerable.Range(1, 4).Select(l => Matrix(graph.Find($"w{l}").Initial!)).ToArray();
        var scatter = Matrix<double>.Build.DenseIdentity(2);
        var above = Matrix<double>.Build.DenseIdentity(2);
        for (var l = 3; l >= 1; l--)
        {
            // h_l W_{l+1} ... W_L: samples are rows here, so the products are transposed.
            above = weights[l] * above;
            scatter += above.TransposeThisAndMultiply(above);
        }
        var residual = Matrix(batch.Target) - (Matrix(batch.Inputs[0]) * weights[0] * above);
        var sum = 0.0;
        for (var sample = 0; sample < Samples; sample++)
            sum += residual.Row(sample) * scatter.Solve(residual.Row(sample));
        return sum / (2 * Samples);
    }

    private static Matrix<double> Matrix(Tensor<double> tensor) => Matrix<double>.Build.Dense(
        tensor.Shape[0], tensor.Shape[1], (i, j) => tensor.Span[(i * tensor.Shape[1]) + j]);
}
