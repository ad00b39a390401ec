using PcActors.Tensors;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>What rules of normalisations ask about rows: what lies along a value's axes from one on.</summary>
internal static class Rows
{
    private const int LongestOfOnes = 1 << 20;

    /// <summary>The first of the axes over which a ReduceMean goes, which are the last ones and stay.</summary>
    public static int? MeanAxis(RewritableVertex vertex)
    {
        if (vertex is not { Operator: "ReduceMean", Inputs: [var x] } || !vertex.Attributes.Flag("keepdims", true)
            || vertex.Attributes.Integers("axes") is not { Length: > 0 } axes) return null;
        var (first, rank) = (x.Shape.Rank - axes.Length, x.Shape.Rank);
        var found = axes.Select(axis => x.Shape.Axis(checked((int)axis))).Order();
        return found.SequenceEqual(Enumerable.Range(first, rank - first)) ? first : null;
    }

    /// <summary>What is squared; null where nothing is.</summary>
    public static RewritableVertex? SquareOf(RewritableVertex vertex) => vertex switch
    {
        { Operator: "Mul", Inputs: [var one, var other] } when one == other => one,
        { Operator: "Pow" } when Patterns.WithNumber(vertex, "Pow") is (var squared, 2) => squared,
        _ => null,
    };

    /// <summary>Whether it has an element for each of a row.</summary>
    public static bool IsParameter(RewritableVertex vertex, Shape x, int axis) =>
        vertex.Shape.Dimensions.SequenceEqual(x.Dimensions[axis..]);

    /// <summary>A scale that changes nothing; null where it would be much that no file has.</summary>
    public static RewritableVertex? Ones(Shape x, int axis)
    {
        if (x.LengthOf(axis, x.Rank) > LongestOfOnes) return null;
        var ones = new Tensor<double>(new Shape(x.Dimensions[axis..]));
        ones.Writable.Fill(1);
        return RewritableVertex.Constant("scale", ones);
    }
}
