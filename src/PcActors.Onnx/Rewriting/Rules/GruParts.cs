using PcActors.Functions;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>A gate of a GRU: half of a vertex of both, or a sigmoid of thirds of two products.</summary>
/// <param name="Block">Which of the two it is, from 0.</param>
/// <param name="Both">The vertex of both; null where each is one by itself.</param>
/// <param name="A">A product; null where both are one vertex.</param>
/// <param name="B">The other.</param>
/// <param name="Inner">Vertices that it is made of.</param>
internal sealed record GruGate(
    int Block, RewritableVertex? Both, RewritableVertex? A, RewritableVertex? B, RewritableVertex[] Inner)
{
    /// <summary>How many gates there are.</summary>
    public const int Count = 2;

    /// <summary>Blocks of a product: those of the gates, and the candidate's.</summary>
    public const int Products = 3;

    /// <summary>What a vertex is as a gate; null for nothing.</summary>
    public static GruGate? Of(RewritableVertex gate)
    {
        if (BlockSlices.BlockOf(gate, Count) is var half and >= 0)
            return new GruGate(half, gate.Inputs[0], null, null, []);
        for (var block = 0; block < Count; block++)
        {
            if (gate.Is("Sigmoid") && SumOf(gate, block, 1) is var (a, b, inner))
                return new GruGate(block, null, a, b, inner);
        }
        return null;
    }

    /// <summary>Of a function of a sum of blocks of two products: these, and the vertices between.</summary>
    public static (RewritableVertex A, RewritableVertex B, RewritableVertex[] Inner)? SumOf(
        RewritableVertex function, int block, int count) =>
        function.Inputs[0] is { Operator: "Add", Inputs: [var x, var y] } sum
        && Patterns.IsOfShape([x, y], function.Shape) && BlockSlices.IsOf(x, Products, block, count, out var a)
        && BlockSlices.IsOf(y, Products, block, count, out var b)
            ? (a, b, [sum, x, y])
            : null;
}

/// <summary>tanh(a + r b), where a and b are the last thirds of two products.</summary>
/// <param name="A">The first product.</param>
/// <param name="B">The second, whose third is reset.</param>
/// <param name="Reset">r.</param>
/// <param name="Inner">Vertices that it is made of beside the reset gate.</param>
internal sealed record GruCandidateParts(
    RewritableVertex A, RewritableVertex B, RewritableVertex Reset, RewritableVertex[] Inner)
{
    /// <summary>The parts; null where it is something else.</summary>
    public static GruCandidateParts? Of(RewritableVertex last)
    {
        if (!last.Is("Tanh")) return null;
        var sum = last.Inputs[0];
        foreach (var (x, product) in Patterns.Operands(sum, "Add"))
        {
            foreach (var (r, y) in Patterns.Operands(product, "Mul"))
            {
                if (Patterns.IsOfShape([x, product, r, y], last.Shape)
                    && BlockSlices.IsOf(x, GruGate.Products, GruGate.Count, 1, out var a)
                    && BlockSlices.IsOf(y, GruGate.Products, GruGate.Count, 1, out var b)
                    && GruGate.Of(r) is not null)
                    return new GruCandidateParts(a, b, r, [sum, x, product, y]);
            }
        }
        return null;
    }

    /// <summary>Whether a gate is of the same products.</summary>
    public bool AreOf(GruGate gate) => (gate.A == A && gate.B == B) || (gate.A == B && gate.B == A);

    /// <summary>The vertex that both gates of these products have become; null where there is none, or this gate is of
    /// others.</summary>
    public RewritableVertex? Gates(GruGate gate) => AreOf(gate)
        ? A.Readers.FirstOrDefault(v => v.Is(GruCellOperators.Gates) && v.Inputs[0] == A && v.Inputs[1] == B)
        : null;
}

/// <summary>n + z (h - n), or (1 - z) n + z h.</summary>
/// <param name="Form">Which of the two.</param>
/// <param name="Update">z.</param>
/// <param name="Candidate">n.</param>
/// <param name="Before">h.</param>
/// <param name="Inner">Vertices that it is made of.</param>
internal sealed record GruStateParts(
    string Form, RewritableVertex Update, RewritableVertex Candidate, RewritableVertex Before,
    RewritableVertex[] Inner)
{
    /// <summary>The parts; null where it is something else.</summary>
    public static GruStateParts? Of(RewritableVertex last)
    {
        foreach (var (first, second) in Patterns.Operands(last, "Add"))
        {
            if ((Difference(first, second) ?? Shares(first, second)) is { } parts
                && Patterns.IsOfShape([parts.Update, parts.Candidate, parts.Before, .. parts.Inner], last.Shape))
                return parts;
        }
        return null;
    }

    private static GruStateParts? Difference(RewritableVertex candidate, RewritableVertex kept)
    {
        foreach (var (z, difference) in Patterns.Operands(kept, "Mul"))
        {
            if (difference is { Operator: "Sub", Inputs: [var before, var subtracted] } && subtracted == candidate
                && GruGate.Of(z) is not null)
                return new GruStateParts(GruCellOperators.Difference, z, candidate, before, [kept, difference]);
        }
        return null;
    }

    private static GruStateParts? Shares(RewritableVertex added, RewritableVertex kept)
    {
        foreach (var (rest, candidate) in Patterns.Operands(added, "Mul"))
        {
            foreach (var (z, before) in Patterns.Operands(kept, "Mul"))
            {
                if (rest is { Operator: "Sub", Inputs: [{ Number: 1 }, var gate] } && gate == z
                    && GruGate.Of(z) is not null)
                    return new GruStateParts(GruCellOperators.Shares, z, candidate, before, [added, kept, rest]);
            }
        }
        return null;
    }
}
