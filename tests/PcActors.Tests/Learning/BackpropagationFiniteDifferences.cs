using MathNet.Numerics.Differentiation;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Reference;
using PcActors.Tests.Graphs;

namespace PcActors.Tests.Learning;

/// <summary>The sequential reference's gradient, seen through one step of plain descent,
/// against finite differences of an independent forward pass and loss.</summary>
public class BackpropagationFiniteDifferences
{
    private const double Rate = 0.25;
    private const int Graphs = 120;

    [Fact]
    public void Each_parameter_of_random_graphs_gets_the_derivative_of_the_loss()
    {
        var checkedElements = 0;
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var graph = RandomGraph<double>.Create(seed, smooth: true);
            var loss = seed % 2 == 0 ? Loss.CrossEntropy : Loss.SquaredError;
            var microBatches = 1 + (int)(seed % 3);
            checkedElements += Check(graph, loss, microBatches, seed);
        }
        Assert.InRange(checkedElements, 5 * Graphs, int.MaxValue);
    }

    private static int Check(Graph<double> graph, Loss loss, int microBatches, ulong seed)
    {
        var batch = RandomBatch.Create(graph, loss, microBatches, seed);
        var reference = new Backpropagation<double>(graph, loss, new Sgd(Rate), microBatches);
        var found = reference.Step(batch);
        var forward = new ForwardPass(graph, loss, batch);
        Near(forward.Loss(), found, $"seed {seed}: the loss");

        // Five central points: truncation (h^4) and rounding (epsilon / h) are both small.
        var derivative = new NumericalDerivative(5, 2) { StepType = StepType.Absolute, StepSize = 1e-3 };
        var count = 0;
        foreach (var parameter in graph.Parameters)
        {
            var value = forward.Parameter(parameter.Id);
            for (var i = 0; i < value.Length; i++)
            {
                var (place, before) = (i, value.Span[i]);
                var expected = parameter.Trainable ? derivative.EvaluateDerivative(At, before, 1) : 0;
                value.Writable[place] = before;
                Near(expected, (before - reference.Parameter(parameter.Id).Span[i]) / Rate,
                    $"seed {seed}: '{parameter.Name}'[{i}]");
                count++;

                double At(double x)
                {
                    value.Writable[place] = x;
                    return forward.Loss();
                }
            }
        }
        return count;
    }

    private static void Near(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-6 * (1 + Math.Abs(expected)),
            $"{what}: {actual:R}, and the finite difference is {expected:R}");
}
