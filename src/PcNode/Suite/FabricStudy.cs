using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>Residual networks of tanh blocks by depth, after FabricPC's demonstration of muPC.</summary>
internal sealed class FabricStudy : Study
{
    private const string Accuracy = "test accuracy";
    private const string Mnist = "MNIST";

    public override string Name => "fabricpc";

    public override string Title => "Residual networks of tanh blocks, as FabricPC shows muPC";

    public override string Source =>
        "trueagi-io/FabricPC at 138941e, examples/mupc_demo.py: settings and figures";

    public override string Settings =>
        "784-64, then 8, 16 or 32 blocks z + tanh(a W z + b), then 10; a = sqrt(5/3 / (64 blocks)), weights of "
        + "variance 1; cross-entropy at the output. 3 epochs of FashionMNIST in batches of 256, AdamW 0.002 with decay "
        + "0.01, 3 (blocks + 2) value steps of rate 0.1";

    public override string Remark =>
        "Their figures are of MNIST, which is easier: what compares is how little is lost by depth. Theirs has what "
        + "comes down through a block multiplied by 1.261, against tanh's flattening, which is no gradient of F and is "
        + "left out here; and their test lets the output's value move, where ours is the forward pass.";

    public override string Measure => Accuracy;

    public override IReadOnlyList<StudyRow> Rows { get; } =
    [
        new("8 blocks", 0.5, (Accuracy, 0.920)) { PublishedOn = Mnist },
        new("16 blocks", 1.5, (Accuracy, 0.897)) { PublishedOn = Mnist },
        new("32 blocks", 4, (Accuracy, 0.856)) { PublishedOn = Mnist },
    ];

    public override IReadOnlyList<AbsentRow> Absent { get; } =
    [
        new("64 blocks", Accuracy, 0.841, Mnist, "a run takes most of an hour on two cores"),
        new("128 blocks", Accuracy, 0.822, Mnist, "a run takes hours on two cores"),
        new("mnist_demo", Accuracy, 0.9814, Mnist, "its images are in no package of Debian"),
        new("resnet18_cifar10_demo", Accuracy, 0.3371, "CIFAR-10", "its images are in no package of Debian"),
        new("transformer_v2_demo", Accuracy, 0.3592, "Tiny Shakespeare", "its text is in no package of Debian"),
    ];

    public override IReadOnlyList<(string First, string Second)> Pairs => [("8 blocks", "32 blocks")];

    public override async Task<StudyOutcome> RunAsync(StudyRequest request)
    {
        var blocks = request.Size(int.Parse(request.Row.Split(' ')[0], null), 3);
        var batch = request.Size(256, 8);
        var data = request.Images!.Scaled(StudyImages.Mean, StudyImages.Deviation, request.IsQuick ? 32 : null);
        var options = new NetworkOptions
        {
            Rule = LearningRule.Il(request.Size(Math.Max(20, 3 * (blocks + 2)), 4), 0.1),
            Loss = Loss.CrossEntropy,
            Optimizer = new AdamW(0.002, weightDecay: 0.01),
            Seed = (ulong)request.Seed,
        };
        var graph = Create(batch, data.Train.SampleShape.Length, request.Size(64, 8), blocks, data.Train.ClassCount,
            (ulong)request.Seed);
        await using var network = await Network<float>.StartAsync(graph, options, null, request.Cancellation)
            .ConfigureAwait(false);
        var classifier = new Classifier(network, data, batch, request.Seed);
        await classifier.TrainAsync(0, request.Size(3, 1) * classifier.StepsPerEpoch, request.Cancellation)
            .ConfigureAwait(false);
        return new StudyOutcome(
            new Dictionary<string, double>
            {
                [Accuracy] = await classifier.AccuracyAsync(request.Cancellation).ConfigureAwait(false),
            },
            await classifier.HashAsync().ConfigureAwait(false));
    }

    private static Graph<float> Create(int batch, int inputs, int width, int blocks, int classes, ulong seed)
    {
        var builder = new GraphBuilder<float>(seed);
        var stream = Layer(builder.Data("input", new Shape(batch, inputs)), "stem", width, Initializer.Normal(1),
            1 / Math.Sqrt(inputs)).Latent();
        for (var number = 1; number <= blocks; number++)
        {
            var branch = Layer(stream, $"block{number}", width, Initializer.Normal(1),
                Math.Sqrt(5.0 / 3 / ((double)width * blocks)));
            stream = stream.Add(branch.Tanh(), $"stream{number}").Latent();
        }
        return builder.Build(
            Layer(stream, "output", classes, Initializer.Normal(Math.Sqrt(2.0 / (width + classes))), 1));

        Node<float> Layer(Node<float> from, string name, int units, Initializer initializer, double scale)
        {
            var wide = from.Shape[1];
            var weight = builder.Parameter($"{name}/weight", new Shape(wide, units), initializer, wide, units);
            var bias = builder.Parameter($"{name}/bias", new Shape(units), Initializer.Constant(0), wide, units);
            return from.Apply("Gemm", [weight, bias], Attributes.Of(("alpha", (float)scale)), name);
        }
    }
}
