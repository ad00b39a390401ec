using PcActors.Functions;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>sigmoid(a + b) of the first two thirds of two products, together or each by itself, tanh(a + r b) of their
/// last thirds, and n + z (h - n) or (1 - z) n + z h, where z and r are the two gates.</summary>
/// <remarks>Each is found by itself, but gates that are a vertex each: they become one where a state is found by one of
/// them, and its candidate by the other. Where the reset gate comes before its product, there are no candidates.
/// </remarks>
internal sealed class GruCellRule() : RewriteRule("gru-cell",
    "GruGates, GruCandidate and GruState of Slice, Sigmoid, Tanh, Mul, Sub, Add", "Sigmoid", "Tanh", "Add")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last) => last.Operator switch
    {
        "Sigmoid" => BothGates(last),
        "Tanh" => GruCandidateParts.Of(last) is { } parts ? Candidate(parts) : null,
        _ => GruStateParts.Of(last) is { } parts ? State(parts) : null,
    };

    private static Replacement? BothGates(RewritableVertex last) =>
        !last.IsRoot && last.Readers.All(IsPart) && GruGate.SumOf(last, 0, GruGate.Count) is var (a, b, inner)
            ? Replacement.By(GruCellOperators.Gates, Attributes.Empty, inner, a, b)
            : null;

    private static bool IsPart(RewritableVertex reader) =>
        reader.Is(GruCellOperators.Candidate) || reader.Is(GruCellOperators.State);

    private static Replacement? Candidate(GruCandidateParts parts)
    {
        if (GruGate.Of(parts.Reset) is not { } reset
            || (reset.Both ?? parts.Gates(reset)) is not { } gates) return null;
        return Replacement.By(GruCellOperators.Candidate, Attributes.Of(Order(isUpdateFirst: reset.Block == 1)),
            [.. parts.Inner, parts.Reset, .. reset.Inner], gates, parts.A, parts.B);
    }

    private static Replacement? State(GruStateParts parts)
    {
        if (GruGate.Of(parts.Update) is not { } update || (update.Both ?? GatesFor(parts, update)) is not { } gates)
            return null;
        return Replacement.By(GruCellOperators.State,
            Attributes.Of(Order(isUpdateFirst: update.Block == 0), (GruCellOperators.Form, parts.Form)),
            [.. parts.Inner, parts.Update, .. update.Inner], gates, parts.Candidate, parts.Before);
    }

    /// <summary>Both gates as one vertex, if the candidate reads the other one.</summary>
    private static RewritableVertex? GatesFor(GruStateParts state, GruGate update)
    {
        var candidate = GruCandidateParts.Of(state.Candidate) ?? GruCandidateParts.Of(state.Before);
        if (candidate is null || GruGate.Of(candidate.Reset) is not { Both: null } reset
            || candidate.Inner.Append(candidate.Reset).Concat(reset.Inner).Any(v => !v.HasOneReader)
            || !candidate.AreOf(reset) || !candidate.AreOf(update) || reset.Block == update.Block) return null;
        var a = candidate.A;
        var shape = a.Shape.With(a.Shape.Rank - 1, GruGate.Count * (a.Shape[-1] / GruGate.Products));
        return RewritableVertex.Function(
            "gates", shape, GruCellOperators.Gates, Attributes.Empty, [a, candidate.B]);
    }

    private static (string Name, object? Value) Order(bool isUpdateFirst) =>
        (GruCellOperators.Order, isUpdateFirst ? GruCellOperators.UpdateFirst : GruCellOperators.ResetFirst);
}
