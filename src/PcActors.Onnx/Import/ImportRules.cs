using PcActors.Functions;
using PcActors.Onnx.Import.Expansion;
using PcActors.Onnx.Import.Rules;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>What an import rule does with a node.</summary>
internal interface IEmitter
{
    /// <summary>How the model is made one for several samples; null where it need not be.</summary>
    Widening? Widening { get; }

    /// <summary>Whether anything needs this output.</summary>
    bool IsRead(string output);

    /// <summary>Imports the node, as its rule has left it, as the operator that it is.</summary>
    /// <exception cref="OnnxException">There is no such function, or the node does not fit it.</exception>
    void Import(ImportNode node);

    /// <summary>Applies an operator: at once when all of its inputs are constant, and as a vertex otherwise.</summary>
    /// <param name="operatorType">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="name">The vertex's name.</param>
    /// <param name="type">The type of the elements; null for what the operator gives.</param>
    Value Apply(string operatorType, ReadOnlySpan<Value> inputs, Attributes attributes, string name,
        OnnxElementType? type = null);

    /// <summary>A name for a vertex that a node needs beside its outputs: this one, or a similar one
    /// when the model has it.</summary>
    string Unique(string name);

    /// <summary>Makes a value known by its name, for the nodes that read it.</summary>
    void Define(Value value);

    /// <summary>Imports the graph that a node holds, once.</summary>
    /// <param name="node">The node.</param>
    /// <param name="body">The graph.</param>
    /// <param name="inputs">What its inputs are.</param>
    /// <param name="prefix">What its values are named after.</param>
    /// <param name="wanted">The names that its outputs should have, by position; <see cref="BodyScope.Any"/> for any,
    /// and empty where nobody reads one.</param>
    /// <returns>Its outputs; null where nobody reads one.</returns>
    Value?[] Expand(ImportNode node, GraphProto body, IReadOnlyList<Value> inputs, string prefix,
        IReadOnlyList<string> wanted);

    /// <summary>What the import may still make.</summary>
    ImportBudget Budget { get; }

    /// <summary>Tells the model's reader what was done to it.</summary>
    void Say(string notice);
}

/// <summary>How operators are imported that are not imported as they are.</summary>
internal static class ImportRules
{
    // An operator that has a function here, with the same attributes in all versions, needs no line.
    private static readonly Dictionary<string, Action<ImportNode, IEmitter>> Rules = new(StringComparer.Ordinal)
    {
        ["Add"] = BroadcastRules.Binary,
        ["AffineGrid"] = ImageRules.AffineGrid,
        ["And"] = BroadcastRules.Binary,
        ["Attention"] = AttentionExpansion.Import,
        ["BatchNormalization"] = VersionRules.BatchNormalization,
        ["Bernoulli"] = RandomRule.Import,
        ["BlackmanWindow"] = SignalRules.BlackmanWindow,
        ["Cast"] = CastRules.Cast,
        ["CastLike"] = CastRules.CastLike,
        ["CausalConvWithState"] = CacheRules.CausalConv,
        ["CenterCropPad"] = ImageRules.CenterCropPad,
        ["Clip"] = VersionRules.Clip,
        ["Col2Im"] = ImageRules.Col2Im,
        ["Compress"] = SelectionRules.Compress,
        ["Constant"] = ConstantRules.Constant,
        ["ConcatFromSequence"] = SequenceRules.Concat,
        ["ConstantOfShape"] = ConstantRules.ConstantOfShape,
        ["ConvInteger"] = QuantizationRules.ConvInteger,
        ["DeformConv"] = DetectionRules.DeformConv,
        ["DequantizeLinear"] = QuantizationRules.Dequantize,
        ["DFT"] = SignalRules.Dft,
        ["Div"] = BroadcastRules.Binary,
        ["Dropout"] = VersionRules.Dropout,
        ["DynamicQuantizeLinear"] = QuantizationRules.DynamicQuantize,
        ["EyeLike"] = CastRules.EyeLike,
        ["Equal"] = BroadcastRules.Binary,
        ["Gemm"] = BroadcastRules.Gemm,
        ["Greater"] = BroadcastRules.Binary,
        ["Identity"] = SequenceRules.Identity,
        ["If"] = IfRule.Import,
        ["Gather"] = SelectionRules.Indexed,
        ["GatherElements"] = SelectionRules.Indexed,
        ["GlobalLpPool"] = VersionRules.GlobalLpPool,
        ["GridSample"] = ImageRules.GridSample,
        ["GroupNormalization"] = VersionRules.GroupNormalization,
        ["GRU"] = GruExpansion.Import,
        ["HammingWindow"] = SignalRules.HammingWindow,
        ["HannWindow"] = SignalRules.HannWindow,
        ["Hardmax"] = HardmaxRule.Import,
        ["LayerNormalization"] = LayerNormalizationRule.Import,
        ["Less"] = BroadcastRules.Binary,
        ["LinearAttention"] = LinearAttentionExpansion.Import,
        ["LogSoftmax"] = SoftmaxRule.Import,
        ["Loop"] = LoopRule.Import,
        ["LSTM"] = LstmExpansion.Import,
        ["MatMulInteger"] = QuantizationRules.MatMulInteger,
        ["MaxUnpool"] = ImageRules.MaxUnpool,
        ["Mul"] = BroadcastRules.Binary,
        ["Multinomial"] = RandomRule.Import,
        ["NonMaxSuppression"] = DetectionRules.NonMaxSuppression,
        ["NonZero"] = ConstantRules.NonZero,
        ["Optional"] = SequenceRules.Element,
        ["OptionalGetElement"] = SequenceRules.Element,
        ["OptionalHasElement"] = SequenceRules.HasElement,
        ["Or"] = BroadcastRules.Binary,
        ["Pad"] = VersionRules.Pad,
        ["Pow"] = BroadcastRules.Binary,
        ["PRelu"] = BroadcastRules.PRelu,
        ["QLinearConv"] = QuantizationRules.Conv,
        ["QLinearMatMul"] = QuantizationRules.MatMul,
        ["QuantizeLinear"] = QuantizationRules.Quantize,
        ["RandomNormal"] = RandomRule.OfShape,
        ["RandomNormalLike"] = RandomRule.Import,
        ["RandomUniform"] = RandomRule.OfShape,
        ["RandomUniformLike"] = RandomRule.Import,
        ["Range"] = ConstantRules.Range,
        ["Resize"] = ResizeRules.Resize,
        ["ReverseSequence"] = SelectionRules.ReverseSequence,
        ["RMSNormalization"] = LayerNormalizationRule.ImportRms,
        ["RoiAlign"] = DetectionRules.RoiAlign,
        ["RNN"] = RnnExpansion.Import,
        ["Scan"] = ScanRule.Import,
        ["RotaryEmbedding"] = RotaryExpansion.Import,
        ["Scatter"] = VersionRules.Scatter,
        ["ScatterElements"] = SelectionRules.Indexed,
        ["SequenceAt"] = SequenceRules.At,
        ["SequenceConstruct"] = SequenceRules.Construct,
        ["SequenceEmpty"] = SequenceRules.Empty,
        ["SequenceErase"] = SequenceRules.Erase,
        ["SequenceInsert"] = SequenceRules.Insert,
        ["SequenceLength"] = SequenceRules.Length,
        ["SequenceMap"] = SequenceRules.Map,
        ["Shape"] = ConstantRules.Shape,
        ["Size"] = ConstantRules.Size,
        ["Softmax"] = SoftmaxRule.Import,
        ["SoftmaxCrossEntropyLoss"] = LossRule.Import,
        ["Split"] = SplitRule.Import,
        ["SplitToSequence"] = SequenceRules.Split,
        ["STFT"] = SignalRules.Stft,
        ["Sub"] = BroadcastRules.Binary,
        ["SwiGLU"] = CacheRules.SwiGlu,
        ["TensorScatter"] = CacheRules.TensorScatter,
        ["Unique"] = SelectionRules.Unique,
        ["Upsample"] = ResizeRules.Upsample,
        ["Xor"] = BroadcastRules.Binary,
    };

    /// <summary>The operators that can be imported, in ordinal order.</summary>
    public static IReadOnlyList<string> Supported { get; } =
    [
        .. OperatorCatalogue.Onnx.Where(n => !n.Contains(':', StringComparison.Ordinal)).Concat(OnnxOperators.Rewritten)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Imports a node.</summary>
    /// <exception cref="OnnxException">The operator is not supported, or the node does not fit it.</exception>
    public static void Import(ImportNode node, IEmitter emitter)
    {
        SequenceValue.RequireNone(node);
        if (Rules.TryGetValue(node.OperatorType, out var rule)) rule(node, emitter);
        else emitter.Import(node);
    }

    /// <summary>The exception for an operator that is not there.</summary>
    public static OnnxException Unsupported(ImportNode node) => node.Error(
        $"the operator '{node.OperatorType}' is not supported", NearNames.Of(node.OperatorType, Supported) is var near
            && near.Count > 0
            ? $"similar ones that are: {string.Join(", ", near)}; docs/operators.md lists all"
            : "docs/operators.md lists those that are");
}

/// <summary>A value of the model during its import: known already, or predicted by a vertex.</summary>
/// <param name="Name">Its name in the model, and the vertex's.</param>
/// <param name="Type">The type of its elements in the model.</param>
/// <param name="Shape">Its extents.</param>
internal abstract record Value(string Name, OnnxElementType Type, Shape Shape);

/// <summary>A value that depends neither on data nor on a trainable parameter. It becomes a vertex
/// only if one reads it.</summary>
internal sealed record ConstantValue(string Name, OnnxTensor Tensor) : Value(Name, Tensor.Type, Tensor.Shape);

/// <summary>The value of a vertex.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements in the model.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="Stored">What it is while parameters are as the file has them; null when it depends on data.</param>
internal sealed record VertexValue(string Name, OnnxElementType Type, Shape Shape, Lazy<OnnxTensor>? Stored = null)
    : Value(Name, Type, Shape);
