using PcActors.Functions;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>x sigmoid(alpha x).</summary>
internal sealed class SwishRule() : RewriteRule("swish", "Swish (SiLU) of Sigmoid, Mul", "Mul")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        foreach (var (x, gate) in Patterns.Operands(last, "Mul"))
        {
            if (!gate.Is("Sigmoid")) continue;
            var argument = gate.Inputs[0];
            if (argument == x) return Replacement.By("Swish", Attributes.Empty, [gate], x);
            if (Patterns.Scaled(argument) is var (other, alpha) && other == x)
                return Replacement.By("Swish", Attributes.Of(("alpha", alpha)), [gate, argument], x);
        }
        return null;
    }
}

/// <summary>x times x / 6 + 1/2 cut off at 0 and 1: with HardSigmoid, or x clip(x + 3, 0, 6) / 6.</summary>
internal sealed class HardSwishRule()
    : RewriteRule("hard-swish", "HardSwish of HardSigmoid, Mul, or of Add, Clip, Mul, Div", "Mul", "Div")
{
    private const double Slope = 1.0 / 6;

    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        var product = Factors.Of(last);
        if (product.Others.Count != 2) return null;
        return Find(product, product.Others[0], product.Others[1])
            ?? Find(product, product.Others[1], product.Others[0]);
    }

    private static Replacement? Find(Factors product, RewritableVertex x, RewritableVertex gate)
    {
        List<RewritableVertex> inner = [.. product.Inner, gate];
        if (gate.Is("HardSigmoid"))
        {
            if (gate.Inputs[0] != x || !Patterns.IsNear(product.Scale, 1)
                || !Patterns.IsNear(gate.Attributes.Float("alpha", 0.2), Slope)
                || gate.Attributes.Float("beta", 0.5) != 0.5) return null;
        }
        else
        {
            if (!Patterns.IsNear(product.Scale, Slope) || BoundsOf(gate) is not (0, 6)) return null;
            if (Patterns.Plus(gate.Inputs[0], 3) != x) return null;
            inner.Add(gate.Inputs[0]);
        }
        return Replacement.By("HardSwish", Attributes.Empty, inner, x);
    }

    /// <summary>Between which numbers a Clip keeps its input.</summary>
    private static (double Least, double Most)? BoundsOf(RewritableVertex clip)
    {
        if (!clip.Is("Clip") || clip.Attributes.Has("absent")) return null;
        return clip.Inputs.Count switch
        {
            1 => (clip.Attributes.Float("min", double.NegativeInfinity),
                clip.Attributes.Float("max", double.PositiveInfinity)),
            3 when clip.Inputs[1].Number is { } least && clip.Inputs[2].Number is { } most => (least, most),
            _ => null,
        };
    }
}

/// <summary>ln(1 + e^x).</summary>
internal sealed class SoftplusRule() : RewriteRule("softplus", "Softplus of Exp, Add, Log", "Log")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last) =>
        Patterns.Plus(last.Inputs[0], 1) is { } power && power.Is("Exp")
            ? Replacement.By("Softplus", Attributes.Empty, [last.Inputs[0], power], power.Inputs[0])
            : null;
}

/// <summary>x tanh(softplus(x)).</summary>
internal sealed class MishRule() : RewriteRule("mish", "Mish of Softplus, Tanh, Mul", "Mul")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        foreach (var (x, gate) in Patterns.Operands(last, "Mul"))
        {
            if (gate.Is("Tanh") && gate.Inputs[0] is { Operator: "Softplus" } soft && soft.Inputs[0] == x)
                return Replacement.By("Mish", Attributes.Empty, [gate, soft], x);
        }
        return null;
    }
}
