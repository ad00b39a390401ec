using PcActors.Functions;
using PcActors.Onnx.Expansion;
using PcActors.Onnx.Import.Rules;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>What an import rule does with a node.</summary>
internal interface IEmitter
{
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
}

/// <summary>How operators are imported that are not imported as they are.</summary>
internal static class ImportRules
{
    // An operator that has a function here, with the same attributes in all versions, needs no line.
    private static readonly Dictionary<string, Action<ImportNode, IEmitter>> Rules = new(StringComparer.Ordinal)
    {
        ["Add"] = BroadcastRules.Binary,
        ["And"] = BroadcastRules.Binary,
        ["BatchNormalization"] = VersionRules.BatchNormalization,
        ["Cast"] = CastRules.Cast,
        ["CastLike"] = CastRules.CastLike,
        ["Clip"] = VersionRules.Clip,
        ["Constant"] = ConstantRules.Constant,
        ["ConstantOfShape"] = ConstantRules.ConstantOfShape,
        ["Div"] = BroadcastRules.Binary,
        ["Dropout"] = VersionRules.Dropout,
        ["EyeLike"] = CastRules.EyeLike,
        ["Equal"] = BroadcastRules.Binary,
        ["Gemm"] = BroadcastRules.Gemm,
        ["Greater"] = BroadcastRules.Binary,
        ["GroupNormalization"] = VersionRules.GroupNormalization,
        ["GRU"] = GruExpansion.Import,
        ["LayerNormalization"] = LayerNormalizationRule.Import,
        ["Less"] = BroadcastRules.Binary,
        ["LogSoftmax"] = SoftmaxRule.Import,
        ["LSTM"] = LstmExpansion.Import,
        ["Mul"] = BroadcastRules.Binary,
        ["NonZero"] = ConstantRules.NonZero,
        ["Or"] = BroadcastRules.Binary,
        ["Pad"] = VersionRules.Pad,
        ["Pow"] = BroadcastRules.Binary,
        ["PRelu"] = BroadcastRules.PRelu,
        ["Range"] = ConstantRules.Range,
        ["Resize"] = ResizeRules.Resize,
        ["RNN"] = RnnExpansion.Import,
        ["Scatter"] = VersionRules.Scatter,
        ["Shape"] = ConstantRules.Shape,
        ["Size"] = ConstantRules.Size,
        ["Softmax"] = SoftmaxRule.Import,
        ["SoftmaxCrossEntropyLoss"] = LossRule.Import,
        ["Split"] = SplitRule.Import,
        ["Sub"] = BroadcastRules.Binary,
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
        if (Rules.TryGetValue(node.OperatorType, out var rule)) rule(node, emitter);
        else emitter.Import(node);
    }

    /// <summary>The exception for an operator that is not there.</summary>
    public static OnnxException Unsupported(ImportNode node) => node.Error(
        $"the operator '{node.OperatorType}' is not supported", $"supported are {string.Join(", ", Supported)}");
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
internal sealed record VertexValue(string Name, OnnxElementType Type, Shape Shape) : Value(Name, Type, Shape);
