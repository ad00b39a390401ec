using PcActors.Functions;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>x W + b, where W is a matrix, or the transpose of a parameter, and b has a number for each column.
/// </summary>
internal sealed class LinearRule() : RewriteRule("linear", "Gemm, or Linear over the last of more axes, of Transpose, "
    + "MatMul, Add", "Add", "MatMul")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        if (last.Is("MatMul")) return TransposedIn(last) is null ? null : Of(last, null, []);
        foreach (var (product, bias) in Patterns.Operands(last, "Add"))
        {
            if (product.Is("MatMul") && product.Shape.Equals(last.Shape) && bias.Shape.Rank == 1
                && product.Inputs[1].Shape is { Rank: 2 } weight && bias.Shape[0] == weight[1])
                return Of(product, bias, [product]);
        }
        return null;
    }

    private static Replacement? Of(RewritableVertex product, RewritableVertex? bias, List<RewritableVertex> inner)
    {
        var (x, weight) = (product.Inputs[0], product.Inputs[1]);
        if (x.Shape.Rank < 2) return null;
        var transposed = TransposedIn(product);
        if (transposed is not null) inner.Add(weight);
        var isMatrix = x.Shape.Rank == 2;
        return Replacement.By(isMatrix ? "Gemm" : "Linear",
            transposed is null ? Attributes.Empty : Attributes.Of((isMatrix ? "transB" : "transW", true)), inner,
            bias is null ? [x, transposed ?? weight] : [x, transposed ?? weight, bias]);
    }

    /// <summary>The parameter whose transpose, which nobody else reads, is the right factor.</summary>
    private static RewritableVertex? TransposedIn(RewritableVertex product) =>
        product.Inputs is [{ Shape.Rank: >= 2 }, { Operator: "Transpose", HasOneReader: true } turned]
        && turned.Shape.Rank == 2 && turned.Inputs[0].Operator is null && Patterns.OrderOf(turned) is [1, 0]
            ? turned.Inputs[0]
            : null;
}
