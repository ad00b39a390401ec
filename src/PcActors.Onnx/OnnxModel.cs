using PcActors.Onnx.Files;
using PcActors.Onnx.Form;
using PcActors.Onnx.Import;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx;

/// <summary>An ONNX model file that has been read and checked. Immutable.</summary>
public sealed class OnnxModel
{
    private readonly Dictionary<string, OnnxTensor> _initializers;

    private OnnxModel(ModelProto proto, ModelFile file, CheckedModel model)
    {
        (Proto, File, Nodes, Notice) = (proto, file, model.Nodes, model.Notice);
        Opset = ModelCheck.DefaultOpset(proto) ?? 0;
        var tensors = proto.Graph.Initializer.Zip(model.Initializers);
        _initializers = tensors.ToDictionary(t => t.First.Name, t => t.Second, StringComparer.Ordinal);
        // Up to IR version 3 the graph's inputs listed its initializers too; later ones may, as defaults.
        Inputs = [.. proto.Graph.Input.Where(i => !_initializers.ContainsKey(i.Name)).Select(Describe)];
        Outputs = [.. proto.Graph.Output.Select(Describe)];
    }

    /// <summary>What messages call it: the file's path.</summary>
    public string Source => File.Source;

    /// <summary>The version of ONNX's operators that it uses.</summary>
    public long Opset { get; }

    /// <summary>What has to be given to the model, without its initializers.</summary>
    public IReadOnlyList<OnnxValue> Inputs { get; }

    /// <summary>What its metadata say, by key: of a file that this library has written, what was done to it.</summary>
    public IReadOnlyDictionary<string, string> Metadata =>
        Proto.MetadataProps.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);

    /// <summary>What it predicts.</summary>
    public IReadOnlyList<OnnxValue> Outputs { get; }

    /// <summary>The names of its initializers of floats, those that may learn, in its order.</summary>
    public IReadOnlyList<string> FloatInitializers =>
        [.. Proto.Graph.Initializer.Select(t => t.Name).Where(name => _initializers[name].Type.CanLearn())];

    /// <summary>The names of everything that may learn: its initializers of floats, and what its Constant nodes
    /// write, where that is more than one float.</summary>
    public IReadOnlyList<string> FloatTensors => [.. FloatInitializers, .. FloatConstants];

    /// <summary>What Constant nodes write, where that is more than one float.</summary>
    internal IEnumerable<string> FloatConstants => Proto.Graph.Node.Where(n => n.OpType == "Constant"
            && n.Output.Count == 1 && n.Attribute is [{ Name: "value", T: { } tensor }]
            && ((OnnxElementType)tensor.DataType).CanLearn()
            && tensor.Dims.Aggregate(1L, (a, b) => unchecked(a * b)) > 1)
        .Select(n => n.Output[0]);

    /// <summary>The inputs that lead to an output.</summary>
    /// <param name="output">The output's name.</param>
    public IReadOnlyList<OnnxValue> InputsOf(string output)
    {
        var needed = new NeededNodes(Nodes, output, Source);
        return [.. Inputs.Where(i => needed.IsRead(i.Name))];
    }

    /// <summary>What its reader should know: that it is of a version that is not known. Null when there is nothing.
    /// </summary>
    public string? Notice { get; }

    /// <summary>The nodes, sorted, with the model's own functions inlined.</summary>
    internal IReadOnlyList<VersionedNode> Nodes { get; }

    internal ModelProto Proto { get; }

    internal ModelFile File { get; }

    internal IReadOnlyDictionary<string, OnnxTensor> Initializers => _initializers;

    /// <summary>Reads a model file; external data is sought in its folder.</summary>
    /// <exception cref="OnnxException">It is no ONNX model, is damaged, or is of a version or uses something
    /// that is not read.</exception>
    public static OnnxModel Load(string path) =>
        Create(ProtoFile.Read(path), new ModelFile(path, Path.GetDirectoryName(Path.GetFullPath(path))));

    /// <summary>Reads a model from a file's bytes; it may not have external data.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="OnnxException">It is no ONNX model, is damaged, or is of a version or uses something
    /// that is not read.</exception>
    public static OnnxModel Parse(ReadOnlySpan<byte> bytes, string source = "model") =>
        Create(bytes, new ModelFile(source, null));

    /// <summary>As the public one, with other limits.</summary>
    internal static OnnxModel Load(string path, ReadingLimits limits) => Create(ProtoFile.Read(path),
        new ModelFile(path, Path.GetDirectoryName(Path.GetFullPath(path))) { Limits = limits });

    /// <summary>As the public one, with other limits.</summary>
    internal static OnnxModel Parse(ReadOnlySpan<byte> bytes, string source, ReadingLimits limits) =>
        Create(bytes, new ModelFile(source, null) { Limits = limits });

    private static OnnxModel Create(ReadOnlySpan<byte> bytes, ModelFile file)
    {
        var proto = ProtoFile.Parse(file.Source, bytes, ModelProto.Parser, "model");
        // Some begin like a message.
        if (!proto.HasIrVersion && ForeignFile.Of(bytes) is { What: { } what } foreign)
            throw new OnnxException(file.Source, $"this is no ONNX model: {what}", foreign.Wanted);
        MergedParameters.TakeApart(proto);
        return new OnnxModel(proto, file, ModelCheck.Check(proto, file));
    }

    private static OnnxValue Describe(ValueInfoProto value)
    {
        var tensor = value.Type?.TensorType;
        return new OnnxValue(
            value.Name,
            tensor is not null && ElementTypes.TryParse(tensor.ElemType, out var type) ? type : null,
            tensor?.Shape is { } shape ? [.. shape.Dim.Select(Describe)] : null)
        {
            Unread = tensor is null ? "it is no tensor" : $"it has {ElementTypes.NameOfUnread(tensor.ElemType)}",
        };
    }

    private static OnnxDimension Describe(TensorShapeProto.Types.Dimension dimension) => dimension.ValueCase switch
    {
        // Some exporters write -1 for an open extent. ModelCheck has refused other negative ones.
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when dimension.DimValue >= 0 =>
            new((int)dimension.DimValue, null),
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when dimension.DimParam.Length > 0 =>
            new(null, dimension.DimParam),
        _ => new(null, null),
    };
}

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements; null when the model does not say, or it is no tensor
/// of a type that is read.</param>
/// <param name="Dimensions">Its extents, outermost first; null when the model does not say.</param>
public sealed record OnnxValue(string Name, OnnxElementType? Type, IReadOnlyList<OnnxDimension>? Dimensions)
{
    /// <summary>What it is instead of a tensor of a type that is read.</summary>
    internal string Unread { get; init; } = "";

    /// <summary>For example <c>x: float[N, 784]</c>.</summary>
    public override string ToString() =>
        $"{Name}: {Type?.Name() ?? "?"}{(Dimensions is null ? "" : $"[{string.Join(", ", Dimensions)}]")}";
}

/// <summary>An extent of an input or output: a number, a symbol that stands for one, or neither.</summary>
/// <param name="Extent">The number; null when it is open.</param>
/// <param name="Symbol">The symbol, such as <c>N</c>; null when there is none.</param>
public readonly record struct OnnxDimension(int? Extent, string? Symbol)
{
    /// <summary>The number, the symbol, or a question mark.</summary>
    public override string ToString() =>
        Extent?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
