using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>A product of two matrices that are both multiplied by a number: attention's queries and keys by the root of
/// its scale. The smaller one is multiplied by both numbers.</summary>
internal sealed class ScalingRule() : RewriteRule("scaling", "one Mul by a number of two before a MatMul", "MatMul")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        if (last.Inputs is not [{ HasOneReader: true } left, { HasOneReader: true } right]
            || Patterns.Scaled(left) is not var (a, first)
            || Patterns.Scaled(right) is not var (b, second)) return null;
        var scale = RewritableVertex.Constant("scale", Tensor<double>.Scalar(first * second));
        return a.Shape.Length <= b.Shape.Length
            ? Replacement.By("MatMul", last.Attributes, [left, right], Times(a), b)
            : Replacement.By("MatMul", last.Attributes, [left, right], a, Times(b));

        RewritableVertex Times(RewritableVertex x) =>
            RewritableVertex.Function("scaled", x.Shape, "Mul", Attributes.Empty, [x, scale]);
    }
}
