using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>Images that a network stores, and recalls from one half of each.</summary>
internal sealed class MemoryStudy : Study
{
    private const string Recalled = "share of images recalled";
    private const string Mean = "mean squared error";
    private const string Worst = "largest mean squared error";
    private const double Limit = 0.005;
    private const string Top = "top half known";

    public override string Name => "memory";

    public override string Title => "25 images recalled from one half of each";

    public override string Source =>
        "the task of Salvatori, Song, Hong, Sha, Frieder, Xu, Bogacz and Lukasiewicz, NeurIPS 2021, arXiv 2109.08063, "
        + "in a smaller form. An image counts as recalled where the mean squared error is below 0.005";

    public override string Settings =>
        "25 images of FashionMNIST, drawn by the seed, are stored by a free leaf of 32 numbers, 256 tanh units and 784 "
        + "pixels: 200 steps of AdamW on all of them, 20 value steps each. Then one half is clamped, and the other "
        + "starts at 0 and is inferred in 300 value steps";

    public override string Remark =>
        "No published figure is of this task: theirs, all images, is of 50 images of Tiny ImageNet in networks of "
        + "1,024 units and more. Errors are means over all 784 pixels; over the inferred half alone they are twice as "
        + "large.";

    public override string Measure => Recalled;

    public override IReadOnlyList<StudyRow> Rows { get; } =
        [new(Top, 0.3), new("bottom half known", 0.3)];

    public override IReadOnlyList<AbsentRow> Absent { get; } =
    [
        new("50 images; 1024 units and more", Recalled, 1, "Tiny ImageNet",
            "its images are in no package of Debian"),
    ];

    public override IReadOnlyList<(string First, string Second)> Pairs => [];

    public override async Task<StudyOutcome> RunAsync(StudyRequest request)
    {
        var images = Draw(request.Images!.Split.Train, request.Size(25, 4), (ulong)request.Seed);
        var length = images.SampleShape.Length;
        var (count, units) = (images.Count, request.Size(256, 16));
        var builder = new GraphBuilder<float>((ulong)request.Seed);
        var graph = builder.Build(builder.Data("memory", new Shape(count, request.Size(32, 4)), isFree: true)
            .UniformDense("hidden", units).Tanh("hidden/tanh").UniformDense("image", length));
        var pixels = new Tensor<float>(new Shape(count, length));
        images.Features.Span.CopyTo(pixels.Writable);

        var stored = await StoreAsync(graph, pixels, request).ConfigureAwait(false);
        var mask = new Tensor<float>(pixels.Shape);
        var shown = new Tensor<float>(pixels.Shape);
        for (var i = 0; i < mask.Length; i++)
        {
            var isTop = i % length < length / 2;
            (mask.Writable[i], shown.Writable[i]) =
                isTop == (request.Row == Top) ? (1f, pixels.Span[i]) : (0f, 0f);
        }
        var options = Options(request.Size(300, 6), 0.9);
        await using var network = await Network<float>.StartAsync(graph, options, stored, request.Cancellation)
            .ConfigureAwait(false);
        var clamps = new Dictionary<string, Clamp<float>> { [graph.Root.Name] = new(shown, mask) };
        var inference = await network.InferAsync(clamps, [graph.Root.Name]).WaitAsync(request.Cancellation)
            .ConfigureAwait(false);
        var recalled = Complete(shown, mask, inference.Values[graph.Root.Name]);

        var errors = Errors(pixels, recalled);
        var picture = $"memory-{(request.Row == Top ? "top" : "bottom")}-{request.Seed}.png";
        StudyPictures.Save(request, picture, images.SampleShape, 2, pixels, shown, recalled);
        return new StudyOutcome(
            new Dictionary<string, double>
            {
                [Recalled] = errors.Count(e => e < Limit) / (double)count,
                [Mean] = errors.Average(),
                [Worst] = errors.Max(),
            },
            Parameters.Sha256(await network.ParametersAsync().ConfigureAwait(false)), picture);
    }

    private static NetworkOptions Options(int steps, double momentum) => new()
    {
        Rule = LearningRule.IlDescription.Create(
            ("inferenceSteps", steps), ("inferenceRate", 0.05), ("inferenceOptimizer", "momentum"),
            ("inferenceMomentum", momentum)),
        Loss = Loss.SquaredError,
        Optimizer = new AdamW(0.001, weightDecay: 0),
    };

    private static async Task<NetworkSnapshot<float>> StoreAsync(
        Graph<float> graph, Tensor<float> pixels, StudyRequest request)
    {
        var options = Options(request.Size(20, 3), 0.5);
        await using var network = await Network<float>.StartAsync(graph, options, null, request.Cancellation)
            .ConfigureAwait(false);
        var batch = network.NewBatch();
        pixels.Span.CopyTo(batch.Target.Writable);
        for (var step = 0; step < request.Size(200, 3); step++)
            await network.StepAsync(batch).WaitAsync(request.Cancellation).ConfigureAwait(false);
        return await network.SnapshotAsync().ConfigureAwait(false);
    }

    private static Dataset<float> Draw(Dataset<float> data, int count, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, data.Count)];
        new SeededRandom(seed, "images to remember").Shuffle<int>(order);
        return data.Select(order.AsSpan(0, count));
    }

    /// <summary>What is known, and for the rest what was inferred, in the range of pixels.</summary>
    private static Tensor<float> Complete(Tensor<float> shown, Tensor<float> mask, Tensor<float> inferred)
    {
        var whole = new Tensor<float>(shown.Shape);
        for (var i = 0; i < whole.Length; i++)
            whole.Writable[i] = mask.Span[i] > 0 ? shown.Span[i] : Math.Clamp(inferred.Span[i], 0, 1);
        return whole;
    }

    private static List<double> Errors(Tensor<float> a, Tensor<float> b) =>
        [.. Enumerable.Range(0, a.Shape[0]).Select(
            image => StudyPictures.SquaredError(a.Rows(image, 1), b.Rows(image, 1)))];
}
