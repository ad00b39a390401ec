using PcActors.Onnx.Rewriting;
using PcNode.Networks;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>What was put together when a model file was read.</summary>
internal static class RewritingReport
{
    private const string Key = "rewritten";
    private const string Name = "rewritten";

    /// <summary>A line for each rule that found something; for programs the vertices of each.</summary>
    /// <param name="rewritten">The vertices; null for a network that is no model file.</param>
    /// <param name="rules">The rules that were asked for; null for all.</param>
    public static IEnumerable<Fact> Of(IReadOnlyList<RewrittenVertex>? rewritten, IReadOnlyList<string>? rules)
    {
        var byRule = RewritingNotice.ByRule(rewritten ?? []);
        yield return new Fact(Key, rewritten is null
            ? null
            : byRule.Select(rule => new (string, object?)[]
            {
                ("rule", rule.Key), ("count", rule.Count()), ("vertices", rule.ToList()),
            }).ToList());
        if (rewritten is null) yield break;
        if (byRule.Count == 0)
        {
            yield return new Fact(null, Name, null,
                rules is [] ? "nothing: --rewrite none leaves each node of the file a vertex" : "nothing");
        }
        foreach (var (place, rule) in byRule.Index())
            yield return new Fact(null, place == 0 ? Name : "", null, $"{rule.Key}: {rule.Count():#,0}");
    }
}
