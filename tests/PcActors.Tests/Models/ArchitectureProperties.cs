using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Reference;
using PcActors.Models;
using PcActors.Tensors;
using PcActors.Tests.Learning;
using PcActors.Weights;

namespace PcActors.Tests.Models;

/// <summary>The ready-made architectures have the sizes of the literature, heed the sizes asked for, and
/// learn as they should.</summary>
public sealed class ArchitectureProperties
{
    public static TheoryData<string> Names => SmallModels.Names;

    // Counted by hand from the layers' extents: weights and biases, and a scale and a bias for each normalised channel.
    [Theory]
    [InlineData("mlp", (784 * 300) + 300 + (300 * 100) + 100 + (100 * 10) + 10)]
    [InlineData("cnn", (9 * 32) + 32 + (32 * 9 * 64) + 64 + (7 * 7 * 64 * 128) + 128 + (128 * 10) + 10)]
    [InlineData("alexnet",
        (3 * 9 * 64) + 64 + (64 * 9 * 192) + 192 + (192 * 9 * 384) + 384 + (384 * 9 * 256) + 256 + (256 * 9 * 256) + 256
        + (1024 * 4096) + 4096 + (4096 * 4096) + 4096 + 40970)]
    [InlineData("rnn", (28 * 512) + (512 * 512) + 512 + 5130)]
    [InlineData("lstm", (4 * ((28 * 512) + (512 * 512) + 512)) + 5130)]
    [InlineData("resnet18", 11_173_962)] // as published for CIFAR-10, kernels of 3 x 3 in the stem
    [InlineData("transformer",
        (28 * 256) + 256 + (28 * 256) + (2 * ((4 * ((256 * 256) + 256)) + 1024 + (2 * 256 * 1024) + 1024 + 256)) + 512
            + 2570)]
    [InlineData("residual", (784 * 512) + 512 + (512 * 512) + (3 * 512) + 5130)]
    public void At_its_usual_samples_an_architecture_has_its_usual_parameters(string name, int count)
    {
        var graph = ModelCatalogue.Build<float>(name,
            new ModelOptions(1, ModelCatalogue.Find(name).UsualSample, 10, Seed: 0));
        Assert.Equal(count, graph.Parameters.Where(p => p.Trainable).Sum(p => p.Shape.Length));
        Assert.Equal(new Shape(1, 10), graph.Root.Shape);
        // By this one a file of weights tells how many classes they know.
        Assert.Equal(new Shape(10), graph.Find(WeightNotes.OutputKey).Shape);
    }

    // AlexNet and ResNet-18 for 1,000 classes at 224 x 224, as published (Krizhevsky 2014; He et al. 2016).
    [Theory]
    [Trait("Suite", "Long")]
    [InlineData("alexnet", 61_100_840)]
    [InlineData("resnet18", 11_689_512)]
    public void At_ImageNets_size_it_is_the_published_network(string name, int count)
    {
        var graph = ModelCatalogue.Build<float>(name, new ModelOptions(1, new Shape(3, 224, 224), 1000, Seed: 0));
        Assert.Equal(count, graph.Parameters.Where(p => p.Trainable).Sum(p => p.Shape.Length));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Z_IL_makes_backpropagations_update_on_every_architecture(string name)
    {
        foreach (var loss in Catalogues.Losses.All.Select(l => l.Create()).Where(l => l.TakesTarget))
        {
            var trial = new Trial { Loss = loss, MicroBatches = 2, Steps = 3 };
            Assert.Null(trial.FirstDifference(SmallModels.Build<float>(name, 3)));
            Assert.Null(trial.FirstDifference(SmallModels.Build<double>(name, 3)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Backpropagation_is_the_slope_of_the_loss(string name)
    {
        // Along one random direction in the space of all parameters: a central difference in double precision.
        const double step = 1e-6;
        var graph = SmallModels.Build<double>(name, 3);
        var batch = RandomBatch.Create(graph, Loss.CrossEntropy, 1, seed: 3);
        var directions = graph.Parameters.Where(p => p.Trainable).ToDictionary(
            p => p.Name, p => Initializer.Normal(1).Create<double>(p.Shape, 1, 1, 11, p.Name));
        var reference = new Backpropagation<double>(graph, Loss.CrossEntropy, new Sgd(1));
        reference.Step(batch);
        var slope = graph.Parameters.Where(p => p.Trainable).Sum(p =>
        {
            var (sum, after, before, direction) = (0.0, reference.Parameter(p.Id), p.Initial!, directions[p.Name]);
            for (var i = 0; i < after.Length; i++) sum += (before.Span[i] - after.Span[i]) * direction.Span[i];
            return sum;
        });
        var difference = (LossAt(step) - LossAt(-step)) / (2 * step);
        Assert.Equal(difference, slope, 1e-5 * (1 + Math.Abs(slope)));

        double LossAt(double distance)
        {
            var moved = Moved.By(graph, directions, distance);
            return new Backpropagation<double>(moved, Loss.CrossEntropy, new Sgd(1)).Step(
                RandomBatch.Create(moved, Loss.CrossEntropy, 1, seed: 3));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Initial_values_are_the_seeds(string name)
    {
        var first = Hash(SmallModels.Build<float>(name, 2, seed: 1));
        Assert.Equal(first, Hash(SmallModels.Build<float>(name, 4, seed: 1)));
        Assert.NotEqual(first, Hash(SmallModels.Build<float>(name, 2, seed: 2)));
    }

    [Theory]
    [InlineData("mlp", "channels")]
    [InlineData("rnn", "heads")]
    [InlineData("cnn", "width")]
    [InlineData("resnet18", "hidden")]
    [InlineData("alexnet", "layers")]
    public void A_size_that_an_architecture_has_not_is_refused_by_name(string name, string size)
    {
        var options = new ModelOptions(1, new Shape(8, 8), 10, 0);
        options = size switch
        {
            "channels" => options with { Channels = [3] },
            "heads" => options with { Heads = 2 },
            "width" => options with { Width = 8 },
            "hidden" => options with { Hidden = [8] },
            _ => options with { Layers = 2 },
        };
        var refusal = Assert.Throws<ArgumentException>(() => ModelCatalogue.Build<float>(name, options));
        Assert.Contains($"'{name}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"called {size}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        var options = new ModelOptions(1, new Shape(8, 8), 10, 0);
        Refuse("3 heads cannot share 8 features", "transformer", options with { Width = 8, Heads = 3 });
        Refuse("takes 5 numbers of channels, and 2 were given", "alexnet", options with { Channels = [3, 4] });
        Refuse("takes 4 numbers of channels", "resnet18", options with { Channels = [3] });
        Refuse("it needs at least 1", "cnn", options with { Channels = [0] });
        Refuse("unknown model 'perceptron'", "perceptron", options);

        static void Refuse(string words, string name, ModelOptions options) =>
            Assert.Contains(words,
                Assert.Throws<ArgumentException>(() => ModelCatalogue.Build<float>(name, options)).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cnn")]
    [InlineData("lstm")]
    [InlineData("transformer")]
    public void Samples_that_are_no_images_are_refused(string name)
    {
        var refusal = Assert.Throws<ShapeException>(
            () => ModelCatalogue.Build<float>(name, new ModelOptions(1, new Shape(63), 10, 0)));
        Assert.Contains("[63]", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("square number", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Suite", "Long")]
    [MemberData(nameof(Names))]
    public void Images_with_channels_and_of_unequal_sides_are_taken(string name)
    {
        foreach (var shape in (Shape[])[new(2, 9, 8), new(12, 8), new(3, 17, 16)])
        {
            var graph = ModelCatalogue.Build<float>(name, new ModelOptions(2, shape, 4, 0));
            Assert.Equal(new Shape(2, 4), graph.Root.Shape);
            Assert.Equal(2 * shape.Length, graph.DataLeaves.Single().Shape.Length);
        }
    }

    private static string Hash(Graph<float> graph) =>
        Parameters.Sha256(Parameters.Join(graph, id => graph.Vertices[id].Initial!));
}
