namespace PcActors.Onnx.Rewriting;

/// <summary>Goes over a graph from its root to its leaves with rules, until none of them finds anything more.</summary>
/// <remarks>Each replacement leaves fewer functions, so there is an end.</remarks>
/// <param name="rules">The rules, of which the first that finds something counts; those that come last are tried when
/// the others find nothing more.</param>
/// <param name="unique">Makes a name one that nothing else has.</param>
internal sealed class Rewriter(IEnumerable<RewriteRule> rules, Func<string, string> unique)
{
    private readonly List<ILookup<string, RewriteRule>> _stages =
        [ByOperator(rules.Where(rule => !rule.ComesLast)), ByOperator(rules.Where(rule => rule.ComesLast))];

    private readonly List<RewrittenVertex> _done = [];
    private readonly HashSet<RewritableVertex> _gone = [];

    /// <summary>What has been done, in the order of the vertices.</summary>
    public IReadOnlyList<RewrittenVertex> Done => _done;

    /// <summary>Rewrites a graph.</summary>
    /// <param name="vertices">All vertices, each after those that it reads.</param>
    /// <returns>Those that are left, and the new ones before the first that reads them.</returns>
    public IReadOnlyList<RewritableVertex> Apply(IReadOnlyList<RewritableVertex> vertices)
    {
        foreach (var vertex in vertices) vertex.Attach();
        foreach (var stage in _stages) Apply(stage, vertices);
        var places = vertices.Index().ToDictionary(v => v.Item.Name, v => v.Index, StringComparer.Ordinal);
        _done.Sort((a, b) => places[a.Vertex].CompareTo(places[b.Vertex]) is var order and not 0
            ? order
            : string.CompareOrdinal(a.Rule, b.Rule));
        return InOrder(vertices);
    }

    private static ILookup<string, RewriteRule> ByOperator(IEnumerable<RewriteRule> rules) => rules
        .SelectMany(rule => rule.LastOperators.Select(last => (last, rule)))
        .ToLookup(pair => pair.last, pair => pair.rule, StringComparer.Ordinal);

    private void Apply(ILookup<string, RewriteRule> rules, IReadOnlyList<RewritableVertex> vertices)
    {
        for (var changes = 1; changes > 0;)
        {
            changes = 0;
            for (var i = vertices.Count - 1; i >= 0; i--)
            {
                while (Rewrite(rules, vertices[i]) is { } rule)
                {
                    _done.Add(new RewrittenVertex(rule.Name, vertices[i].Name));
                    changes++;
                }
            }
        }
    }

    private RewriteRule? Rewrite(ILookup<string, RewriteRule> rules, RewritableVertex vertex)
    {
        if (vertex.Operator is null || _gone.Contains(vertex)) return null;
        return rules[vertex.Operator].FirstOrDefault(
            rule => rule.Find(vertex) is { } found && IsAllowed(vertex, found) && Replace(vertex, found));
    }

    /// <summary>Whether nobody else reads what goes, and everything that matters is still read.</summary>
    private static bool IsAllowed(RewritableVertex vertex, Replacement found)
    {
        var inside = found.Inner.Append(vertex).ToHashSet();
        if (found.Inner.Any(v => v.IsRoot || v == vertex || v.Readers.Any(r => !inside.Contains(r)))) return false;
        if (found.Operator.Length == 0) return !vertex.IsRoot && found.Inputs[0].Shape.Equals(vertex.Shape);
        // New vertices read for the last one, and so do those that are said to.
        var read = found.Inputs
            .Concat(found.Inputs.Where(IsNew).Concat(found.Through).SelectMany(v => v.Inputs)).ToHashSet();
        return !read.Overlaps(inside)
            && inside.SelectMany(v => v.Inputs).All(v => v.IsConstant || inside.Contains(v) || read.Contains(v));
    }

    // One that nobody reads yet.
    private static bool IsNew(RewritableVertex vertex) => vertex.Readers.Count == 0;

    private bool Replace(RewritableVertex vertex, Replacement found)
    {
        if (found.Operator.Length == 0)
        {
            vertex.GiveReadersTo(found.Inputs[0]);
            Drop(vertex);
            return true;
        }
        var inputs = found.Inputs.Select(v => Added(v, vertex)).ToList();
        var before = vertex.Detach();
        vertex.Become(found.Operator, found.Attributes, inputs);
        foreach (var input in before) DropUnread(input);
        return true;
    }

    /// <summary>A new vertex, and the new ones that it reads, under names of their own; others as they are.</summary>
    private RewritableVertex Added(RewritableVertex vertex, RewritableVertex reader)
    {
        if (!IsNew(vertex)) return vertex;
        var inputs = vertex.Inputs.Select(v => Added(v, reader)).ToList();
        var added = vertex.As(unique($"{reader.Name}/{vertex.Name}"), inputs);
        added.Attach();
        return added;
    }

    private void DropUnread(RewritableVertex vertex)
    {
        if (vertex.Readers.Count == 0 && !vertex.IsRoot && !_gone.Contains(vertex)) Drop(vertex);
    }

    private void Drop(RewritableVertex vertex)
    {
        _gone.Add(vertex);
        foreach (var input in vertex.Detach()) DropUnread(input);
    }

    private List<RewritableVertex> InOrder(IReadOnlyList<RewritableVertex> vertices)
    {
        var (order, taken) = (new List<RewritableVertex>(), new HashSet<RewritableVertex>());
        foreach (var vertex in vertices.Where(v => !_gone.Contains(v))) Take(vertex);
        return order;

        // Only new vertices are not there yet when they are read: this goes one or two calls deep.
        void Take(RewritableVertex vertex)
        {
            if (!taken.Add(vertex)) return;
            foreach (var input in vertex.Inputs) Take(input);
            order.Add(vertex);
        }
    }
}

/// <summary>A vertex of an imported model that stands for several nodes of the file.</summary>
/// <param name="Rule">The name of the rule by which they were put together.</param>
/// <param name="Vertex">The vertex, by the name of what the last of the nodes gives. It is not in the graph where
/// nothing had to take its place, or where another rule has put it together with others since.</param>
public sealed record RewrittenVertex(string Rule, string Vertex);
