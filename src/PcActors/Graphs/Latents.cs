using System.Numerics;

namespace PcActors.Graphs;

/// <summary>Which function vertices hold a value of their own, which inference moves. The others are direct. The root
/// is never among them: its value is the target.</summary>
public sealed class Latents
{
    private readonly IReadOnlyList<string> _names;

    private Latents(string text, params IReadOnlyList<string> names) => (Text, _names) = (text, names);

    /// <summary>Every function vertex that an error has to reach: the paper's network, the only choice that Z-IL
    /// knows.</summary>
    public static Latents Every { get; } = new("every");

    /// <summary>What feeds a product with a trainable weight: one value a layer, after the nonlinearity.</summary>
    public static Latents Activations { get; } = new("activations");

    /// <summary>A product with a trainable weight, with its bias: one value a layer, before the
    /// nonlinearity.</summary>
    public static Latents Products { get; } = new("products");

    /// <summary>None: backpropagation.</summary>
    public static Latents None { get; } = new("none");

    /// <summary>The choice as a person writes it: a word, or names with commas between.</summary>
    public string Text { get; }

    /// <summary>The vertices, where they are chosen by name.</summary>
    internal IReadOnlyList<string> Names => _names;

    /// <summary>Whether vertices are chosen by name.</summary>
    internal bool IsByName => _names.Count > 0;

    /// <summary>Vertices by name.</summary>
    public static Latents Named(params IReadOnlyList<string> names) => new(string.Join(',', names), names);

    /// <summary>Reads <c>every</c>, <c>activations</c>, <c>products</c>, <c>none</c> or names with commas
    /// between.</summary>
    public static Latents Parse(string text) => text switch
    {
        "every" => Every,
        "activations" => Activations,
        "products" => Products,
        "none" => None,
        _ => Named(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
    };

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The same graph with these vertices latent and no others.</summary>
    /// <exception cref="GraphException">A vertex of a name is not there, or cannot be latent; or a cycle would pass
    /// through no latent vertex.</exception>
    public Graph<T> Mark<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // What an error reaches does not depend on which vertices are latent, but in graphs in which nothing can learn.
        var bare = graph.HasLatents ? graph.With(v => v.IsLatent ? v with { IsLatent = false } : v) : graph;
        var chosen = new bool[graph.Vertices.Count];
        foreach (var id in _names.Count > 0 ? ByName(graph) : ByPlace(bare)) chosen[id] = true;
        var marked = bare.With(v => chosen[v.Id] ? v with { IsLatent = true } : v);
        GraphValidation.RequireHeldCycles(marked);
        return marked;
    }

    private IEnumerable<int> ByName<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var name in _names)
        {
            var vertex = graph.Find(name);
            if (vertex.Id == graph.RootId)
                throw new GraphException(
                    $"the vertex '{name}' is the root, whose value is the target; it cannot be latent", name);
            if (vertex.Kind != VertexKind.Function)
                throw new GraphException($"the vertex '{name}' is a leaf; only a vertex with a function can be latent",
                    name);
            yield return vertex.Id;
        }
    }

    private IEnumerable<int> ByPlace<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var candidates = graph.Vertices
            .Where(v => v.Kind == VertexKind.Function && v.Id != graph.RootId && graph.RequiresError(v.Id))
            .Select(v => v.Id).ToHashSet();
        if (this == Every) return candidates;
        if (this == None) return [];
        var products = graph.Vertices.Where(v => IsProduct(graph, v.Id)).Select(v => v.Id).ToList();
        var found = this == Activations
            ? products.SelectMany(id => graph.Inputs(id)).Where(e => graph.DependsOnData(e.From)).Select(e => e.From)
            : products.Select(id => WithBias(graph, id));
        return found.Where(candidates.Contains);
    }

    private static bool IsProduct<T>(Graph<T> graph, int id)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        graph.Vertices[id].Function is { IsProduct: true } && graph.DependsOnData(id)
            && graph.Inputs(id).Any(e => IsWeight(graph, e));

    // What a bias is, too: it learns, and no data leads to it.
    private static bool IsWeight<T>(Graph<T> graph, Edge edge)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        !graph.DependsOnData(edge.From) && graph.RequiresError(edge.From);

    private static int WithBias<T>(Graph<T> graph, int product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        graph.Consumers(product) is [var only] && graph.Vertices[only.To].Function!.OperatorType == "Add"
            && graph.Inputs(only.To).Any(e => e.From != product && IsWeight(graph, e))
            ? only.To
            : product;
}
