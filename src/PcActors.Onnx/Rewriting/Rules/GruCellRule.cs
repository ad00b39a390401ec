using PcActors.Functions;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>sigmoid(a + b) of two thirds of two products, tanh(a + r b) of their last thirds, and n + z (h - n), where
/// z and r are the halves of the first.</summary>
/// <remarks>Each is found by itself: where the reset gate comes before its product, only the last one is there.
/// </remarks>
internal sealed class GruCellRule() : RewriteRule("gru-cell",
    "GruGates, GruCandidate and GruState of Slice, Sigmoid, Tanh, Mul, Sub, Add", "Sigmoid", "Tanh", "Add")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last) => last.Operator switch
    {
        "Sigmoid" => Gates(last),
        "Tanh" => Candidate(last),
        _ => State(last),
    };

    private static Replacement? Gates(RewritableVertex last)
    {
        if (last.Inputs[0] is not { Operator: "Add", Inputs: [var x, var y] } sum
            || !Patterns.IsOfShape([x, y], last.Shape) || last.IsRoot || !last.Readers.All(IsPart)) return null;
        return BlockSlices.IsOf(x, 3, 0, 2, out var a) && BlockSlices.IsOf(y, 3, 0, 2, out var b)
            ? Replacement.By(GruCellOperators.Gates, Attributes.Empty, [sum, x, y], a, b)
            : null;
    }

    private static bool IsPart(RewritableVertex reader) =>
        reader.Is(GruCellOperators.Candidate) || reader.Is(GruCellOperators.State);

    private static Replacement? Candidate(RewritableVertex last)
    {
        var sum = last.Inputs[0];
        foreach (var (x, reset) in Patterns.Operands(sum, "Add"))
        {
            foreach (var (r, y) in Patterns.Operands(reset, "Mul"))
            {
                if (Patterns.IsOfShape([x, reset, r, y], last.Shape) && BlockSlices.IsOf(r, 2, 1, 1, out var gates)
                    && BlockSlices.IsOf(x, 3, 2, 1, out var a) && BlockSlices.IsOf(y, 3, 2, 1, out var b))
                    return Replacement.By(GruCellOperators.Candidate, Attributes.Empty, [sum, x, reset, r, y], gates, a,
                        b);
            }
        }
        return null;
    }

    private static Replacement? State(RewritableVertex last)
    {
        foreach (var (candidate, kept) in Patterns.Operands(last, "Add"))
        {
            foreach (var (z, difference) in Patterns.Operands(kept, "Mul"))
            {
                if (difference is { Operator: "Sub", Inputs: [var before, var subtracted] } && subtracted == candidate
                    && Patterns.IsOfShape([candidate, kept, z, difference, before], last.Shape)
                    && BlockSlices.IsOf(z, 2, 0, 1, out var gates))
                    return Replacement.By(GruCellOperators.State, Attributes.Empty, [kept, z, difference], gates,
                        candidate, before);
            }
        }
        return null;
    }
}
