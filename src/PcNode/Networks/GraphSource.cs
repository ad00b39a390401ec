using PcNode.Configuration;

namespace PcNode.Networks;

/// <summary>A network that an experiment file defines.</summary>
internal sealed class GraphSource(string file, GraphSection graph) : NetworkSource(file)
{
    protected override IEnumerable<(Setting, string)> Unheeded =>
    [
        .. SettingGroups.ModelSizes.Select(s => (s, "built-in models")), .. SettingGroups.ModelFile.Select(s => (s, "model files, *.onnx")),
    ];

    public override SourceNetwork<T> Build<T>(Settings settings, int samples, DataForm data) =>
        new(graph.Build<T>(samples, settings.Get(SettingCatalogue.Seed)));
}
