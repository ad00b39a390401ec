using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>The same layers in both directions: images from labels, whose labels are then inferred, and labels from
/// images.</summary>
internal sealed class GenerativeStudy : Study
{
    private const string Accuracy = "test accuracy";
    private const string Error = "squared error of generated images";
    private const string Generative = "generative";
    private const string Discriminative = "discriminative";
    private const string Mnist = "MNIST";

    // Their time is that of the mean over the batch: 100 / 64 and 20 / 64 of ours, which gradient descent goes in equal
    // steps where theirs is an adaptive method of Heun's.
    private const double Rate = 1.0 / 32;
    private const int Steps = 50;
    private const int DiscriminativeSteps = 10;

    public override string Name => "generative";

    public override string Title => "Images from labels, and labels inferred from images";

    public override string Source =>
        "thebuckleylab/jpc at 7d6cc05, examples/supervised_generative_pc.ipynb (step 200) and discriminative_pc.ipynb "
        + "(step 300): settings and figures; the library is that of Innocenti et al., arXiv 2412.03676";

    public override string Settings =>
        "Generative: 10-300-300-784, 200 steps, labels and images clamped, 50 value steps of rate 1/32; in the test "
        + "the image is clamped, the label and all else free from normal numbers of deviation 0.05 on, 50 value steps. "
        + "Discriminative: 784-300-300-10, 300 steps of 10 value steps. ReLU after the value, biases, FashionMNIST in "
        + "batches of 64, Adam 0.001";

    public override string Remark =>
        "Their figures are of MNIST, which is easier, and one run each. Value steps cover the time that theirs, an "
        + "adaptive solver, goes. The squared error is that between test images and the one that is generated for "
        + "their class, pixels in [0, 1]; no network of labels can have less than the class means, whose error is "
        + "given too. Pictures: what is generated for each class, above the means.";

    public override string Measure => Accuracy;

    public override IReadOnlyList<StudyRow> Rows { get; } =
    [
        new(Generative, 0.3, (Accuracy, 0.8479)) { PublishedOn = Mnist },
        new(Discriminative, 0.05, (Accuracy, 0.9590)) { PublishedOn = Mnist },
    ];

    public override IReadOnlyList<AbsentRow> Absent { get; } =
    [
        new("hybrid: amortised", Accuracy, 0.8212, Mnist, HybridReason),
        new("hybrid: amortised; then inferred", Accuracy, 0.8302, Mnist, HybridReason),
    ];

    public override IReadOnlyList<(string First, string Second)> Pairs => [(Discriminative, Generative)];

    private const string HybridReason =
        "its second network learns from values that the first has settled at; no study runs two networks at once";

    public override async Task<StudyOutcome> RunAsync(StudyRequest request)
    {
        var data = request.Images!.Scaled(StudyImages.Mean, StudyImages.Deviation, request.IsQuick ? 64 : null);
        var isGenerative = request.Row == Generative;
        var options = Options(request.Size(isGenerative ? Steps : DiscriminativeSteps, 3));
        var batch = request.Size(64, 8);
        var graph = isGenerative
            ? Generator(batch, data.Train, request, false, null)
            : Build(batch, data.Train.SampleShape.Length, data.Train.ClassCount, request, false, null);
        await using var network = await Network<float>.StartAsync(graph, options, null, request.Cancellation)
            .ConfigureAwait(false);
        if (!isGenerative)
        {
            var classifier = new Classifier(network, data, batch, request.Seed);
            await classifier.TrainAsync(0, request.Size(300, 2), request.Cancellation).ConfigureAwait(false);
            return new StudyOutcome(
                new Dictionary<string, double>
                {
                    [Accuracy] = await classifier.AccuracyAsync(request.Cancellation).ConfigureAwait(false),
                },
                await classifier.HashAsync().ConfigureAwait(false));
        }
        var (batches, filled) = (new StudyBatches(data.Train, batch, (ulong)request.Seed), network.NewBatch());
        for (var step = 0; step < request.Size(200, 2); step++)
        {
            batches.Fill(step, filled.Target, filled.Inputs[0]);
            await network.StepAsync(filled).WaitAsync(request.Cancellation).ConfigureAwait(false);
        }
        var trained = await JpcLayers.ParametersOfAsync(network).ConfigureAwait(false);
        var accuracy = await InferLabelsAsync(data.Test, trained, request).ConfigureAwait(false);
        var generated = await GeneratedImages.OfAsync(
            Generator(data.Train.ClassCount, data.Train, request, false, trained), data, request).ConfigureAwait(false);
        return new StudyOutcome(
            new Dictionary<string, double>
            {
                [Accuracy] = accuracy,
                [Error] = generated.Error,
                [$"{Error}; class means"] = generated.ErrorOfMeans,
            },
            Parameters.Sha256(await network.ParametersAsync().ConfigureAwait(false)), generated.Picture);
    }

    /// <summary>The share of test images whose label is found by letting the label go.</summary>
    private static async Task<double> InferLabelsAsync(
        Dataset<float> test, IReadOnlyDictionary<string, Tensor<float>> trained, StudyRequest request)
    {
        var batch = request.Size(500, 8);
        var graph = Generator(batch, test, request, true, trained);
        await using var network = await Network<float>.StartAsync(graph, Options(request.Size(Steps, 3)), null,
            request.Cancellation).ConfigureAwait(false);
        var random = new SeededRandom((ulong)request.Seed, "where values start");
        var free = graph.Vertices.Where(v => v.IsLatent || v.IsFree).ToList();
        var (images, labels) = (new Tensor<float>(graph.Root.Shape), new Tensor<float>(new Shape(batch, 10)));
        var (right, all) = (0, test.Count / batch * batch);
        for (var start = 0; start < all; start += batch)
        {
            StudyBatches.Fill(test, [.. Enumerable.Range(start, batch)], images, labels);
            var clamps = free.ToDictionary(
                v => v.Name, v => new Clamp<float>(Start(v.Shape), new Tensor<float>(v.Shape)));
            clamps[graph.Root.Name] = new Clamp<float>(images);
            var inference = await network.InferAsync(clamps, ["label"]).WaitAsync(request.Cancellation)
                .ConfigureAwait(false);
            for (var i = 0; i < batch; i++)
            {
                var inferred = inference.Values["label"].Rows(i, 1).Span;
                if (inferred.IndexOf(Largest(inferred)) == test.Labels[start + i]) right++;
            }
        }
        return (double)right / all;

        Tensor<float> Start(Shape shape)
        {
            var tensor = new Tensor<float>(shape);
            foreach (ref var element in tensor.Writable) element = (float)(0.05 * random.NextGaussian());
            return tensor;
        }

        static float Largest(ReadOnlySpan<float> row)
        {
            var largest = row[0];
            foreach (var element in row) largest = Math.Max(largest, element);
            return largest;
        }
    }

    private static NetworkOptions Options(int steps) => new()
    {
        Rule = LearningRule.Il(steps, Rate),
        Loss = Loss.SquaredError,
        Optimizer = new Adam(0.001),
    };

    private static Graph<float> Generator(int batch, Dataset<float> data, StudyRequest request, bool isFree,
        IReadOnlyDictionary<string, Tensor<float>>? trained) =>
        Build(batch, data.ClassCount, data.SampleShape.Length, request, isFree, trained);

    private static Graph<float> Build(int batch, int inputs, int outputs, StudyRequest request, bool isFree,
        IReadOnlyDictionary<string, Tensor<float>>? trained)
    {
        var builder = new GraphBuilder<float>();
        var layers = new JpcLayers(builder, true, request.Seed, trained);
        var units = request.Size(300, 8);
        var input = builder.Data(inputs < outputs ? "label" : "image", new Shape(batch, inputs), isFree);
        var first = layers.Layer(input, "layer1", units).Latent();
        var second = layers.Layer(first.Relu(), "layer2", units).Latent();
        return builder.Build(layers.Layer(second.Relu(), "layer3", outputs));
    }
}
