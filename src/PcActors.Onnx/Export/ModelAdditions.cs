using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Export;

/// <summary>Adds to a model what is done to data before it and after it, and what is told of it.</summary>
internal sealed class ModelAdditions
{
    // Before it, what is broadcast had to be said.
    private const int OpsetOfBroadcasting = 7;

    private readonly ModelProto _model;
    private readonly string _path;
    private readonly HashSet<string> _names;

    private ModelAdditions(ModelProto model, string path)
    {
        (_model, _path) = (model, path);
        _names = [.. NamesOf(model.Graph)];
    }

    /// <summary>Adds it.</summary>
    /// <param name="model">The model, whole.</param>
    /// <param name="graph">The network that it is of: the shapes of inputs and of the output.</param>
    /// <param name="options">What is added.</param>
    /// <param name="path">The file that is written, for messages.</param>
    /// <exception cref="OnnxException">An input that is to be standardised is not there, or is none of floats; or a
    /// number is none that its type can hold.</exception>
    public static void Add<T>(ModelProto model, Graph<T> graph, OnnxExportOptions options, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var additions = new ModelAdditions(model, path);
        foreach (var (name, standardization) in options.Inputs)
        {
            var leaf = graph.DataLeaves.FirstOrDefault(v => v.Name == name)
                ?? throw new OnnxException(path, $"the model has no input '{name}', which was to be standardised");
            additions.AddAtInput(name, leaf.Shape.Dimensions[1..].ToArray(), standardization);
        }
        if (options.Output is { } output)
            additions.AddAtOutput(graph.Root.Name, graph.Root.Shape.Dimensions[1..].ToArray(), output);
        foreach (var (key, value) in options.Metadata)
        {
            var entry = model.MetadataProps.FirstOrDefault(p => p.Key == key);
            if (entry is null) model.MetadataProps.Add(entry = new StringStringEntryProto { Key = key });
            entry.Value = value;
        }
    }

    private void AddAtInput(string name, int[] sample, Standardization standardization)
    {
        var type = TypeOf(_model.Graph.Input, name);
        var (centered, standardized) = (Unique($"{name}/centered"), Unique($"{name}/standardized"));
        Redirect(_model.Graph, name, standardized, outputs: false);
        var added = new[]
        {
            Constant($"{name}/mean", type, standardization.Mean, sample, out var mean),
            Constant($"{name}/scale", type, standardization.Scale, sample, out var scale),
            Binary("Sub", name, mean, centered), Binary("Mul", centered, scale, standardized),
        };
        for (var i = 0; i < added.Length; i++) _model.Graph.Node.Insert(i, added[i]);
    }

    private void AddAtOutput(string name, int[] sample, Standardization standardization)
    {
        var type = TypeOf(_model.Graph.Output, name);
        var (standardized, scaled) = (Unique($"{name}/standardized"), Unique($"{name}/scaled"));
        Redirect(_model.Graph, name, standardized, outputs: true);
        _model.Graph.Node.Add(
            Constant($"{name}/deviation", type, [.. standardization.Scale.Select(s => 1 / s)], sample,
                out var deviation));
        _model.Graph.Node.Add(Constant($"{name}/mean", type, standardization.Mean, sample, out var mean));
        _model.Graph.Node.Add(Binary("Mul", standardized, deviation, scaled));
        _model.Graph.Node.Add(Binary("Add", scaled, mean, name));
    }

    /// <summary>Gives a value another name where it is read, and where it is made, if asked.</summary>
    private static void Redirect(GraphProto graph, string name, string other, bool outputs)
    {
        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                if (node.Input[i] == name) node.Input[i] = other;
            }
            for (var i = 0; outputs && i < node.Output.Count; i++)
            {
                if (node.Output[i] == name) node.Output[i] = other;
            }
            // The bodies of If and Loop read what is around them.
            foreach (var body in BodiesOf(node)) Redirect(body, name, other, outputs: false);
        }
    }

    private static IEnumerable<GraphProto> BodiesOf(NodeProto node) =>
        node.Attribute.SelectMany(a => a.G is null ? a.Graphs : a.Graphs.Append(a.G));

    private static IEnumerable<string> NamesOf(GraphProto graph) =>
    [
        .. graph.Input.Concat(graph.Output).Concat(graph.ValueInfo).Select(v => v.Name),
        .. graph.Initializer.Select(t => t.Name),
        .. graph.Node.SelectMany(n => n.Input.Concat(n.Output).Append(n.Name).Concat(BodiesOf(n).SelectMany(NamesOf))),
    ];

    private OnnxElementType TypeOf(IEnumerable<ValueInfoProto> values, string name) =>
        values.FirstOrDefault(v => v.Name == name)?.Type?.TensorType is { } tensor
            && ElementTypes.TryParse(tensor.ElemType, out var type) && type.IsFloat()
            ? type
            : throw new OnnxException(_path, $"the values of '{name}' are no floats, and cannot be standardised");

    private NodeProto Constant(string name, OnnxElementType type, IReadOnlyList<double> values, int[] sample,
        out string output)
    {
        var tensor = new TensorProto { Name = output = Unique(name), DataType = (int)type };
        // One number is a scalar, which everything broadcasts with; others have the shape of a sample.
        if (values.Count > 1) tensor.Dims.Add(sample.Select(d => (long)d));
        tensor.RawData = Google.Protobuf.ByteString.CopyFrom(ElementCodec.Encode<double>(type, values.ToArray()));
        return new NodeProto
        {
            OpType = "Constant",
            Name = output,
            Output = { output },
            Attribute =
            {
                new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = tensor },
            },
        };
    }

    private NodeProto Binary(string operatorType, string one, string other, string output)
    {
        var node = new NodeProto
        {
            OpType = operatorType,
            // No two nodes may have one name, and what makes the output has that of the output already.
            Name = Unique($"{output}/{operatorType}"),
            Output = { output },
            Input = { one, other },
        };
        if ((ModelCheck.DefaultOpset(_model) ?? OpsetOfBroadcasting) < OpsetOfBroadcasting)
            node.Attribute.Add(AttributeWriter.Write(operatorType, "broadcast", 1L));
        return node;
    }

    private string Unique(string name)
    {
        while (!_names.Add(name)) name += "'";
        return name;
    }
}
