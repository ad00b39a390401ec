using PcActors.Functions;

namespace PcActors.Onnx.Rewriting;

/// <summary>A way to say the same with fewer vertices.</summary>
/// <param name="name">Its name, for options and reports.</param>
/// <param name="summary">What it makes of what, in a line.</param>
/// <param name="lastOperators">The operators with which its pattern ends.</param>
internal abstract class RewriteRule(string name, string summary, params string[] lastOperators)
{
    /// <summary>Its name, for options and reports.</summary>
    public string Name => name;

    /// <summary>What it makes of what, in a line.</summary>
    public string Summary => summary;

    /// <summary>The operators with which its pattern ends.</summary>
    public IReadOnlyList<string> LastOperators => lastOperators;

    /// <summary>Whether it is tried when no other rule finds anything more: it takes what others would have seen a
    /// pattern in.</summary>
    public virtual bool ComesLast => false;

    /// <summary>What takes the pattern's place; null where it is not there.</summary>
    /// <remarks>A rule looks at operators, attributes, shapes and numbers alone. That inner values have no other
    /// reader, and that nothing that learns is lost, is seen to by <see cref="Rewriter"/>.</remarks>
    /// <param name="last">The vertex at the pattern's end.</param>
    public abstract Replacement? Find(RewritableVertex last);
}

/// <summary>What takes a pattern's place.</summary>
internal sealed record Replacement
{
    /// <summary>The operator that the last vertex has from now on; empty when its readers read the only input instead.
    /// </summary>
    public string Operator { get; private init; } = "";

    /// <summary>Its attributes.</summary>
    public Attributes Attributes { get; private init; } = Attributes.Empty;

    /// <summary>What it reads. Vertices that are new here have a name that stands for what they are to it.</summary>
    public required IReadOnlyList<RewritableVertex> Inputs { get; init; }

    /// <summary>Vertices among those that it reads that were there before, and read a part of the pattern for it.
    /// </summary>
    public IReadOnlyCollection<RewritableVertex> Through { get; init; } = [];

    /// <summary>The vertices before the last one that go: none may have a reader outside.</summary>
    public IReadOnlyCollection<RewritableVertex> Inner { get; init; } = [];

    /// <summary>Another function in the last one's place.</summary>
    public static Replacement By(string operatorType, Attributes attributes,
        IReadOnlyCollection<RewritableVertex> inner, params IReadOnlyList<RewritableVertex> inputs) =>
        new() { Operator = operatorType, Attributes = attributes, Inner = inner, Inputs = inputs };

    /// <summary>Nothing in its place: what reads it reads another.</summary>
    public static Replacement Nothing(RewritableVertex other) => new() { Inputs = [other] };
}
