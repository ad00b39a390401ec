using System.Numerics;
using PcActors.Graphs;
using PcActors.Models;
using PcActors.Tensors;
using PcNode.Configuration;

namespace PcNode.Networks;

/// <summary>Where a network comes from: a built-in model, a graph in an experiment file, or a model file.</summary>
internal abstract class NetworkSource(string name)
{
    /// <summary>What results and messages call it.</summary>
    public string Name { get; } = name;

    /// <summary>Whether its parameters are drawn for a data set, whose sample shape and classes it must know.</summary>
    public virtual bool IsFittedToData => false;

    /// <summary>Whether it may have any inputs and any output, so that random ones are what
    /// it is verified with.</summary>
    public virtual bool IsArbitrary => false;

    /// <summary>Whether what has to be done to data is in the network already.</summary>
    public virtual bool BringsStandardization => false;

    /// <summary>Whether the network is known to standardise its input itself.</summary>
    public virtual bool HasStandardization => false;

    /// <summary>The classes that it knows by name, in their order; null where it has none.</summary>
    public virtual IReadOnlyList<string>? ClassNames => null;

    /// <summary>The files that it is read from, besides an experiment file.</summary>
    public virtual IReadOnlyList<string> Files => [];

    /// <summary>Shape of a sample where samples are drawn at random.</summary>
    public virtual Shape RandomSample { get; } = new(64);

    /// <summary>Blocks of a dense layer where none are asked for.</summary>
    public virtual int DefaultBlocks => Partition.Automatic;

    /// <summary>The names of its inputs, once the settings are complete.</summary>
    public virtual IReadOnlyList<string> InputNames => ["input"];

    /// <summary>How many numbers it predicts for a sample, [N, C]; null where that is not said.</summary>
    public virtual int? Outputs => null;

    /// <summary>Whether an input takes whole numbers: token ids, conditions.</summary>
    public virtual bool TakesIntegers(string input) => false;

    /// <summary>Options that only other sources heed, with what they are for.</summary>
    protected abstract IEnumerable<(Setting Setting, string For)> Unheeded { get; }

    /// <summary>The source that a model's name means.</summary>
    /// <param name="model">A built-in model or a model file.</param>
    /// <param name="origin">Where the name stands, for messages; null for the command line's argument.</param>
    /// <exception cref="UsageException">There is no such model.</exception>
    public static NetworkSource Named(string model, string? origin = null)
    {
        if (ValueTypes.IsModelFile(model)) return new OnnxSource(model);
        if (ModelCatalogue.Names.Contains(model)) return new BuiltInSource(model);
        if (MisplacedModel.WordsOf(model) is { } other) throw new UsageException($"{origin ?? "MODEL"}: {other}");
        var suggestion = Suggestion.For(model, ModelCatalogue.Names);
        throw new UsageException(
            $"{(origin is null ? "" : $"{origin}: ")}unknown model '{model}'{suggestion}; known are "
            + $"{string.Join(", ", ModelCatalogue.Names)}, or give a " +
            "model file, *.onnx, or an experiment file, *.conf");
    }

    /// <summary>The settings with what the source says itself, where nobody has said otherwise.</summary>
    /// <exception cref="UsageException">Somebody has said what the source cannot do.</exception>
    public virtual Settings Complete(Settings settings)
    {
        foreach (var (setting, reader) in Unheeded)
        {
            if (settings.IsOnCommandLine(setting))
                throw new UsageException($"{setting.OptionName}: it is for {reader}, and {Name} is none of them");
        }
        return settings;
    }

    /// <summary>The network before it is split into blocks.</summary>
    /// <param name="settings">The settings, complete.</param>
    /// <param name="samples">Samples of a micro-batch in one replica.</param>
    /// <param name="data">What the network is for.</param>
    /// <exception cref="UsageException">The network cannot be built.</exception>
    public abstract SourceNetwork<T> Build<T>(Settings settings, int samples, DataForm data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>A network that an experiment file defines.</summary>
internal sealed class GraphSource(string file, GraphSection graph) : NetworkSource(file)
{
    protected override IEnumerable<(Setting, string)> Unheeded =>
    [
        .. SettingGroups.ModelSizes.Select(s => (s, "built-in models")),
        .. SettingGroups.ModelFile.Select(s => (s, "model files, *.onnx")),
    ];

    public override IReadOnlyList<string> InputNames => graph.DataNames;

    public override bool TakesIntegers(string input)
    {
        var network = new SourceNetwork<float>(graph.Build<float>(1, 0));
        return network.Graph.DataLeaves.Any(v => v.Name == input && network.TakesIntegers(v));
    }

    public override Settings Complete(Settings settings)
    {
        settings = base.Complete(settings);
        if (graph.Energies.Count > 0)
            settings = settings.Default(SettingCatalogue.EnergyOf, string.Join(',', graph.Energies), Name);
        return graph.Rates.Count == 0 ? settings
            : settings.Default(SettingCatalogue.RateOf, string.Join(',', graph.Rates), Name);
    }

    public override SourceNetwork<T> Build<T>(Settings settings, int samples, DataForm data) =>
        new(graph.Build<T>(samples, settings.Get(SettingCatalogue.Seed)));
}

/// <summary>A built-in model, drawn for a data set.</summary>
/// <param name="name">Its name in <see cref="ModelCatalogue"/>.</param>
internal sealed class BuiltInSource(string name) : NetworkSource(name)
{
    private readonly Architecture _architecture = ModelCatalogue.Find(name);

    public override bool IsFittedToData => true;

    public override Shape RandomSample => _architecture.UsualSample;

    protected override IEnumerable<(Setting, string)> Unheeded =>
        SettingGroups.ModelFile.Select(s => (s, "model files, *.onnx"));

    public override Settings Complete(Settings settings)
    {
        settings = base.Complete(settings);
        return settings.Get(SettingCatalogue.Data) == ValueTypes.RandomData
            ? settings.Default(SettingCatalogue.Batch, $"{_architecture.UsualBatch}", Name)
            : settings;
    }

    public override SourceNetwork<T> Build<T>(Settings settings, int samples, DataForm data)
    {
        RequireLayout(settings, data.SampleShape);
        var options = new ModelOptions(samples, data.SampleShape, data.ClassCount, settings.Get(SettingCatalogue.Seed))
        {
            Hidden = settings.Get(SettingCatalogue.Hidden),
            Channels = settings.Get(SettingCatalogue.Channels),
            Layers = settings.Get(SettingCatalogue.Layers),
            Width = settings.Get(SettingCatalogue.Width),
            Heads = settings.Get(SettingCatalogue.Heads),
        };
        try
        {
            return new SourceNetwork<T>(_architecture.Build<T>(options));
        }
        catch (Exception e) when (e is ArgumentException or GraphException or ShapeException)
        {
            // Sizes that were given are what can be wrong here; otherwise it is the samples.
            var given = SettingGroups.ModelSizes.Where(settings.IsSet).Select(settings.OriginOf).ToList();
            throw new UsageException($"{(given.Count == 0 ? Name : string.Join(", ", given))}: {e.Message}");
        }
    }

    /// <summary>Refuses images whose channels come last, where they are taken to come first.</summary>
    private void RequireLayout(Settings settings, Shape sample)
    {
        if (!_architecture.TakesChannels || settings.IsSet(SettingCatalogue.Layout) || sample.Rank != 3) return;
        if (sample[2] is not (1 or 3 or 4) || sample[0] is 1 or 3) return;
        if (sample[0] <= 4 && (sample[0] != sample[1] || sample[0] == sample[2])) return;
        throw new UsageException(
            $"{settings.OriginOf(SettingCatalogue.Data)}: samples of shape {sample} look like [H, W, C], and {Name} "
            + $"takes [C, H, W]; give {SettingCatalogue.Layout.OptionName} NHWC, or NCHW where channels do come first");
    }
}
