using PcActors.Graphs;
using PcActors.Models;
using PcActors.Tensors;
using PcNode.Configuration;
using PcNode.Experiments;

namespace PcNode.Networks;

/// <summary>A built-in model, drawn for a data set.</summary>
/// <param name="name">Its name in <see cref="ModelCatalogue"/>.</param>
internal sealed class BuiltInSource(string name) : NetworkSource(name)
{
    public override bool IsFittedToData => true;

    protected override IEnumerable<(Setting, string)> Unheeded => OnnxSource.OwnSettings.Select(s => (s, "model files, *.onnx"));

    public override SourceNetwork<T> Build<T>(Experiment experiment, DataForm data)
    {
        var options = new ModelOptions(experiment.MicroBatchSize, data.SampleShape, data.ClassCount, experiment.Seed)
        {
            Hidden = experiment.Hidden,
        };
        try
        {
            return new SourceNetwork<T>(ModelCatalogue.Build<T>(Name, options));
        }
        catch (Exception e) when (e is ArgumentException or GraphException or ShapeException)
        {
            throw new UsageException(experiment.Hidden is null
                ? $"{Name}: {e.Message}"
                : $"{experiment.Settings.OriginOf(SettingCatalogue.Hidden)}: {e.Message}");
        }
    }
}
