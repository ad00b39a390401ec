using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>Target alignment of linear networks by depth: how straight a step of learning moves the prediction towards
/// the target.</summary>
internal sealed class ProspectiveStudy : Study
{
    private const string Alignment = "target alignment";

    // What to expect, read off the authors' picture of the smaller grid (base-depth).
    private static readonly (int Layers, double Pc, double Bp)[] Depths =
        [(1, 1, 1), (2, 0.99, 0.92), (4, 0.98, 0.82), (8, 0.95, 0.68), (15, 0.90, 0.39)];

    public override string Name => "prospective";

    public override string Title => "Target alignment by depth, as in prospective configuration";

    public override string Source =>
        "Song, Millidge, Salvatori, Lukasiewicz, Xu and Bogacz, Nature Neuroscience 2024, figure 3e; settings from "
        + "YuhangSong/Prospective-Configuration, experiments/nature_target_alignment";

    public override string Settings =>
        "Linear networks of width 64 without biases, one sample of normal numbers, one step of learning: the cosine "
        + "between the way that the prediction goes and the way to the target. 511 value steps of rate 0.1";

    public override string Remark =>
        "The value rate is not halved when the energy rises, as theirs is. The published figures are read off a "
        + "picture of a smaller grid of theirs (three seeds, 128 value steps), to within 0.02.";

    public override string Measure => Alignment;

    public override int Seeds => 27;

    public override bool NeedsImages => false;

    public override IReadOnlyList<StudyRow> Rows { get; } =
    [
        .. Depths.SelectMany(d => new[]
        {
            new StudyRow(RowOf("PC", d.Layers), 0.002, (Alignment, d.Pc)),
            new StudyRow(RowOf("BP", d.Layers), 0.001, (Alignment, d.Bp)),
        }),
    ];

    public override IReadOnlyList<(string First, string Second)> Pairs { get; } =
        [.. Depths.Where(d => d.Layers > 1).Select(d => (RowOf("PC", d.Layers), RowOf("BP", d.Layers)))];

    public override async Task<StudyOutcome> RunAsync(StudyRequest request)
    {
        var isPc = request.Row.StartsWith("PC", StringComparison.Ordinal);
        var layers = Depths.First(d => RowOf(isPc ? "PC" : "BP", d.Layers) == request.Row).Layers;
        var options = new NetworkOptions
        {
            Rule = isPc ? LearningRule.Il(request.Size(511, 8), 0.1) : LearningRule.Zil,
            Loss = Loss.SquaredError,
            Optimizer = new Sgd(0.001),
        };
        var graph = Create(layers, request.Size(64, 8), (ulong)request.Seed);
        await using var network = await Network<double>.StartAsync(graph, options, null, request.Cancellation)
            .ConfigureAwait(false);
        var batch = network.NewBatch();
        var random = new SeededRandom((ulong)request.Seed, "sample");
        foreach (ref var element in batch.Inputs[0].Writable) element = random.NextGaussian();
        foreach (ref var element in batch.Target.Writable) element = random.NextGaussian();
        var before = (await network.PredictAsync(batch).WaitAsync(request.Cancellation).ConfigureAwait(false))
            .Span.ToArray();
        await network.StepAsync(batch).WaitAsync(request.Cancellation).ConfigureAwait(false);
        var after = (await network.PredictAsync(batch).WaitAsync(request.Cancellation).ConfigureAwait(false))
            .Span.ToArray();
        var target = batch.Target.Span.ToArray();
        var alignment = Sample.Cosine(
            [.. after.Zip(before, (a, b) => a - b)], [.. target.Zip(before, (y, b) => y - b)]);
        return new StudyOutcome(
            new Dictionary<string, double> { [Alignment] = alignment },
            Parameters.Sha256(await network.ParametersAsync().ConfigureAwait(false)));
    }

    private static string RowOf(string rule, int layers) => $"{rule} {layers}";

    private static Graph<double> Create(int layers, int width, ulong seed)
    {
        var builder = new GraphBuilder<double>(seed);
        var layer = builder.Data("input", new Shape(1, width));
        for (var number = 1; number <= layers; number++)
        {
            var weight = builder.Parameter($"layer{number}/weight", new Shape(width, width),
                Initializer.GlorotUniform, width, width);
            layer = layer.MatMul(weight, $"layer{number}");
        }
        return builder.Build(layer);
    }
}
