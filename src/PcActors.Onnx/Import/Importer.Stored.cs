using PcActors.Functions;

namespace PcActors.Onnx.Import;

/// <content>What vertices are while parameters are as the file has them: operators are set up by that.</content>
internal sealed partial class Importer<T>
{
    private readonly Dictionary<string, ConstantValue> _stored = new(StringComparer.Ordinal);

    /// <summary>What a vertex is while parameters are as the file has them; null when it depends on data.</summary>
    private Lazy<OnnxTensor>? Stored(
        string operatorType, Value[] inputs, Attributes attributes, OnnxElementType type, string name)
    {
        if (inputs.Any(v => v is VertexValue { Stored: null })) return null;
        return new Lazy<OnnxTensor>(() => Folding.Apply<T>(operatorType,
            [.. inputs.Select(v => v is ConstantValue constant ? constant.Tensor : ((VertexValue)v).Stored!.Value)],
            attributes, type, _model.Source, $"'{name}'", Budget));
    }

    /// <summary>A constant of what a vertex is while parameters are as the file has them.</summary>
    private ConstantValue Stored(ImportNode node, VertexValue vertex)
    {
        if (_stored.TryGetValue(vertex.Name, out var known)) return known;
        Say($"{node.What} is set up by '{vertex.Name}' as the file has it; what else reads that, reads what is learnt");
        return _stored[vertex.Name] = new ConstantValue(Unique($"{vertex.Name}/stored"), vertex.Stored!.Value.Copied());
    }
}
