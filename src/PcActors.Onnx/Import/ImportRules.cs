using PcActors.Functions;
using PcActors.Onnx.Expansion;
using PcActors.Onnx.Import.Rules;

namespace PcActors.Onnx.Import;

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
        .. OperatorCatalogue.Onnx.Where(n => !n.Contains(':', StringComparison.Ordinal)).Concat(OnnxOperators.Rewritten).Order(StringComparer.Ordinal),
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
