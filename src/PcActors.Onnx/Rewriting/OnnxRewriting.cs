namespace PcActors.Onnx.Rewriting;

/// <summary>How an import puts together what exporters take apart.</summary>
public static class OnnxRewriting
{
    /// <summary>The rules, by name, in the order in which they are tried.</summary>
    public static IReadOnlyList<OnnxRewriteRule> Rules { get; } =
        [.. RewriteRules.All.Select(rule => new OnnxRewriteRule(rule.Name, rule.Summary))];
}

/// <summary>A rule by which nodes are put together.</summary>
/// <param name="Name">Its name, for <see cref="OnnxImportOptions.Rewrite"/>.</param>
/// <param name="Summary">What it makes of what, in a line.</param>
public sealed record OnnxRewriteRule(string Name, string Summary);
