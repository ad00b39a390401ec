namespace PcActors.Onnx.Rewriting;

/// <summary>A vertex as a product: a number times other vertices, in whatever order they were multiplied.</summary>
internal sealed class Factors
{
    // A product of more is none that a rule looks for.
    private const int Most = 8;

    private readonly List<RewritableVertex> _others = [];
    private readonly List<RewritableVertex> _inner = [];

    private Factors()
    {
    }

    /// <summary>The product of all its numbers.</summary>
    public double Scale { get; private set; } = 1;

    /// <summary>What is multiplied with it; a square is there twice.</summary>
    public IReadOnlyList<RewritableVertex> Others => _others;

    /// <summary>The products of which the whole is made, without itself.</summary>
    public IReadOnlyList<RewritableVertex> Inner => _inner;

    /// <summary>The product that a vertex is. What has more than one reader is a factor as it is: a value that a
    /// pattern reads at two places, say.</summary>
    public static Factors Of(RewritableVertex vertex)
    {
        var factors = new Factors();
        if (!factors.Open(vertex)) factors._others.Add(vertex);
        return factors;
    }

    /// <summary>The other one of two factors; null where there are more or fewer, or this one is none.</summary>
    public RewritableVertex? Beside(RewritableVertex one) =>
        _others.Count != 2 ? null : _others[0] == one ? _others[1] : _others[1] == one ? _others[0] : null;

    /// <summary>How often a vertex is a factor, if nothing else is; -1 otherwise.</summary>
    public int PowerOf(RewritableVertex one) => _others.TrueForAll(o => o == one) ? _others.Count : -1;

    private void Add(RewritableVertex vertex)
    {
        if (vertex.HasOneReader && _others.Count < Most && Open(vertex)) _inner.Add(vertex);
        else _others.Add(vertex);
    }

    private bool Open(RewritableVertex vertex)
    {
        if (Patterns.Scaled(vertex) is var (scaled, number))
        {
            Scale *= number;
            Add(scaled);
            return true;
        }
        if (vertex.Is("Pow") && Patterns.WithNumber(vertex, "Pow") is (var powered, var power) && power is 2 or 3)
        {
            for (var i = 0; i < power; i++) _others.Add(powered);
            return true;
        }
        if (!vertex.Is("Mul") || !Patterns.IsOfShape(vertex.Inputs, vertex.Shape)) return false;
        foreach (var input in vertex.Inputs) Add(input);
        return true;
    }
}
