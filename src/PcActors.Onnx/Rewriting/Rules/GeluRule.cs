using PcActors.Functions;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>x (1 + erf(x / sqrt 2)) / 2, and the same with 1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)), in any order of
/// the factors.</summary>
internal sealed class GeluRule() : RewriteRule("gelu", "Gelu of Div, Erf, Add, Mul, or of Pow, Tanh, Add, Mul", "Mul")
{
    private const double Cubic = 0.044715;

    private static readonly double RootOfTwo = Math.Sqrt(2);
    private static readonly double RootOfTwoOverPi = Math.Sqrt(2 / Math.PI);

    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        var product = Factors.Of(last);
        if (product.Others.Count != 2 || !Patterns.IsNear(product.Scale, 0.5)) return null;
        return Find(product, product.Others[0], product.Others[1])
            ?? Find(product, product.Others[1], product.Others[0]);
    }

    private static Replacement? Find(Factors product, RewritableVertex x, RewritableVertex gate)
    {
        if (!gate.HasOneReader || Patterns.Plus(gate, 1) is not { } bent || bent.Inputs.Count != 1) return null;
        List<RewritableVertex> inner = [.. product.Inner, gate, bent];
        var isExact = bent.Is("Erf");
        if (!isExact && !bent.Is("Tanh")) return null;
        var found = isExact ? IsOverRootOfTwo(bent.Inputs[0], x, inner) : IsCubic(bent.Inputs[0], x, inner);
        return found
            ? Replacement.By("Gelu",
                isExact ? Attributes.Empty : Attributes.Of(("approximate", "tanh")), inner, x)
            : null;
    }

    private static bool IsOverRootOfTwo(RewritableVertex argument, RewritableVertex x, List<RewritableVertex> inner)
    {
        inner.Add(argument);
        return Patterns.Scaled(argument) is var (other, number) && other == x
            && Patterns.IsNear(number, 1 / RootOfTwo);
    }

    /// <summary>sqrt(2 / pi) (x + c x^3), or sqrt(2 / pi) x (1 + c x^2).</summary>
    private static bool IsCubic(RewritableVertex argument, RewritableVertex x, List<RewritableVertex> inner)
    {
        var product = Factors.Of(argument);
        if (!Patterns.IsNear(product.Scale, RootOfTwoOverPi)) return false;
        inner.AddRange([argument, .. product.Inner]);
        if (product.Others is [var sum])
        {
            inner.Add(sum);
            return sum.Is("Add") && Patterns.Beside(sum, x) is { } cube && IsPower(cube, x, 3, inner);
        }
        if (product.Beside(x) is not { } bracket || Patterns.Plus(bracket, 1) is not { } square) return false;
        inner.Add(bracket);
        return IsPower(square, x, 2, inner);
    }

    private static bool IsPower(RewritableVertex vertex, RewritableVertex x, int power, List<RewritableVertex> inner)
    {
        var product = Factors.Of(vertex);
        inner.AddRange([vertex, .. product.Inner]);
        return product.PowerOf(x) == power && Patterns.IsNear(product.Scale, Cubic);
    }
}
