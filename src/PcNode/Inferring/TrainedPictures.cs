using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Tensors;
using PcNode.Configuration;
using PcNode.Drawing;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Output;
using PcNode.Reports;

namespace PcNode.Inferring;

/// <summary>What a trained network generates for labels, or recalls of the samples that it was trained on, as a PNG
/// file.</summary>
/// <remarks>A network that gets features and labels in training generates: labels are clamped, what got features is
/// free. One that gets features alone recalls: their first half is clamped, the rest is free.</remarks>
/// <param name="experiment">The experiment.</param>
/// <param name="folder">Where the file goes.</param>
internal sealed class TrainedPictures(Experiment experiment, string folder)
{
    public const string Option = "--pictures";
    public const string Description =
        "writes what the network has learnt there as a PNG file: generated.png, an image for each class, where it gets "
        + "features and labels; recalled.png, its training images completed from their first halves, where it gets "
        + "features alone";

    // Beyond that a picture is too large to look at, and an error does not change much.
    private const int MostShown = 25;
    private const int MostRecalled = 100;

    private readonly Feed _feed = experiment.Feeding.Feed;

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, IsGenerative(experiment.Feeding.Feed)
        ? "generated.png" : "recalled.png");

    /// <summary>Refuses a network that makes no picture, and a folder that cannot be written into.</summary>
    /// <param name="built">The network.</param>
    /// <param name="data">What it is trained on.</param>
    /// <exception cref="UsageException">It is refused.</exception>
    public void Require<T>(BuiltNetwork<T> built, Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        experiment.RequireInference(Option);
        if (_feed.Target == Feed.Labels && !_feed.Inputs.Values.Contains(Feed.Labels))
            throw new UsageException(
                $"{Option}: the root '{built.Graph.Root.Name}' gets labels, so the network is a classifier and makes "
                + $"no picture; one that generates gets labels at another vertex, {SettingCatalogue.Inputs.OptionName} "
                + $"NAME={Feed.Labels}, and one that remembers gets features, {SettingCatalogue.Target.OptionName} "
                + Feed.Features);
        if (ImagesOf(built.Graph).Count == 0)
            throw new UsageException(
                $"{Option}: no vertex gets features in training, so there is nothing to be generated or recalled");
        try
        {
            Picture.Of(data.Features.Rows(0, 1).Span, data.SampleShape, 0, 1);
        }
        catch (ShapeException e)
        {
            throw new UsageException($"{Option}: {data.Name}: {e.Message}");
        }
        ReportFolder.Require(folder, Option);
    }

    /// <summary>Makes the picture.</summary>
    /// <param name="built">The network as it was trained.</param>
    /// <param name="parameters">What it has learnt, in the order of its source.</param>
    /// <param name="data">What it was trained on.</param>
    /// <param name="cancellation">Ends it before the file is written.</param>
    /// <returns>The mean squared error of what is recalled, in units in which the data's range is 1; null where images
    /// are generated.</returns>
    public async Task<double?> WriteAsync<T>(
        BuiltNetwork<T> built, IReadOnlyList<NamedTensor<T>> parameters, Dataset<T> data,
        CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var images = ImagesOf(built.Graph);
        var values = parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        var form = DataForm.Of(data);
        // Leaves that training clamps are free here, where they are images.
        var graph = ExperimentGraphs.BuildForInference(experiment, form, parameters).Graph
            .With(v => images.Contains(v.Name) && v.Kind == VertexKind.Data ? v with { IsFree = true } : v);
        var options = NetworkFactory.OptionsFor(experiment, graph) with
        {
            Clamped = [],
            Where = new InProcess { Threads = experiment.Threads },
        };
        await using var network = await Network<T>.StartAsync(graph, options, cancellation: cancellation)
            .ConfigureAwait(false);
        var run = new PictureRun<T>(network, built, _feed, images, data);
        return IsGenerative(_feed) ? await GenerateAsync(run, cancellation).ConfigureAwait(false)
            : await RecallAsync(run, cancellation).ConfigureAwait(false);
    }

    private static bool IsGenerative(Feed feed) =>
        feed.Target == Feed.Labels || feed.Inputs.Values.Contains(Feed.Labels);

    /// <summary>The vertices that get features, the root last.</summary>
    private List<string> ImagesOf<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var leaves = graph.DataLeaves.Where(v => !v.IsFree || _feed.Inputs.ContainsKey(v.Name)).ToList();
        var images = _feed.Inputs.Where(i => i.Value == Feed.Features).Select(i => i.Key).ToList();
        if (leaves is [var only] && !_feed.Inputs.ContainsKey(only.Name)) images.Add(only.Name);
        if (_feed.Target == Feed.Features) images.Add(graph.Root.Name);
        return images;
    }

    private async Task<double?> GenerateAsync<T>(PictureRun<T> run, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var row = new List<Picture>();
        for (var start = 0; start < run.Data.ClassCount; start += run.Batch)
        {
            var images = await run.GenerateAsync(start).WaitAsync(cancellation).ConfigureAwait(false);
            for (var i = 0; i < Math.Min(run.Batch, run.Data.ClassCount - start); i++)
                row.Add(run.PictureOf(images, i));
        }
        Write(row);
        return null;
    }

    private async Task<double?> RecallAsync<T>(PictureRun<T> run, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<Picture>[] rows = [[], [], []];
        var (error, count) = (0.0, Math.Min(run.Data.Count, MostRecalled));
        for (var start = 0; start < count; start += run.Batch)
        {
            var (whole, shown, recalled) = await run.RecallAsync(start).WaitAsync(cancellation).ConfigureAwait(false);
            for (var i = 0; i < Math.Min(run.Batch, count - start); i++)
            {
                error += run.ErrorOf(whole, recalled, i);
                if (rows[0].Count == MostShown) continue;
                foreach (var (place, images) in new[] { whole, shown, recalled }.Index())
                    rows[place].Add(run.PictureOf(images, i));
            }
        }
        Write(rows);
        return error / count;
    }

    private void Write(params List<Picture>[] rows)
    {
        var side = rows[0].Max(p => Math.Max(p.Width, p.Height));
        var picture = ImageGrid.Of(rows, zoom: Math.Clamp(56 / side, 1, 7));
        AtomicFile.Write(Path, Option, stream => Png.Write(stream, picture));
    }
}
