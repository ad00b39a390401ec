using PcActors.Functions;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>x / sqrt(mean(x^2) + epsilon) over the last axes, as a quotient or as a product with the reciprocal, and
/// what scales it: a scale of the shape of those axes.</summary>
/// <remarks>What exporters leave of conversions between types of floats, which is an Identity here, may stand between.
/// </remarks>
internal sealed class RmsNormalizationRule() : RewriteRule("rms-normalization",
    "RMSNormalization of Pow, ReduceMean, Add, Sqrt, Div or Reciprocal and Mul, Mul", "Mul", "Div")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        if (Normalized(last) is { } whole)
            return Rows.Ones(whole.X.Shape, whole.Axis) is { } ones ? Of(whole, ones) : null;
        foreach (var (product, scale) in Patterns.Operands(last, "Mul"))
        {
            List<RewritableVertex> between = [];
            if (Normalized(Add(between, Behind(product, between))) is { } core
                && Rows.IsParameter(scale, core.X.Shape, core.Axis))
                return Of(core with { Inner = [.. core.Inner, .. between] }, scale);
        }
        return null;
    }

    private static Replacement Of(Core core, RewritableVertex scale) => Replacement.By("RMSNormalization",
        Attributes.Of(("axis", core.Axis - core.X.Shape.Rank), ("epsilon", core.Epsilon)), core.Inner, core.X, scale);

    /// <summary>The normalisation that a vertex is, without itself among the inner ones.</summary>
    private static Core? Normalized(RewritableVertex vertex)
    {
        List<RewritableVertex> inner = [];
        if (vertex is { Operator: "Div", Inputs: [var x, var divisor] })
            return RootOf(Add(inner, divisor), inner) is { } sum ? Of(x, sum, inner) : null;
        foreach (var (factor, other) in Patterns.Operands(vertex, "Mul"))
        {
            inner.Clear();
            if (InverseRootOf(Add(inner, other), inner) is { } sum && Of(factor, sum, inner) is { } core) return core;
        }
        return null;
    }

    private static Core? Of(RewritableVertex x, RewritableVertex sum, List<RewritableVertex> inner)
    {
        if (Patterns.WithNumber(sum, "Add") is not var (added, epsilon) || !(epsilon >= 0)) return null;
        var mean = Add(inner, added);
        if (Rows.MeanAxis(mean) is not { } axis || Rows.SquareOf(Add(inner, mean.Inputs[0])) is not { } squared)
            return null;
        var source = Behind(x, inner);
        return Behind(squared, inner) == source ? new Core(source, axis, epsilon, inner) : null;
    }

    /// <summary>The sum whose root a vertex is.</summary>
    private static RewritableVertex? RootOf(RewritableVertex vertex, List<RewritableVertex> inner) =>
        vertex.Is("Sqrt") ? Add(inner, Behind(vertex.Inputs[0], inner)) : PowerOf(vertex, 0.5, inner);

    /// <summary>The sum of whose root a vertex is the reciprocal.</summary>
    private static RewritableVertex? InverseRootOf(RewritableVertex vertex, List<RewritableVertex> inner) =>
        vertex switch
        {
            { Operator: "Reciprocal", Inputs: [var root] } => RootOf(Add(inner, root), inner),
            { Operator: "Div", Inputs: [{ Number: 1 }, var root] } when root.Shape.Equals(vertex.Shape) =>
                RootOf(Add(inner, root), inner),
            _ => PowerOf(vertex, -0.5, inner),
        };

    private static RewritableVertex? PowerOf(
        RewritableVertex vertex, double exponent, List<RewritableVertex> inner) =>
        Patterns.WithNumber(vertex, "Pow") is var (sum, number) && number == exponent ? Add(inner, sum) : null;

    /// <summary>What comes out of Identities that nobody else reads.</summary>
    private static RewritableVertex Behind(RewritableVertex vertex, List<RewritableVertex> inner)
    {
        while (vertex is { Operator: "Identity", HasOneReader: true }) vertex = Add(inner, vertex).Inputs[0];
        return vertex;
    }

    private static RewritableVertex Add(List<RewritableVertex> inner, RewritableVertex vertex)
    {
        inner.Add(vertex);
        return vertex;
    }

    private sealed record Core(
        RewritableVertex X, int Axis, double Epsilon, IReadOnlyCollection<RewritableVertex> Inner);
}
