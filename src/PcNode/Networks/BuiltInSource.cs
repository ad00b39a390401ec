using PcActors.Graphs;
using PcActors.Models;
using PcActors.Tensors;
using PcNode.Configuration;

namespace PcNode.Networks;

/// <summary>A built-in model, drawn for a data set.</summary>
/// <param name="name">Its name in <see cref="ModelCatalogue"/>.</param>
internal sealed class BuiltInSource(string name) : NetworkSource(name)
{
    private readonly Architecture _architecture = ModelCatalogue.Find(name);

    public override bool IsFittedToData => true;

    public override Shape RandomSample => _architecture.UsualSample;

    protected override IEnumerable<(Setting, string)> Unheeded => SettingGroups.ModelFile.Select(s => (s, "model files, *.onnx"));

    public override Settings Complete(Settings settings)
    {
        settings = base.Complete(settings);
        return settings.Get(SettingCatalogue.Data) == ValueTypes.RandomData
            ? settings.Default(SettingCatalogue.Batch, $"{_architecture.UsualBatch}", Name)
            : settings;
    }

    public override SourceNetwork<T> Build<T>(Settings settings, int samples, DataForm data)
    {
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
}
