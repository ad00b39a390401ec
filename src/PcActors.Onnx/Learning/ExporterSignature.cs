using Google.Protobuf.Collections;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Learning;

/// <summary>What the exporter of a file says of its tensors: PyTorch's newer exporter writes of each whether it is a
/// parameter or a buffer.</summary>
internal sealed class ExporterSignature
{
    private const string Key = "pkg.torch.export.graph_signature.InputSpec.kind";

    private readonly Dictionary<string, string> _kinds = new(StringComparer.Ordinal);

    /// <summary>Reads it, wherever the file has it.</summary>
    public ExporterSignature(GraphProto graph)
    {
        foreach (var value in graph.ValueInfo.Concat(graph.Input)) Add(value.Name, value.MetadataProps);
        foreach (var tensor in graph.Initializer) Add(tensor.Name, tensor.MetadataProps);
    }

    /// <summary>Whether the file says that a tensor is a parameter; null when it says nothing of it.</summary>
    public bool? IsParameter(string name) =>
        _kinds.TryGetValue(name, out var kind) ? kind == "PARAMETER" : null;

    /// <summary>What the file says that a tensor is.</summary>
    public string KindOf(string name) => _kinds[name];

    private void Add(string name, RepeatedField<StringStringEntryProto> metadata)
    {
        // Written as the member of an enumeration, with or without that one's name.
        if (metadata.FirstOrDefault(m => m.Key == Key)?.Value is { } kind)
            _kinds[name] = kind[(kind.LastIndexOf('.') + 1)..].ToUpperInvariant();
    }
}
