using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Rules;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>A residual network of 32 layers by backpropagation, by predictive coding and by the augmented
/// Lagrangian.</summary>
internal sealed class AlmStudy : Study
{
    private const string Accuracy = "test accuracy";
    private const string Angle = "cosine to BP";

    // 1 over the largest eigenvalue of the energy's Hessian at the initial weights; the authors' table.
    private const double Rate = 0.23588549900873967;

    public override string Name => "pc-alm";

    public override string Title => "A deep residual network by an augmented Lagrangian";

    public override string Source =>
        "Seely and Gould, arXiv 2605.31022; settings from SakanaAI/pc-alm, figures from the README of "
        + "lebidan/torch-pc-alm";

    public override string Settings =>
        "32 weight matrices, width 32, one epoch of FashionMNIST in batches of 64, 64 value steps, Adam 0.001. Weights "
        + "are drawn as JAX draws them, and batches as NumPy does";

    public override string Remark =>
        "The published figures are of one seed, 0; others come to up to 4 points less. The cosine is that between the "
        + "rule's whole weight gradient and backpropagation's, at the weights that the rule has arrived at, on the "
        + "first 64 training images in NumPy's order.";

    public override string Measure => Accuracy;

    public override int Seeds => 1;

    public override IReadOnlyList<StudyRow> Rows { get; } =
    [
        new("BP", 0.5, (Accuracy, 0.7866)),
        new("PC", 0.5, (Accuracy, 0.6813), (Angle, 0.604)),
        new("PC-ALM", 0.5, (Accuracy, 0.7775), (Angle, 0.909)),
    ];

    public override IReadOnlyList<AbsentRow> Absent { get; } =
    [
        new("the grid of widths and depths", Accuracy, null, "MNIST", "its images are in no package of Debian"),
    ];

    public override IReadOnlyList<(string First, string Second)> Pairs => [("PC-ALM", "PC"), ("PC-ALM", "BP")];

    public override async Task<StudyOutcome> RunAsync(StudyRequest request)
    {
        var (matrices, width, batch) = (request.Size(32, 4), request.Size(32, 8), request.Size(64, 8));
        var data = request.Images!.Scaled(StudyImages.Mean, StudyImages.Deviation, request.IsQuick ? 64 : null);
        var key = JaxKey.From((uint)request.Seed);
        var chain = new ResidualChain(matrices, width);
        var (inputs, classes) = (data.Train.SampleShape.Length, data.Train.ClassCount);
        var rule = RuleOf(request.Row, request.Size(64, 8));
        var options = new NetworkOptions { Rule = rule, Loss = Loss.SquaredError, Optimizer = new Adam(0.001) };
        var graph = chain.Create(batch, inputs, classes, (number, shape) => Draw(key.Child((uint)number), shape));
        await using var network = await Network<float>.StartAsync(graph, options, null, request.Cancellation)
            .ConfigureAwait(false);
        // Their images are put into an order once, and into another one in each epoch.
        var images = new NumPyRandom((ulong)request.Seed).Permutation(data.Train.Count);
        var batches = new StudyBatches(data.Train, batch, epoch =>
            [.. new NumPyRandom((ulong)(request.Seed + epoch)).Permutation(images.Length).Select(i => images[i])]);
        var classifier = new Classifier(network, data, batches);
        await classifier.TrainAsync(0, classifier.StepsPerEpoch, request.Cancellation).ConfigureAwait(false);
        var numbers = new Dictionary<string, double>
        {
            [Accuracy] = await classifier.AccuracyAsync(request.Cancellation).ConfigureAwait(false),
        };
        if (rule != LearningRule.Zil)
        {
            var trained = (await network.ParametersAsync().ConfigureAwait(false))
                .ToDictionary(p => p.Name, p => p.Value);
            var here = chain.Create(batch, inputs, classes, (number, _) => trained[ResidualChain.NameOf(number)]);
            numbers[Angle] = Sample.Cosine(
                await GradientAsync(here, rule, data.Train, images[..batch], request).ConfigureAwait(false),
                await GradientAsync(here, LearningRule.Zil, data.Train, images[..batch], request)
                    .ConfigureAwait(false));
        }
        return new StudyOutcome(numbers, await classifier.HashAsync().ConfigureAwait(false));
    }

    private static LearningRule RuleOf(string row, int steps) => row switch
    {
        "PC" => LearningRule.Il(steps, Rate),
        "PC-ALM" => AugmentedLagrangian.Description.Create(("inferenceSteps", steps), ("inferenceRate", Rate)),
        _ => LearningRule.Zil,
    };

    private static Tensor<float> Draw(JaxKey key, Shape shape)
    {
        var weight = new Tensor<float>(shape);
        var elements = weight.Writable;
        for (var i = 0; i < elements.Length; i++) elements[i] = key.Normal((uint)i);
        return weight;
    }

    /// <summary>All weights' gradient on some images, by what one step takes away from them.</summary>
    private static async Task<double[]> GradientAsync(
        Graph<float> graph, LearningRule rule, Dataset<float> data, int[] images, StudyRequest request)
    {
        // A large rate, lest the gradient be rounded to the weights' precision.
        var options = new NetworkOptions { Rule = rule, Loss = Loss.SquaredError, Optimizer = new Sgd(1 << 20) };
        await using var network = await Network<float>.StartAsync(graph, options, null, request.Cancellation)
            .ConfigureAwait(false);
        var batch = network.NewBatch();
        StudyBatches.Fill(data, images, batch.Inputs[0], batch.Target);
        await network.StepAsync(batch).WaitAsync(request.Cancellation).ConfigureAwait(false);
        var after = await network.ParametersAsync().ConfigureAwait(false);
        return [.. after.SelectMany(p => Before(p.Name).Zip(p.Value.Span.ToArray(), (b, a) => (double)b - a))];

        float[] Before(string name) => graph.Find(name).Initial!.Span.ToArray();
    }
}
