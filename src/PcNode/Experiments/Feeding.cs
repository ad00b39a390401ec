using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;
using PcNode.Configuration;
using PcNode.Networks;

namespace PcNode.Experiments;

/// <summary>What settings say of training's arrays: which one each vertex gets, on which samples, and what is measured
/// on the test set.</summary>
internal sealed class Feeding
{
    // What every built-in model calls its only data leaf.
    private const string BuiltInInput = "input";
    private const string ChannelsLast = "NHWC";

    private readonly Settings _settings;
    private readonly Loss _loss;

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="infers">Whether values settle under the rule.</param>
    /// <param name="rules">The rules under which they do, for a person.</param>
    /// <param name="loss">What sets the root's error.</param>
    /// <exception cref="UsageException">A value is wrong.</exception>
    public Feeding(Settings settings, bool infers, string rules, Loss loss)
    {
        (_settings, _loss) = (settings, loss);
        var classify = settings.Get(SettingCatalogue.Classify);
        if (classify is not null && !infers)
            throw new UsageException(
                $"{settings.OriginOf(SettingCatalogue.Classify)}: what a vertex settles at is for --rule {rules}, and "
                + $"the rule is {settings.TextOf(SettingCatalogue.Rule)}");
        Feed = new Feed
        {
            Inputs = FeedTexts.InputsOf(settings),
            Target = FeedTexts.TargetOf(settings, loss),
            Classify = classify,
        };
        Samples = settings.Get(SettingCatalogue.Samples);
        SettlingSteps = infers ? settings.Get(SettingCatalogue.TestInferenceSteps) : null;
    }

    /// <summary>Which array each vertex gets.</summary>
    public Feed Feed { get; }

    /// <summary>How many samples are trained and tested on, the first ones; null for all.</summary>
    public int? Samples { get; }

    /// <summary>T of inference outside training; null for the rule's.</summary>
    public int? SettlingSteps { get; }

    /// <summary>What is left of a data set.</summary>
    /// <exception cref="UsageException">There are not so many samples.</exception>
    public DataSplit<T> Take<T>(DataSplit<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Samples is not { } count) return data;
        if (count > data.Train.Count)
            throw new UsageException(
                $"{_settings.OriginOf(SettingCatalogue.Samples)}: {count} samples were asked for, and "
                + $"{data.Train.Name} has {data.Train.Count} to train on");
        return data with
        {
            // Where they stood in the file is another's place now.
            HeldOut = null,
            Train = data.Train.Take(count),
            Test = data.Test.Take(Math.Min(count, data.Test.Count)),
            Validation = data.Validation is { } validation
                ? validation.Take(Math.Min(count, validation.Count)) : null,
        };
    }

    /// <summary>What a built-in model is made for: with one input, and a root, of the arrays that they get.</summary>
    public DataForm FormFor(DataForm data)
    {
        var features = data.SampleShape.Length;
        return data with
        {
            SampleShape = Feed.Inputs.GetValueOrDefault(BuiltInInput) == Feed.Labels
                ? new Shape(data.ClassCount) : data.SampleShape,
            ClassCount = Feed.Target == Feed.Features || data.ClassCount == 0 ? features : data.ClassCount,
        };
    }

    /// <summary>What is read of a data set for a network.</summary>
    public DatasetOptions OptionsFor(NetworkSource source)
    {
        var names = source.InputNames;
        var whole = names.Where(source.TakesIntegers)
            .Select(n => Feed.ArrayOf(n, names.Count));
        var kind = _settings.Get(SettingCatalogue.TargetAs);
        var isFile = !source.IsFittedToData || _settings.Get(SettingCatalogue.Data)
            .EndsWith(".npz", StringComparison.OrdinalIgnoreCase);
        return DatasetOptions.For(Feed) with
        {
            Leaves = names,
            Outputs = source.Outputs,
            AsTheyAre = [.. whole],
            HasPositions = _loss.TakesClasses && !source.IsFittedToData,
            NeedsClasses = _loss.TakesClasses,
            TargetKind = kind != TargetKind.Auto ? kind
                : _loss.TakesClasses ? TargetKind.Classes
                : isFile ? TargetKind.Either : TargetKind.Auto,
            Header = _settings.Get(SettingCatalogue.Header),
            Ignored = _settings.Get(SettingCatalogue.Ignore) ?? [],
            Layout = _settings.Get(SettingCatalogue.Layout) == ChannelsLast
                ? SampleLayout.ChannelsLast : SampleLayout.AsIs,
            Validation = _settings.Get(SettingCatalogue.Validation),
        };
    }

    /// <summary>The network before it is divided, with what is free outside training: the leaf that is
    /// classified.</summary>
    public Graph<T> Mark<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Feed.Classify is { } name && graph.Vertices.Any(v => v.Name == name && v.Kind == VertexKind.Data)
            ? graph.With(v => v.Name == name ? v with { IsFree = true } : v)
            : graph;

    /// <summary>The latent vertices and free leaves that training clamps.</summary>
    public IReadOnlyList<string> Clamped<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [
            .. Feed.Inputs.Keys.Where(name => graph.Vertices.FirstOrDefault(v => v.Name == name) is
                not (null or { Kind: VertexKind.Data, IsFree: false })),
        ];

    /// <summary>The data leaves that get features.</summary>
    public IReadOnlyList<string> FeatureInputs<T>(Graph<T> graph, string? featuresName)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var leaves = graph.DataLeaves.Select(v => v.Name).ToList();
        // Of several leaves each gets the array that is called as it is.
        return leaves.FindAll(name => AreFeatures(Feed.ArrayOf(name, leaves.Count), featuresName));
    }

    /// <summary>Whether the root should predict the features.</summary>
    /// <param name="featuresName">What they are called in their file; null where they have no name.</param>
    public bool PredictsFeatures(string? featuresName) => AreFeatures(Feed.Target, featuresName);

    private static bool AreFeatures(string array, string? featuresName) =>
        array == Feed.Features || array == featuresName;

    /// <summary>Refuses what the network has no vertex for, or the rule does not know.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="built">Its network, divided.</param>
    /// <exception cref="UsageException">It is refused; the message names the vertex, and what is near.</exception>
    public void Require<T>(Experiment experiment, BuiltNetwork<T> built)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (graph, inputs) = (built.Graph, _settings.OriginOf(SettingCatalogue.Inputs));
        foreach (var name in Feed.Inputs.Keys)
        {
            RequirePart(built, name, inputs, isLeaf: true);
            if (graph.Find(name).Id == graph.RootId)
                throw new UsageException(
                    $"{inputs}: the vertex '{name}' is the root; what it gets is said by "
                    + $"{SettingCatalogue.Target.OptionName}");
        }
        var classify = _settings.OriginOf(SettingCatalogue.Classify);
        if (Feed.Classify is { } classified)
        {
            RequirePart(built, classified, classify);
            var vertex = graph.Find(classified);
            var array = vertex.Id == graph.RootId ? Feed.Target
                : Feed.Inputs.GetValueOrDefault(classified)
                    ?? (vertex.Kind == VertexKind.Data && graph.DataLeaves.Count() == 1 ? Feed.Features : null);
            // A target that is named may be classes; whether it is, the data say.
            var isTarget = array == Feed.Labels || (array == Feed.Target && !Feed.Arrays.Contains(array));
            if (!isTarget)
                throw new UsageException(
                    $"{classify}: the vertex '{classified}' gets {array ?? "nothing"} in training; what is classified "
                    + $"is a vertex that gets labels, such as {SettingCatalogue.Inputs.OptionName} "
                    + $"{classified}={Feed.Labels}");
        }
        var clamped = Clamped(graph);
        if (clamped.Count == 0 && graph.DataLeaves.All(v => !v.IsFree)) return;
        try
        {
            NetworkPlan<T>.Of(graph, NetworkFactory.OptionsFor(experiment, graph), null);
        }
        catch (Exception e) when (e is ArgumentException or GraphException)
        {
            throw new UsageException($"{(clamped.Count > 0 ? inputs : experiment.Model)}: {e.Message}");
        }
    }

    private static void RequirePart<T>(BuiltNetwork<T> built, string name, string origin, bool isLeaf = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Coding.Find(built.Source.Graph, name, origin, isLeaf);
        if (built.Graph.Vertices.Any(v => v.Name == name)) return;
        throw new UsageException(
            $"{origin}: the vertex '{name}' is divided into parts, and an array is for a whole one; give "
            + $"{SettingCatalogue.Blocks.OptionName} 1, and no {SettingCatalogue.Granularity.OptionName} or "
            + $"{SettingCatalogue.Replicas.OptionName}");
    }
}
