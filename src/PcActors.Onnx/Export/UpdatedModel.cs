using System.Numerics;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Onnx.Export;

/// <summary>An imported model with new values of its parameters.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class UpdatedModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<TensorContent> _contents = [];

    /// <summary>Copies the model.</summary>
    /// <param name="imported">The model.</param>
    /// <param name="parameters">The parameters' values.</param>
    /// <param name="path">The file that is written, for messages.</param>
    /// <exception cref="OnnxException">A parameter is missing or has another shape.</exception>
    public UpdatedModel(ImportedModel<T> imported, IReadOnlyDictionary<string, Tensor<T>> parameters, string path)
    {
        Model = imported.Model.Proto.Clone();
        foreach (var tensor in Model.Graph.Initializer)
        {
            if (!imported.Parameters.TryGetValue(tensor.Name, out var vertex))
                KeepExternal(tensor, imported.Model.File);
            else
            {
                var value = parameters.GetValueOrDefault(tensor.Name)
                    ?? throw new OnnxException(path, $"the parameter '{tensor.Name}' has no value to be written");
                if (!value.Shape.Equals(vertex.Shape))
                    throw new OnnxException(path,
                        $"the value of the parameter '{tensor.Name}' has the shape {value.Shape}",
                        $"it must be {vertex.Shape}");
                _contents.Add(TensorContent.Of(tensor, value));
            }
        }
        foreach (var node in Model.Graph.Node) KeepExternal(node, imported.Model.File);
    }

    public ModelProto Model { get; }

    public IReadOnlyList<TensorContent> Contents => _contents;

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
