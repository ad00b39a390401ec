using PcActors.Functions;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>f c + i c~ and o tanh(c), where i, o and f are sigmoids and c~ is tanh of quarters of one sum.</summary>
/// <remarks>The state is found first, with all four gates as one vertex; then what is put out.</remarks>
internal sealed class LstmCellRule() : RewriteRule("lstm-cell",
    "LstmGates, LstmState and LstmOutput of Slice, Sigmoid, Tanh, Mul, Add", "Add", "Mul")
{
    private const int Gates = 4;

    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last) => last.Is("Add") ? State(last) : Output(last);

    private static Replacement? State(RewritableVertex last)
    {
        foreach (var (kept, added) in Patterns.Operands(last, "Add"))
        {
            foreach (var (forget, state) in Patterns.Operands(kept, "Mul"))
            {
                foreach (var (input, candidate) in Patterns.Operands(added, "Mul"))
                {
                    if (!Patterns.IsOfShape([kept, added, forget, state, input, candidate], last.Shape)
                        || OrderOf(input, forget, candidate, last) is not { } order) continue;
                    var sums = forget.Inputs[0].Inputs[0];
                    var attributes = Attributes.Of((GateOrder.Attribute, order));
                    var gates = RewritableVertex.Function(
                        "gates", sums.Shape, LstmCellOperators.Gates, attributes, [sums]);
                    return Replacement.By(LstmCellOperators.State, attributes, [kept, added, forget, input, candidate,
                        forget.Inputs[0], input.Inputs[0], candidate.Inputs[0]], gates, state);
                }
            }
        }
        return null;
    }

    private static Replacement? Output(RewritableVertex last)
    {
        foreach (var (output, activation) in Patterns.Operands(last, "Mul"))
        {
            if (!activation.Is("Tanh") || activation.Inputs[0] is not { Operator: LstmCellOperators.State } state)
                continue;
            var gates = state.Inputs[0];
            var order = new GateOrder(gates.Attributes.Text(GateOrder.Attribute, ""));
            if (output.Is("Sigmoid") && IsBlock(output, order.Output, gates.Inputs[0])
                && Patterns.IsOfShape([output, activation], last.Shape))
                return Replacement.By(LstmCellOperators.Output, gates.Attributes,
                    [output, output.Inputs[0], activation], gates, state) with
                { Through = [gates] };
        }
        return null;
    }

    /// <summary>The order of the gates, if that of the output is there, too, and what is put out by it.</summary>
    private static string? OrderOf(RewritableVertex input, RewritableVertex forget, RewritableVertex candidate,
        RewritableVertex state)
    {
        if (!input.Is("Sigmoid") || !forget.Is("Sigmoid") || !candidate.Is("Tanh")) return null;
        Span<char> order = stackalloc char[Gates];
        order.Fill('o');
        foreach (var (gate, letter) in (ReadOnlySpan<(RewritableVertex, char)>)
            [(input, 'i'), (forget, 'f'), (candidate, 'c')])
        {
            var block = BlockSlices.BlockOf(gate.Inputs[0], Gates);
            if (block < 0 || order[block] != 'o') return null;
            order[block] = letter;
        }
        var sums = input.Inputs[0].Inputs[0];
        var output = order.IndexOf('o');
        return forget.Inputs[0].Inputs[0] == sums && candidate.Inputs[0].Inputs[0] == sums
            && sums.Readers.Any(slice => slice.Readers is [{ Operator: "Sigmoid" } gate]
                && IsBlock(gate, output, sums) && gate.Readers is [{ Operator: "Mul" } product]
                && product.Inputs.Any(v => v is { Operator: "Tanh", HasOneReader: true } && v.Inputs[0] == state))
            ? order.ToString()
            : null;
    }

    private static bool IsBlock(RewritableVertex gate, int block, RewritableVertex sums) =>
        BlockSlices.IsOf(gate.Inputs[0], Gates, block, 1, out var whole) && whole == sums;
}
