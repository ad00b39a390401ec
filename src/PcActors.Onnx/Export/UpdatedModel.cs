using System.Numerics;
using PcActors.Functions;
using PcActors.Onnx.Files;
using PcActors.Onnx.Form;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Onnx.Export;

/// <summary>An imported model with new values of its parameters.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class UpdatedModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<TensorContent> _contents = [];
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>Copies the model.</summary>
    /// <param name="imported">The model.</param>
    /// <param name="parameters">The parameters' values.</param>
    /// <param name="path">The file that is written, for messages.</param>
    /// <exception cref="OnnxException">A parameter is missing, has another shape, or has no place in the file.
    /// </exception>
    public UpdatedModel(ImportedModel<T> imported, IReadOnlyDictionary<string, Tensor<T>> parameters, string path)
    {
        Model = imported.Model.Proto.Clone();
        foreach (var tensor in Model.Graph.Initializer) Update(tensor.Name, tensor);
        foreach (var node in Model.Graph.Node)
        {
            // A Constant node may have been asked to learn.
            if (node.OpType == "Constant" && imported.Changing.ContainsKey(node.Output[0]))
                Update(node.Output[0], ValueOf(node));
            else KeepExternal(node, imported.Model.File);
        }
        // What was computed when the model was read, from what is in it.
        foreach (var name in imported.Changing.Keys.Where(name => !_written.Contains(name)))
        {
            var tensor = new TensorProto { Name = name, DataType = (int)imported.Types[name] };
            tensor.Dims.Add(imported.Changing[name].Shape.Dimensions.ToArray().Select(extent => (long)extent));
            if (!imported.Stored.TryGetValue(name, out var original) || !SetUp(Model.Graph, original, name))
                TakePlace(name, path);
            Model.Graph.Initializer.Add(tensor);
            Update(name, tensor);
        }

        void Update(string name, TensorProto tensor)
        {
            if (!imported.Changing.TryGetValue(name, out var vertex))
            {
                KeepExternal(tensor, imported.Model.File);
                return;
            }
            var value = parameters.GetValueOrDefault(name)
                ?? throw new OnnxException(path, $"the parameter '{name}' has no value to be written");
            if (!value.Shape.Equals(vertex.Shape))
                throw new OnnxException(path, $"the value of the parameter '{name}' has the shape {value.Shape}",
                    $"it must be {vertex.Shape}");
            _contents.Add(TensorContent.Of(tensor, value));
            _written.Add(name);
        }
    }

    public ModelProto Model { get; }

    public IReadOnlyList<TensorContent> Contents => _contents;

    /// <summary>A Constant's tensor; one takes the place of a list or a number.</summary>
    private static TensorProto ValueOf(NodeProto node)
    {
        if (node.Attribute.FirstOrDefault(a => a.T is not null) is { } given) return given.T;
        var tensor = new TensorProto { DataType = (int)OnnxElementType.Float };
        if (node.Attribute.FirstOrDefault(a => a.Name == "value_floats") is { } list)
            tensor.Dims.Add(list.Floats.Count);
        node.Attribute.Clear();
        node.Attribute.Add(new AttributeProto
        {
            Name = "value",
            Type = AttributeProto.Types.AttributeType.Tensor,
            T = tensor,
        });
        return tensor;
    }

    /// <summary>What set operators up is a weight besides: they are set up by a tensor of their own from now
    /// on.</summary>
    private static bool SetUp(GraphProto graph, string original, string name)
    {
        var found = false;
        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                if (node.Input[i] != original
                    || OnnxOperators.Input(node.OpType, i).Kind != InputKind.Setting)
                    continue;
                (node.Input[i], found) = (name, true);
            }
            foreach (var body in VersionedNode.GraphsOf(node)) found |= SetUp(body, original, name);
        }
        return found;
    }

    /// <summary>Nothing else makes the value from now on.</summary>
    private void TakePlace(string name, string path)
    {
        var node = Model.Graph.Node.FirstOrDefault(n => n.Output.Contains(name))
            ?? throw new OnnxException(path, $"the parameter '{name}' is made inside a function or a node's graph",
                "only what the main graph makes can be written");
        if (node.Output.Count == 1) Model.Graph.Node.Remove(node);
        else node.Output[node.Output.IndexOf(name)] = $"{name}/as it was read";
    }

    private void KeepExternal(NodeProto node, ModelFile file)
    {
        foreach (var attribute in node.Attribute)
        {
            if (attribute.T is not null) KeepExternal(attribute.T, file);
            foreach (var tensor in attribute.Tensors) KeepExternal(tensor, file);
            foreach (var graph in attribute.G is null ? attribute.Graphs : attribute.Graphs.Append(attribute.G))
            {
                foreach (var tensor in graph.Initializer) KeepExternal(tensor, file);
                foreach (var inner in graph.Node) KeepExternal(inner, file);
            }
        }
    }

    /// <summary>What lies beside the old file has to move with the new one.</summary>
    private void KeepExternal(TensorProto tensor, ModelFile file)
    {
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
            _contents.Add(TensorContent.Of(tensor, StoredTensor.Check(tensor, $"the tensor '{tensor.Name}'", file)));
    }
}
