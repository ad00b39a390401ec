using System.Globalization;
using PcActors.Onnx.Rewriting;

namespace PcNode.Networks;

/// <summary>What was put together when a model file was read, in words.</summary>
internal static class RewritingNotice
{
    /// <summary>The vertices that stand for several nodes, by the rules that found them.</summary>
    public static IReadOnlyList<IGrouping<string, string>> ByRule(IReadOnlyList<RewrittenVertex> rewritten) =>
        [.. rewritten.GroupBy(v => v.Rule, v => v.Vertex).OrderBy(rule => rule.Key, StringComparer.Ordinal)];

    /// <summary>A line on how many each rule found, where any did.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<RewrittenVertex> rewritten)
    {
        if (rewritten.Count == 0) yield break;
        var rules = ByRule(rewritten).Select(
            rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Key} {rule.Count():#,0}"));
        yield return $"nodes put together: {string.Join(", ", rules)} (--rewrite none keeps each a vertex)";
    }
}
