using PcActors.Onnx.Files;
using PcActors.Onnx.Form;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Import;

/// <content>Graphs inside nodes.</content>
internal sealed partial class Importer<T>
{
    private readonly FunctionInlining _functions;
    private readonly Dictionary<GraphProto, Dictionary<string, string>> _bodies =
        new(ReferenceEqualityComparer.Instance);
    private int _unrolled;

    /// <inheritdoc/>
    public Value?[] Expand(ImportNode node, GraphProto body, IReadOnlyList<Value> inputs, string prefix,
        IReadOnlyList<string> wanted)
    {
        if (body.Input.Count != inputs.Count)
            throw node.Error($"its graph has {body.Input.Count} inputs", $"{inputs.Count} are given to it");
        foreach (var input in inputs) _values.TryAdd(input.Name, input);
        if (!_bodies.TryGetValue(body, out var initializers))
            _bodies[body] = initializers = AddInitializers(body, node);
        var scope = new BodyScope(body, inputs, initializers, prefix, wanted, Unique);
        var nodes = Sorting.Sort(_functions.Inline(scope.Nodes, node.Opset), _model.Source);
        var outputs = body.Output.Select((o, i) => wanted[i].Length == 0 ? null : scope.NameOf(o.Name)).ToArray();
        // A loop in a loop grows as a power of their trips, though there may be nothing in it.
        if ((_unrolled += nodes.Count + outputs.Length + 1) > Budget.Limits.Nodes)
            throw node.Error($"what is unrolled comes to over {Budget.Limits.Nodes} nodes", "fewer are read");
        foreach (var inner in _needed.Add(nodes, outputs.OfType<string>())) Import(inner);
        return Array.ConvertAll(outputs,
            name => name is null ? null : ValueOf(name, $"as an output of the graph of {node.What}"));
    }

    /// <summary>Initializers of a graph inside a node: constants, the same ones in every import of it.</summary>
    private Dictionary<string, string> AddInitializers(GraphProto body, ImportNode node)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var proto in body.Initializer)
        {
            var name = names[proto.Name] = Unique($"{node.Prefix}/{proto.Name}");
            var tensor = StoredTensor.Check(proto, $"the initializer '{proto.Name}' of {node.What}", _model.File);
            Define(new ConstantValue(name, OnnxTensor.Stored(tensor, _model.Source)));
        }
        return names;
    }
}
