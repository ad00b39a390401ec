using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>Bidirectional predictive coding: one latent layer, which labels predict from above and images from below,
/// and which predicts both.</summary>
internal sealed class BidirectionalStudy : Study
{
    private const string Accuracy = "test accuracy";
    private const string Error = "squared error of generated images";
    private const string Equal = "equal weights";
    private const string Weighted = "generation weighted 0.001";
    private const string Mnist = "MNIST";

    public override string Name => "bidirectional";

    public override string Title => "Two directions that share their values: classification and generation";

    public override string Source =>
        "the model of Oliviers, Tang and Bogacz, arXiv 2505.23415; settings and figures from thebuckleylab/jpc at "
        + "7d6cc05, examples/bidirectional_pc.ipynb (step 300)";

    public override string Settings =>
        "784-256-10 and back by weights of its own, without biases, ReLU after the value; 300 steps of FashionMNIST in "
        + "batches of 64, Adam 0.001; one value step of rate 0.5 / 64 from the bottom-up pass on. The test is the "
        + "bottom-up pass";

    public override string Remark =>
        "Their figures are of MNIST, which is easier, and one run each. The shared value has one Gaussian energy, "
        + "about what the image predicts; the three other errors are parts of the root, weighted by square roots. The "
        + "squared error is that between test images and the one that is generated for their class by the top-down "
        + "pass, pixels in [0, 1]. Pictures: what is generated for each class, above the class means.";

    public override string Measure => Accuracy;

    public override IReadOnlyList<StudyRow> Rows { get; } =
    [
        new(Equal, 0.1, (Accuracy, 0.8538)) { PublishedOn = Mnist },
        new(Weighted, 0.1, (Accuracy, 0.9402)) { PublishedOn = Mnist },
    ];

    public override IReadOnlyList<AbsentRow> Absent { get; } =
    [
        new("the tables of the paper", Accuracy, null, "MNIST and CIFAR-10",
            "the images are in no package of Debian"),
    ];

    public override IReadOnlyList<(string First, string Second)> Pairs => [(Weighted, Equal)];

    public override async Task<StudyOutcome> RunAsync(StudyRequest request)
    {
        var data = request.Images!.Scaled(StudyImages.Mean, StudyImages.Deviation, request.IsQuick ? 64 : null);
        var (pixels, classes, units) =
            (data.Train.SampleShape.Length, data.Train.ClassCount, request.Size(256, 8));
        var batch = request.Size(64, 8);
        var options = new NetworkOptions
        {
            Rule = LearningRule.Il(1, 0.5 / 64),
            Loss = Loss.SquaredError,
            Optimizer = new Adam(0.001),
        };
        var weight = request.Row == Equal ? 1 : 0.001;
        var graph = Both(batch, pixels, classes, units, Math.Sqrt(weight), request.Seed);
        await using var network = await Network<float>.StartAsync(graph, options, null, request.Cancellation)
            .ConfigureAwait(false);
        await TrainAsync(network, data.Train, batch, (float)Math.Sqrt(weight), request).ConfigureAwait(false);

        var trained = await JpcLayers.ParametersOfAsync(network).ConfigureAwait(false);
        var up = Upwards(request.Size(500, 8), pixels, classes, units, request.Seed, trained);
        await using var test = await Network<float>.StartAsync(up, options with { Rule = LearningRule.Zil }, null,
            request.Cancellation).ConfigureAwait(false);
        var classifier = new Classifier(test, data, up.Root.Shape[0], request.Seed);
        var generated = await GeneratedImages.OfAsync(
            Downwards(classes, pixels, classes, units, request.Seed, trained), data, request).ConfigureAwait(false);
        return new StudyOutcome(
            new Dictionary<string, double>
            {
                [Accuracy] = await classifier.AccuracyAsync(request.Cancellation).ConfigureAwait(false),
                [Error] = generated.Error,
            },
            Parameters.Sha256(await network.ParametersAsync().ConfigureAwait(false)), generated.Picture);
    }

    private static async Task TrainAsync(
        Network<float> network, Dataset<float> data, int batch, float weight, StudyRequest request)
    {
        var (batches, filled) = (new StudyBatches(data, batch, (ulong)request.Seed), network.NewBatch());
        var (image, label) = (filled.Inputs[0], filled.Inputs[1]);
        var (wide, pixels, classes) = (filled.Target.Shape[1], image.Shape[1], label.Shape[1]);
        for (var step = 0; step < request.Size(300, 2); step++)
        {
            batches.Fill(step, image, label);
            // The last part of the target, of the value's distance from what the label predicts, is 0.
            for (var row = 0; row < batch; row++)
            {
                var target = filled.Target.Writable.Slice(row * wide, wide);
                for (var p = 0; p < pixels; p++) target[p] = weight * image.Span[(row * pixels) + p];
                label.Span.Slice(row * classes, classes).CopyTo(target[pixels..]);
            }
            await network.StepAsync(filled).WaitAsync(request.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Both directions: the latent value of the image, and a root of the image, the label and the distance of
    /// the value from what the label predicts, the first and last times <paramref name="weight"/>.</summary>
    internal static Graph<float> Both(int batch, int pixels, int classes, int units, double weight, int seed)
    {
        var builder = new GraphBuilder<float>();
        var layers = new JpcLayers(builder, false, seed, null);
        var image = builder.Data("image", new Shape(batch, pixels));
        var label = builder.Data("label", new Shape(batch, classes));
        var shared = layers.Layer(image, "up1", units).Latent();
        var active = shared.Relu();
        var factor = new Tensor<float>(new Shape(1));
        factor.Writable[0] = (float)weight;
        var above = layers.Layer(label, "down1", units, weight)
            .Subtract(shared.Multiply(builder.Constant("weight", factor)));
        return builder.Build(layers.Layer(active, "down2", pixels, weight)
            .Concat(1, layers.Layer(active, "up2", classes), above));
    }

    private static Graph<float> Upwards(int batch, int pixels, int classes, int units, int seed,
        IReadOnlyDictionary<string, Tensor<float>> trained)
    {
        var builder = new GraphBuilder<float>();
        var layers = new JpcLayers(builder, false, seed, trained);
        var image = builder.Data("image", new Shape(batch, pixels));
        return builder.Build(layers.Layer(layers.Layer(image, "up1", units).Relu(), "up2", classes));
    }

    private static Graph<float> Downwards(int batch, int pixels, int classes, int units, int seed,
        IReadOnlyDictionary<string, Tensor<float>> trained)
    {
        var builder = new GraphBuilder<float>();
        var layers = new JpcLayers(builder, false, seed, trained);
        var label = builder.Data("label", new Shape(batch, classes));
        return builder.Build(layers.Layer(layers.Layer(label, "down1", units).Relu(), "down2", pixels));
    }
}
