using PcActors.Functions;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>(x - m) / sqrt(v + epsilon) over the last axes, with m their mean and v the mean of (x - m)^2, and what
/// scales and shifts it: scale and bias of the shape of those axes.</summary>
internal sealed class LayerNormalizationRule() : RewriteRule("layer-normalization",
    "LayerNormalization of ReduceMean, Sub, Pow, ReduceMean, Add, Sqrt, Div, Mul, Add", "Add", "Mul", "Div")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        if (last.Is("Div"))
        {
            return Normalized(last) is { } bare && Rows.Ones(bare.X.Shape, bare.Axis) is { } ones
                ? Of(bare, last, [], ones, null)
                : null;
        }
        if (last.Is("Mul")) return Scaled(last) is var (core, scale) ? Of(core, last, [], scale, null) : null;
        foreach (var (product, bias) in Patterns.Operands(last, "Add"))
        {
            if (Scaled(product) is var (core, scale) && Rows.IsParameter(bias, core.X.Shape, core.Axis))
                return Of(core, last, [product], scale, bias);
        }
        return null;
    }

    private static Replacement Of(Core core, RewritableVertex last, List<RewritableVertex> inner,
        RewritableVertex scale, RewritableVertex? bias) => Replacement.By("LayerNormalization",
            Attributes.Of(("axis", core.Axis - core.X.Shape.Rank), ("epsilon", core.Epsilon)),
            [.. inner.Concat(core.Inner).Where(v => v != last)],
            bias is null ? [core.X, scale] : [core.X, scale, bias]);

    private static (Core Core, RewritableVertex Scale)? Scaled(RewritableVertex product)
    {
        foreach (var (quotient, scale) in Patterns.Operands(product, "Mul"))
        {
            if (Normalized(quotient) is { } core && Rows.IsParameter(scale, core.X.Shape, core.Axis))
                return (core with { Inner = [.. core.Inner, quotient] }, scale);
        }
        return null;
    }

    /// <summary>The normalisation that a quotient is, without its last vertex among the inner ones.</summary>
    private static Core? Normalized(RewritableVertex quotient)
    {
        if (!quotient.Is("Div") || quotient.Inputs is not [var centered, { Operator: "Sqrt", Inputs: [var sum] } root]
            || Patterns.WithNumber(sum, "Add") is not var (variance, epsilon) || !(epsilon >= 0)
            || Rows.MeanAxis(variance) is not { } axis || Centered(centered) is not { } first || first.Axis != axis
            || Rows.SquareOf(variance.Inputs[0]) is not { } squared || Centered(squared) is not { } second
            || second.X != first.X || second.Axis != axis) return null;
        return new Core(first.X, axis, epsilon,
            [root, sum, variance, variance.Inputs[0], .. first.Inner.Concat(second.Inner).Distinct()]);
    }

    /// <summary>x less its mean.</summary>
    private static Core? Centered(RewritableVertex vertex) =>
        vertex is { Operator: "Sub", Inputs: [var x, var mean] } && Rows.MeanAxis(mean) is { } axis
        && mean.Inputs[0] == x
            ? new Core(x, axis, 0, [vertex, mean])
            : null;

    private sealed record Core(
        RewritableVertex X, int Axis, double Epsilon, IReadOnlyCollection<RewritableVertex> Inner);
}
