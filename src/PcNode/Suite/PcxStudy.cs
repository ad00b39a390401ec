using PcActors.Data;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>A multilayer perceptron on FashionMNIST by predictive coding and by backpropagation, after pcx.</summary>
internal sealed class PcxStudy : Study
{
    private const string Accuracy = "best test accuracy";
    private const string Last = "last test accuracy";

    public override string Name => "pcx";

    public override string Title => "FashionMNIST by predictive coding, as pcx trains it";

    public override string Source =>
        "pcx, tag v0.6.1-public: examples/s4_1_discriminative_mode/MLP/fmnist; figures from "
        + "examples/s6_computational_resources/time_benchmarking/MLP/fmnist (best_accuracy). The library is that of "
        + "Pinchetti et al., ICLR 2025, arXiv 2407.01163";

    public override string Settings =>
        "784-128-128-128-10, 25 epochs, batches of 128, pixels in [-1, 1], AdamW with warm-up and cosine; PC with GELU "
        + "and 5 value steps, BP (Z-IL, the same bits) with ReLU and rates of its own, as published";

    public override string Remark =>
        "The figure is the best epoch's on the first 9,984 test images. The published figures are each one run, the "
        + "best of a search, chosen on the test images. BP's loss here is half of theirs, which only AdamW's epsilon "
        + "sees.";

    public override string Measure => Accuracy;

    public override IReadOnlyList<StudyRow> Rows { get; } =
        [new("PC", 0.6, (Accuracy, 0.8988)), new("BP", 0.3, (Accuracy, 0.8983))];

    public override IReadOnlyList<AbsentRow> Absent { get; } =
    [
        .. new[] { "CIFAR-10", "CIFAR-100", "Tiny ImageNet" }.Select(data => new AbsentRow(
            "convolutional networks", Accuracy, null, data, "its images are in no package of Debian")),
    ];

    public override IReadOnlyList<(string First, string Second)> Pairs => [("PC", "BP")];

    public override async Task<StudyOutcome> RunAsync(StudyRequest request)
    {
        var isPc = request.Row == "PC";
        var (batch, epochs) = (request.Size(128, 8), request.Size(25, 2));
        var data = request.Images!.Scaled(0.5f, 0.5f, request.IsQuick ? 64 : null);
        // Their test loader drops what does not fill a batch.
        data = new DataSplit<float>(data.Train, data.Test.Take(data.Test.Count / batch * batch));
        var steps = data.Train.Count / batch * epochs;
        var (rate, decay) = isPc
            ? (2.972210629627541e-4, 1.8383293983087593e-3)
            : (2.751176541841286e-4, 1.717093341589651e-4);
        var options = new NetworkOptions
        {
            Rule = isPc
                ? LearningRule.IlDescription.Create(
                    ("inferenceSteps", 5), ("inferenceRate", 0.026070879231635192),
                    ("inferenceOptimizer", "momentum"), ("inferenceMomentum", 0.1))
                : LearningRule.Zil,
            Loss = Loss.SquaredError,
            // From the rate to 1.1 times it, then down to a tenth of it.
            Optimizer = new AdamW(1.1 * rate, weightDecay: decay),
            Schedule = new Cosine(steps, floor: 0.1 / 1.1, warmUp: steps / 10, start: 1 / 1.1),
            Seed = (ulong)request.Seed,
        };
        var graph = Create(batch, data.Train.SampleShape.Length, request.Size(128, 8), data.Train.ClassCount, isPc,
            (ulong)request.Seed);
        await using var network = await Network<float>.StartAsync(graph, options, null, request.Cancellation)
            .ConfigureAwait(false);
        var classifier = new Classifier(network, data, batch, request.Seed);
        var (best, last) = (0.0, 0.0);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            await classifier.TrainAsync(epoch * classifier.StepsPerEpoch, classifier.StepsPerEpoch,
                request.Cancellation).ConfigureAwait(false);
            last = await classifier.AccuracyAsync(request.Cancellation).ConfigureAwait(false);
            best = Math.Max(best, last);
        }
        return new StudyOutcome(
            new Dictionary<string, double> { [Accuracy] = best, [Last] = last },
            await classifier.HashAsync().ConfigureAwait(false));
    }

    private static Graph<float> Create(int batch, int inputs, int units, int classes, bool isGelu, ulong seed)
    {
        var builder = new GraphBuilder<float>(seed);
        var layer = builder.Data("input", new Shape(batch, inputs));
        for (var number = 1; number <= 3; number++)
        {
            var name = $"hidden{number}";
            layer = layer.UniformDense(name, units);
            layer = isGelu
                ? layer.Apply("Gelu", [], Attributes.Of(("approximate", "tanh")), $"{name}/gelu")
                : layer.Relu($"{name}/relu");
        }
        return builder.Build(layer.UniformDense("output", classes));
    }
}
