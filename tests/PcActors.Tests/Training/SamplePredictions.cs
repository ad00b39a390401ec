using PcActors.Data;
using PcActors.Data.Digits;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Training;

namespace PcActors.Tests.Training;

/// <summary>Predictions and evaluations of any number of samples, by a network of one batch.</summary>
public class SamplePredictions
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(13)]
    public async Task Each_sample_is_predicted_as_it_is_alone(int count)
    {
        var data = EmbeddedDigits.Load<float>().Test.Take(count);
        await using var alone = await StartAsync(1, 1);
        foreach (var (batch, micro) in new[] { (8, 1), (4, 2) })
        {
            await using var network = await StartAsync(batch, micro);
            var done = new List<int>();
            var predicted = await network.PredictAsync(data.Features,
                new PredictionOptions { Progress = done.Add });
            Assert.Equal([count, 10], predicted.Shape.Dimensions.ToArray());
            Assert.Equal((await alone.PredictAsync(data.Features)).Span.ToArray(), predicted.Span.ToArray());
            Assert.Equal((await network.PredictAsync(data)).Span.ToArray(), predicted.Span.ToArray());
            Assert.Equal(count, done[^1]);
        }
    }

    [Fact]
    public async Task An_evaluation_is_what_training_measured()
    {
        var digits = EmbeddedDigits.Load<float>();
        await using var network = await StartAsync(32, 1);
        var loop = new TrainingLoop<float>(network, digits, new TrainingOptions { Epochs = 1 });
        var result = await loop.RunAsync();
        var evaluation = await network.EvaluateAsync(digits.Test,
            options: new PredictionOptions { Standardization = loop.Standardization });
        Assert.Equal(result.TestAccuracy, evaluation.Accuracy!.Value, 1e-12);
        Assert.Equal(300, evaluation.Samples);
        Assert.Equal(300, evaluation.Confusion.Sum(row => row.Sum()));
        Assert.Equal(digits.Test.Labels.ToArray().CountBy(l => l).OrderBy(p => p.Key).Select(p => p.Value),
            evaluation.Classes.Select(c => c.Samples));
        Assert.Null(evaluation.MeanSquaredError);
        Assert.NotEqual(result.TestAccuracy, (await network.EvaluateAsync(digits.Test)).Accuracy);
    }

    [Fact]
    public async Task Numbers_have_mean_errors()
    {
        var builder = new GraphBuilder<double>(seed: 1);
        var x = builder.Data("x", new Shape(2, 2));
        await using var network = await Network<double>.StartAsync(
            builder.Build(x.MatMul(builder.Parameter("w", Tensor<double>.From(new Shape(2, 2), [1, 0, 0, 0])))),
            new NetworkOptions { Loss = Loss.SquaredError });
        var data = new Dataset<double>("d", Tensor<double>.From(new Shape(3, 2), [1, 2, 3, 4, 5, 6]), [0, 0, 0], 1);
        var evaluation = await network.EvaluateAsync(data, new Feed { Target = Feed.Features });
        // The second feature is predicted as 0.
        Assert.Equal(((2 + 4 + 6) / 6.0, (4 + 16 + 36) / 6.0),
            (evaluation.MeanAbsoluteError!.Value, evaluation.MeanSquaredError!.Value));
        Assert.Equal((4 + 16 + 36) / 6.0, evaluation.Loss, 1e-12);
        Assert.Null(evaluation.Accuracy);
    }

    [Fact]
    public async Task What_only_predicts_need_not_learn_and_makes_no_steps()
    {
        var builder = new GraphBuilder<float>(seed: 1);
        var graph = builder.Build(builder.Data("x", new Shape(2, 2)).Tanh());
        var options = new NetworkOptions { Loss = Loss.SquaredError };
        await Assert.ThrowsAsync<GraphException>(() => Network<float>.StartAsync(graph, options));
        await using var network = await Network<float>.StartAsync(graph, options with { OnlyPredicts = true });
        var predicted = await network.PredictAsync(new Tensor<float>(new Shape(3, 2)));
        Assert.Equal([3, 2], predicted.Shape.Dimensions.ToArray());
        await Assert.ThrowsAsync<InvalidOperationException>(() => network.StepAsync(network.NewBatch()));
        await Assert.ThrowsAsync<ArgumentException>(() => network.PredictAsync(new Tensor<float>(new Shape(3, 3))));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => network.PredictAsync(new Tensor<float>(new Shape(3, 2)), cancellation: cancelled.Token));
    }

    private static Task<Network<float>> StartAsync(int batch, int micro)
    {
        var builder = new GraphBuilder<float>(seed: 1);
        var graph = builder.Build(builder.Data("image", new Shape(batch, 64)).Dense("hidden", 20).Tanh()
            .Dense("digit", 10));
        return Network<float>.StartAsync(graph, new NetworkOptions { Optimizer = new Sgd(0.1), MicroBatches = micro });
    }
}
