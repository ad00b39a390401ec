using PcNode.Configuration;
using PcNode.Experiments;

namespace PcNode.Networks;

/// <summary>A network that an experiment file defines.</summary>
internal sealed class GraphSource(string file, GraphSection graph) : NetworkSource(file)
{
    protected override IEnumerable<(Setting, string)> Unheeded =>
    [
        .. SettingCatalogue.ModelSizes.Select(s => (s, "built-in models")), .. OnnxSource.OwnSettings.Select(s => (s, "model files, *.onnx")),
    ];

    public override SourceNetwork<T> Build<T>(Experiment experiment, DataForm data) =>
        new(graph.Build<T>(experiment.ShardSize, experiment.Seed));
}
