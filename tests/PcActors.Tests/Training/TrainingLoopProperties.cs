using PcActors.Data;
using PcActors.Data.Digits;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Models;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Learning;
using PcActors.Training;

namespace PcActors.Tests.Training;

/// <summary>The loop around a network: which batches it makes, what it reports, how it ends.</summary>
public class TrainingLoopProperties
{
    private const int Classes = 3;
    private const int BatchSize = 4;

    private static readonly TrainingOptions AsTheyAre = new() { Standardize = StandardizationKind.None };

    [Theory]
    [InlineData(7, 5)]
    [InlineData(8, 8)]
    [InlineData(3, 0)]
    [InlineData(1, 1)]
    public async Task Accuracy_counts_each_test_sample_once_and_no_rest_of_an_earlier_batch(int samples, int right)
    {
        // The first samples are predicted rightly, the others wrongly.
        var labels = Enumerable.Range(0, samples).Select(i => i % Classes).ToArray();
        var features = labels.Select((label, i) => (float)(i < right ? label : (label + 1) % Classes));
        var loop = new TrainingLoop<float>(Scripted(), new DataSplit<float>(Samples(9), Labelled(features, labels)),
            AsTheyAre);
        Assert.Equal((double)right / samples, await loop.TestAccuracyAsync());
    }

    [Fact]
    public async Task The_loss_is_the_mean_over_the_epoch_so_far()
    {
        var progress = new List<TrainingProgress>();
        var loop = new TrainingLoop<float>(Scripted(), Split(train: 13), new TrainingOptions { Epochs = 2 });
        var result = await loop.RunAsync(progress.Add);
        var steps = progress.Where(p => p.TestAccuracy is null).ToList();
        // 13 samples are three batches of four: losses 1, 2, 3 and 4, 5, 6.
        Assert.Equal([1, 1.5, 2, 4, 4.5, 5], steps.Select(p => p.Loss));
        Assert.Equal([1L, 2, 3, 4, 5, 6], steps.Select(p => p.Step));
        Assert.Equal([1, 1, 1, 2, 2, 2], steps.Select(p => p.Epoch));
        Assert.All(steps, p => Assert.Equal((2, 6L), (p.Epochs, p.Steps)));
        Assert.Equal([3L, 6], progress.Where(p => p.TestAccuracy is not null).Select(p => p.Step));
        Assert.Equal((2, 6L, 5.0, false), (result.Epochs, result.Steps, result.Loss, result.IsInterrupted));
    }

    [Fact]
    public async Task Every_epoch_takes_each_sample_at_most_once_in_an_order_that_the_seed_decides()
    {
        async Task<List<float[]>> Seen(ulong seed)
        {
            var network = Scripted(classes: 50);
            var data = Labelled(Enumerable.Range(0, 45).Select(i => (float)i), new int[45], classes: 50);
            await new TrainingLoop<float>(network, new DataSplit<float>(data, data),
                new TrainingOptions { Epochs = 2, Seed = seed }).RunAsync();
            return network.Seen;
        }
        var batches = await Seen(1);
        Assert.Equal(22, batches.Count);
        foreach (var epoch in new[] { batches.Take(11), batches.Skip(11) })
            Assert.Equal(44, epoch.SelectMany(b => b).Distinct().Count());
        Assert.NotEqual(batches.Take(11), batches.Skip(11));
        Assert.Equal(batches, await Seen(1));
        Assert.NotEqual(batches, await Seen(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task A_cancelled_run_ends_with_the_steps_at_hand(int afterSteps)
    {
        using var cancellation = new CancellationTokenSource();
        var network = Scripted();
        var loop = new TrainingLoop<float>(network, Split(train: 13), new TrainingOptions { Epochs = 100 });
        var result = await loop.RunAsync(
            p =>
            {
                if (p.Step == afterSteps && p.TestAccuracy is null) cancellation.Cancel();
            },
            cancellation.Token);
        Assert.True(result.IsInterrupted);
        Assert.Equal(network.Seen.Count, result.Steps);
        Assert.InRange(result.Steps, afterSteps, afterSteps + 1);
        Assert.Equal(0, network.UnderWay);
        Assert.Equal(result.Steps / 3, result.Epochs);
        Assert.True(double.IsFinite(result.TestAccuracy));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_is_saved_before_it_is_tested()
    {
        using var cancellation = new CancellationTokenSource();
        var predictions = 0;
        var network = new ScriptedNetwork(Graph(), Loss.CrossEntropy) { Predicts = () => predictions++ };
        var events = new List<(string What, int Predictions)>();
        var plan = new CheckpointPlan
        {
            Store = new MemoryCheckpoints(),
            Model = "m",
            Begins = step => events.Add(($"begins {step}", predictions)),
            Report = outcome => events.Add(($"saved {outcome.Step}", predictions)),
        };
        var loop = new TrainingLoop<float>(network, Split(train: 13),
            new TrainingOptions { Epochs = 9, Checkpoints = plan });
        var result = await loop.RunAsync(
            p =>
            {
                if (p.Step == 4) cancellation.Cancel();
            },
            cancellation.Token);
        // Five samples are two batches; the first epoch has been tested.
        Assert.Equal([($"begins {result.Steps}", 2), ($"saved {result.Steps}", 2)], events);
        Assert.Equal((result.Steps, true, 2 + 2), (result.SavedStep, result.IsInterrupted, predictions));
        Assert.True(double.IsFinite(result.TestAccuracy));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_before_it_begins_takes_no_step()
    {
        var network = Scripted();
        var result = await new TrainingLoop<float>(network, Split(train: 13), new TrainingOptions()).RunAsync(
            cancellation: new(canceled: true));
        Assert.Equal((0L, 0, true), (result.Steps, result.Epochs, result.IsInterrupted));
        Assert.Empty(network.Seen);
    }

    [Fact]
    public async Task No_epochs_measure_the_untrained_network()
    {
        var result =
            await new TrainingLoop<float>(Scripted(), Split(train: 13), AsTheyAre with { Epochs = 0 }).RunAsync();
        Assert.Equal((0L, false), (result.Steps, result.IsInterrupted));
        Assert.Equal(1, result.TestAccuracy);
        Assert.True(double.IsNaN(result.Loss));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(100, 6)]
    public async Task A_limit_of_steps_ends_the_run_where_it_lies(int limit, int wanted)
    {
        var network = Scripted();
        var loop = new TrainingLoop<float>(network, Split(train: 13),
            new TrainingOptions { Epochs = 2, MaxSteps = limit });
        var result = await loop.RunAsync();
        Assert.Equal((wanted, wanted, wanted / 3, false),
            ((int)result.Steps, network.Seen.Count, result.Epochs, result.IsInterrupted));
        Assert.Equal(wanted, loop.Steps);
    }

    [Fact]
    public async Task A_step_that_fails_ends_the_run_with_its_error()
    {
        var network = Scripted(failsAt: 5);
        var loop = new TrainingLoop<float>(network, Split(train: 13), new TrainingOptions());
        Assert.Equal(5, (await Assert.ThrowsAsync<DivergedException>(() => loop.RunAsync())).Step);
        Assert.Equal(0, network.UnderWay);
    }

    [Fact]
    public void Data_that_do_not_fit_are_refused()
    {
        var data = Samples(9);
        Refused(["2 data leaves"], new(data, data), TwoLeaves());
        Refused(["[2]", "takes 5"], new(data, data), Graph(features: 5));
        Refused(["3 classes", "predicts 7"], new(data, data), Graph(classes: 7));
        Refused(["batch of 4", "3"], new(Samples(3), data), Graph());
        var unknown = new Dataset<float>("unknown", data.Features);
        Refused(["nothing that the network's root", "takes class numbers"], new(unknown, unknown), Graph());
        foreach (var (shape, words) in new[]
        {
            (new Shape(9, 2, 3), "targets of shape [2, 3], 6 numbers each"), (new Shape(9, 1), "no classes"),
        })
        {
            var numbers = new Dataset<float>("numbers", data.Features, new Tensor<float>(shape));
            Refused([words], new(numbers, numbers), Graph());
        }
        Refused(["[3]", "takes 2"],
            new(data, new Dataset<float>("test", new Tensor<float>(new Shape(1, 3)), [0], Classes)), Graph());
        Refused(["4 classes", "predicts 3"],
            new(data, new Dataset<float>("test", new Tensor<float>(new Shape(1, 2)), [0], 4)), Graph());
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new TrainingLoop<float>(Scripted(), new(data, data), new TrainingOptions { Epochs = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new TrainingLoop<float>(Scripted(), new(data, data), new TrainingOptions { MaxSteps = -1 }));

        static void Refused(string[] words, DataSplit<float> split, Graph<float> graph)
        {
            var refusal = Assert.Throws<DataException>(
                () =>
                    new TrainingLoop<float>(new ScriptedNetwork(graph, Loss.CrossEntropy), split,
                        new TrainingOptions()));
            Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(6, 6, 3, false)]
    [InlineData(6, 3, 6, false)]
    [InlineData(3, 6, 6, true)]
    public void Axes_in_another_order_are_refused(int first, int second, int third, bool fits)
    {
        var images = new Dataset<float>("images", new Tensor<float>(new Shape(8, first, second, third)), new int[8],
            Classes);
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(builder.Data("x", new Shape(BatchSize, 3, 6, 6))
            .Apply("Flatten", []).Dense("out", Classes));
        TrainingLoop<float> Loop() => new(new ScriptedNetwork(graph, Loss.CrossEntropy), new(images, images),
            new TrainingOptions());
        if (fits)
        {
            Assert.NotNull(Loop());
            return;
        }
        var message = Assert.Throws<DataException>(Loop).Message;
        Assert.Contains($"[{first}, {second}, {third}]", message, StringComparison.Ordinal);
        Assert.Contains("'x' takes [3, 6, 6]", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cross-entropy")]
    [InlineData("squared-error")]
    public async Task The_digits_are_learnt(string loss)
    {
        var graph = ModelCatalogue.Build<float>("mlp",
            new ModelOptions(32, new Shape(64), 10, Seed: 1) { Hidden = [32] });
        await using var network =
            await ReferenceNetwork.StartAsync<float>(graph, Catalogues.Losses.Parse(loss), new Momentum(0.05));
        var result = await new TrainingLoop<float>(network, EmbeddedDigits.Load<float>(),
            new TrainingOptions { Epochs = 8 }).RunAsync();
        Assert.InRange(result.TestAccuracy, 0.9, 1);
    }

    private static ScriptedNetwork Scripted(int classes = Classes, int failsAt = int.MaxValue) =>
        new(Graph(classes: classes), Loss.CrossEntropy) { FailsAt = failsAt };

    private static Graph<float> Graph(int features = 2, int classes = Classes)
    {
        var builder = new GraphBuilder<float>();
        return builder.Build(builder.Data("x", new Shape(BatchSize, features)).Dense("out", classes));
    }

    private static Graph<float> TwoLeaves()
    {
        var builder = new GraphBuilder<float>();
        return builder.Build(
            builder.Data("x", new Shape(BatchSize, 2)).Add(builder.Data("y", new Shape(BatchSize, 2)))
                .Dense("out", Classes));
    }

    private static DataSplit<float> Split(int train) => new(Samples(train), Samples(5));

    /// <summary>Samples whose first feature is their label.</summary>
    private static Dataset<float> Samples(int count)
    {
        var labels = Enumerable.Range(0, count).Select(i => i % Classes).ToArray();
        return Labelled(labels.Select(l => (float)l), labels);
    }

    private static Dataset<float> Labelled(IEnumerable<float> features, int[] labels, int classes = Classes) =>
        new("samples", Tensor<float>.From(new Shape(labels.Length, 2), [.. features.SelectMany(f => (float[])[f, 0])]),
            labels, classes);
}
