using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;

namespace PcNode.Suite;

/// <summary>Predictive coding of residual networks by depth, with and without muPC's scaling.</summary>
internal sealed class MupcStudy : Study
{
    private const string Accuracy = "test accuracy";
    private const string Diverged = "diverged";
    private const string Mnist = "MNIST";
    private static readonly int[] Depths = [8, 32, 128];
    private static readonly Setting Example = new("JPC's example: 30 layers", 29, 128, 900, 30, 0.5, true, 0.8);

    private static readonly IReadOnlyList<Setting> Configurations =
    [
        .. Depths.SelectMany(d => new[]
        {
            new Setting(RowOf(true, d), d, 64, 300, d, 0.5, true, MinutesOf(d)),
            new Setting(RowOf(false, d), d, 64, 300, d, d == 8 ? 0.1 : 0.01, false, MinutesOf(d)),
        }),
        Example,
    ];

    public override string Name => "mupc";

    public override string Title => "Residual networks of up to 128 layers, with muPC's scaling and without";

    public override string Source =>
        "Innocenti, Achour and Buckley, NeurIPS 2025, arXiv 2505.13124; settings from thebuckleylab/jpc, "
        + "experiments/mupc_paper; JPC's example and its figure from examples/mupc.ipynb there (step 900)";

    public override string Settings =>
        "Residual networks without biases, ReLU, FashionMNIST in batches of 64. By depth: width 64, 300 steps, as many "
        + "value steps as hidden layers; Adam 0.1 and value rate 0.5 / 64 with the scaling, Adam 0.01 and value rate "
        + "0.1 / 64 (8 layers) or 0.01 / 64 without it. JPC's example: 30 weight matrices, width 128, 900 steps, 30 "
        + "value steps, Adam 0.1, value rate 0.5 / 64";

    public override string Remark =>
        "By depth, the paper has width 512 and 900 steps on MNIST (muPC 96 to 97 % at every depth; without its scaling "
        + "about 83 % at 8 layers, 67 % at 32 and chance at 128): the order is what compares, not the figures. JPC's "
        + "example is of its size, and its figure is of MNIST, which is easier. Published value rates are of the mean "
        + "over the batch, and are divided by 64 here. A run that diverges counts as chance, 0.1.";

    public override string Measure => Accuracy;

    public override IReadOnlyList<StudyRow> Rows { get; } =
    [
        .. Configurations.Select(n => n == Example
            ? new StudyRow(n.Row, n.Minutes, (Accuracy, 0.9326)) { PublishedOn = Mnist }
            : new StudyRow(n.Row, n.Minutes)),
    ];

    public override IReadOnlyList<AbsentRow> Absent { get; } =
    [
        new("muPC 8 of width 512", Accuracy, null, "CIFAR-10", "its images are in no package of Debian"),
        new("muPC 8 32 and 128 of width 512", Accuracy, null, Mnist, "its images are in no package of Debian"),
    ];

    public override IReadOnlyList<(string First, string Second)> Pairs { get; } =
        [.. Depths.Select(d => (RowOf(true, d), RowOf(false, d)))];

    public override async Task<StudyOutcome> RunAsync(StudyRequest request)
    {
        var wanted = Configurations.First(n => n.Row == request.Row);
        var batch = request.Size(64, 4);
        var data = request.Images!.Scaled(StudyImages.Mean, StudyImages.Deviation, request.IsQuick ? 16 : null);
        var chain = new ResidualChain(wanted.Hidden + 1, request.Size(wanted.Width, 4)) { IsScaled = wanted.IsScaled };
        var graph = chain.Create(batch, data.Train.SampleShape.Length, data.Train.ClassCount, (number, shape) =>
            (wanted.IsScaled ? Initializer.Normal(1) : Initializer.Uniform(1 / Math.Sqrt(shape[1])))
                .Create<float>(shape, shape[1], shape[0], (ulong)request.Seed, ResidualChain.NameOf(number)));
        var options = new NetworkOptions
        {
            Rule = LearningRule.Il(wanted.ValueSteps, wanted.ValueRate / 64),
            Loss = Loss.SquaredError,
            Optimizer = new Adam(wanted.IsScaled ? 0.1 : 0.01),
        };
        await using var network = await Network<float>.StartAsync(graph, options, null, request.Cancellation)
            .ConfigureAwait(false);
        var classifier = new Classifier(network, data, batch, request.Seed);
        var (accuracy, diverged) = (0.1, 0.0);
        try
        {
            await classifier.TrainAsync(0, request.Size(wanted.Steps, 2), request.Cancellation).ConfigureAwait(false);
            accuracy = await classifier.AccuracyAsync(request.Cancellation).ConfigureAwait(false);
        }
        catch (DivergedException)
        {
            diverged = 1;
        }
        return new StudyOutcome(
            new Dictionary<string, double> { [Accuracy] = accuracy, [Diverged] = diverged },
            await classifier.HashAsync().ConfigureAwait(false));
    }

    private static string RowOf(bool isScaled, int depth) => $"{(isScaled ? "muPC" : "unscaled")} {depth}";

    // Timesteps times layers.
    private static double MinutesOf(int depth) => 0.03 + (depth * depth / 6000.0);

    /// <param name="Row">Its row.</param>
    /// <param name="Hidden">Hidden layers.</param>
    /// <param name="Width">Units a layer.</param>
    /// <param name="Steps">Training steps.</param>
    /// <param name="ValueSteps">Value steps in each.</param>
    /// <param name="ValueRate">The published rate, of the mean over the batch.</param>
    /// <param name="IsScaled">Whether it has muPC's scaling.</param>
    /// <param name="Minutes">About how long a run takes.</param>
    private sealed record Setting(string Row, int Hidden, int Width, int Steps, int ValueSteps, double ValueRate,
        bool IsScaled, double Minutes);
}
