using PcActors.Onnx.Rewriting.Rules;

namespace PcActors.Onnx.Rewriting;

/// <summary>The rules, in the order in which they are tried: what is larger comes first.</summary>
internal static class RewriteRules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<RewriteRule> All { get; } =
    [
        new LayerNormalizationRule(), new RmsNormalizationRule(), new GroupNormalizationRule(), new GeluRule(),
        new HardSwishRule(), new SwishRule(), new MishRule(), new SoftplusRule(), new LogSoftmaxRule(),
        new SoftmaxCrossEntropyRule(), new MaskedSoftmaxRule(), new LinearRule(), new ScalingRule(),
        new IdentityRule(), new TransposeRule(), new ReshapeRule(), new LstmCellRule(), new GruCellRule(),
        new ElementwiseChainRule(),
    ];

    /// <summary>Those of some names; all for null.</summary>
    /// <param name="names">The names.</param>
    /// <param name="source">The model's file.</param>
    /// <exception cref="OnnxException">There is no rule of a name.</exception>
    public static IEnumerable<RewriteRule> Of(IReadOnlyCollection<string>? names, string source)
    {
        if (names is null) return All;
        if (names.FirstOrDefault(name => All.All(rule => rule.Name != name)) is { } unknown)
            throw new OnnxException(source, $"there is no rule of rewriting '{unknown}'",
                $"there are {string.Join(", ", All.Select(rule => rule.Name))}");
        return All.Where(rule => names.Contains(rule.Name));
    }
}
