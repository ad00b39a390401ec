using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tests.Graphs;
using PcActors.Tests.Learning;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>What the diagnosis says of a step is what the equations say of it.</summary>
public class DiagnosisProperties
{
    [Fact]
    public void Under_inference_learning_it_is_the_paper_equations()
    {
        const int steps = 7;
        const double rate = 0.05;
        for (var seed = 0UL; seed < 30; seed++)
        {
            var graph = RandomGraph<double>.Create(seed);
            var batch = RandomBatch.Create(graph, Loss.SquaredError, 1, seed);
            var options = Networks.Options(LearningRule.Il(steps, rate)) with { Latents = Latents.Every };
            var diagnosis = Diagnosis.Of(graph, options, batch);
            var norms = new InferenceReference(graph, Loss.SquaredError, batch).ErrorNorms(steps, rate);
            var gradients = new InferenceReference(graph, Loss.SquaredError, batch).Gradients(steps, rate);
            var backpropagation = new InferenceReference(graph, Loss.SquaredError, batch).Backpropagated();
            double product = 0, squares = 0, others = 0;
            foreach (var level in diagnosis.Levels)
            {
                var error = norms[level.Level, steps] / Math.Sqrt(batch.Size);
                Networks.AssertClose(error, level.ErrorNorm, 1e-9, $"seed {seed}, error of level {level.Level}");
                Networks.AssertClose(error * error / 2, level.Energy, 1e-9, $"seed {seed}, energy of {level.Level}");
                double update = 0, reference = 0, both = 0;
                foreach (var (name, gradient) in gradients.Where(g => graph.Level(graph.Find(g.Key).Id) == level.Level))
                {
                    for (var i = 0; i < gradient.Length; i++)
                    {
                        update += gradient[i] * gradient[i];
                        reference += backpropagation[name][i] * backpropagation[name][i];
                        both += gradient[i] * backpropagation[name][i];
                    }
                }
                (product, squares, others) = (product + both, squares + update, others + reference);
                Networks.AssertClose(Math.Sqrt(update), level.UpdateNorm, 1e-9, $"seed {seed}, {level.Level}");
                Networks.AssertClose(Math.Sqrt(reference), level.BackpropagationNorm, 1e-9, $"seed {seed}");
                // The reference takes mu - x, of which little is left where it is small.
                if (update > 1e-12 && reference > 1e-12)
                {
                    Networks.AssertClose(both / Math.Sqrt(update * reference), level.Cosine!.Value, 1e-9,
                        $"seed {seed}, cosine of level {level.Level}");
                }
            }
            if (squares < 1e-12 || others < 1e-12) continue;
            Networks.AssertClose(product / Math.Sqrt(squares * others), diagnosis.Cosine!.Value, 1e-9, $"seed {seed}");
        }
    }

    [Fact]
    public void Under_zil_the_update_is_backpropagations()
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var graph = RandomGraph<float>.Create(seed);
            var diagnosis = Diagnosis.Of(graph, new NetworkOptions { Optimizer = new Adam(0.1) },
                RandomBatch.Create(graph, Loss.CrossEntropy, 1, seed));
            Networks.AssertClose(1, diagnosis.Cosine!.Value, 1e-12);
            Assert.All(diagnosis.Levels, level => Assert.Equal(level.BackpropagationNorm, level.UpdateNorm));
            Assert.Null(diagnosis.Inference);
        }
    }

    [Fact]
    public async Task It_starts_where_a_snapshot_is_and_disturbs_nothing()
    {
        var graph = Networks.Linear(3, 4, 5, 2);
        var options = Networks.Options(LearningRule.Il(5, 0.1)) with { Optimizer = new Momentum(0.1) };
        await using var network = await Network<double>.StartAsync(graph, options);
        var batch = Networks.Draw(network.NewBatch());
        var first = Diagnosis.Of(graph, options, batch);
        var trained = await network.StepAsync(batch);
        Assert.Equal(trained.Loss, first.Loss);
        Assert.Equal(trained.Inference!.FreeEnergies, first.Inference!.FreeEnergies);
        var second = Diagnosis.Of(graph, options, batch, await network.SnapshotAsync());
        Assert.Equal((await network.StepAsync(batch)).Loss, second.Loss);
        Assert.NotEqual(first.Loss, second.Loss);
    }

    [Fact]
    public void Micro_batches_change_nothing_but_rounding()
    {
        var batch = Networks.Draw(new Batch<double>(Networks.Linear(6, 4, 5, 2), Loss.SquaredError, 1));
        var parts = Networks.Draw(new Batch<double>(Networks.Linear(2, 4, 5, 2), Loss.SquaredError, 3));
        foreach (var rule in new[] { "il", "ipc", "epc", "pc-alm" })
        {
            var options = Networks.Options(Networks.Rule(rule, ("inferenceSteps", 4)));
            var whole = Diagnosis.Of(Networks.Linear(6, 4, 5, 2), options, batch);
            var divided = Diagnosis.Of(Networks.Linear(2, 4, 5, 2), options with { MicroBatches = 3 }, parts);
            foreach (var (one, other) in whole.Levels.Zip(divided.Levels))
            {
                Networks.AssertClose(one.Energy, other.Energy, 1e-12);
                Networks.AssertClose(one.ErrorNorm, other.ErrorNorm, 1e-12);
                Networks.AssertClose(one.UpdateNorm, other.UpdateNorm, 1e-12);
                Networks.AssertClose(one.BackpropagationNorm, other.BackpropagationNorm, 1e-12);
            }
        }
    }
}
