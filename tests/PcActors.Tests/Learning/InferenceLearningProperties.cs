using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Tests.Graphs;

namespace PcActors.Tests.Learning;

/// <summary>Inference learning on vertices follows the paper's equations.</summary>
public class InferenceLearningProperties
{
    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(5, 0.05)]
    [InlineData(12, 0.02)]
    public void Its_update_is_the_one_of_the_equations_on_random_graphs(int steps, double rate)
    {
        const double learningRate = 0.5;
        for (var seed = 0UL; seed < 60; seed++)
        {
            var graph = RandomGraph<double>.Create(seed);
            var trial = new Trial
            {
                Clock = Clock.Lockstep,
                Rule = LearningRule.Il(steps, rate),
                Loss = seed % 2 == 0 ? Loss.SquaredError : Loss.CrossEntropy,
                Optimizer = new Sgd(learningRate),
                Delivery = new() { Seed = seed },
            };
            var network = trial.Network(graph);
            var batch = RandomBatch.Create(graph, trial.Loss, 1, seed);
            var expected = new InferenceReference(graph, trial.Loss, batch).Gradients(steps, rate);
            network.Step(batch);
            foreach (var (name, gradient) in expected)
            {
                var before = graph.Find(name).Initial!.Span;
                var after = network.Parameter(graph.Find(name).Id).Span;
                for (var i = 0; i < gradient.Length; i++)
                {
                    var update = (before[i] - after[i]) / learningRate;
                    var tolerance = 1e-10 * (1 + Math.Abs(gradient[i]) + Math.Abs(before[i]));
                    Assert.True(Math.Abs(update - gradient[i]) <= tolerance,
                        $"seed {seed}, '{name}'[{i}]: {update:R}, not {gradient[i]:R}");
                }
            }
        }
    }
}
