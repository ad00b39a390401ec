using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Tests.Graphs;

namespace PcActors.Tests.Learning;

/// <summary>The recorded wave is the error that the equations have at every level and time.</summary>
public sealed class ErrorWaveProperties
{
    private const int Graphs = 40;

    [Fact]
    public void Under_inference_learning_it_is_that_of_the_equations()
    {
        const int steps = 6;
        const double rate = 0.05;
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var graph = RandomGraph<double>.Create(seed);
            var loss = seed % 2 == 0 ? Loss.SquaredError : Loss.CrossEntropy;
            var batch = RandomBatch.Create(graph, loss, 1, seed);
            var expected = new InferenceReference(graph, loss, batch).ErrorNorms(steps, rate);
            var wave = ErrorWave.Record(graph, LearningRule.Il(steps, rate), loss, batch, Latents.Every);
            Assert.Equal((graph.Depth + 1, steps + 1), (wave.Levels, wave.Times));
            for (var level = 0; level < wave.Levels; level++)
            {
                for (var time = 0; time <= steps; time++)
                    Assert.Equal(expected[level, time], wave.Norm(level, time), 1e-9 * (1 + expected[level, time]));
            }
        }
    }

    [Fact]
    public void Under_Z_IL_it_stands_at_each_level_at_that_time_alone_and_is_what_one_step_of_full_inference_brings_there()
    {
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var graph = RandomGraph<double>.Create(seed);
            var batch = RandomBatch.Create(graph, Loss.SquaredError, 1, seed);
            var wave = ErrorWave.Record(graph, LearningRule.Zil, Loss.SquaredError, batch);
            var levelled = Levelling.Level(graph, everyLevel: true);
            var full = new InferenceReference(levelled, Loss.SquaredError,
                RandomBatch.Create(levelled, Loss.SquaredError, 1, seed))
                .ErrorNorms(graph.Depth, rate: 1);
            for (var level = 0; level < wave.Levels; level++)
            {
                for (var time = 0; time < wave.Times; time++)
                {
                    if (time != level) Assert.Equal(0, wave.Norm(level, time));
                    if (time < level) Assert.Equal(0, full[level, time]);
                }
                Assert.Equal(full[level, level], wave.Norm(level, level), 1e-6 * (1 + full[level, level]));
            }
            Assert.True(wave.Norm(0, 0) > 0);
        }
    }

    [Fact]
    public void Several_micro_batches_are_refused()
    {
        var graph = RandomGraph<double>.Create(0);
        var batch = RandomBatch.Create(graph, Loss.SquaredError, 2, 0);
        Assert.Throws<ArgumentException>(() => ErrorWave.Record(graph, LearningRule.Zil, Loss.SquaredError, batch));
    }
}
