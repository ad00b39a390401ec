using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;

namespace PcActors.Onnx.Export;

/// <summary>The operators of a MaskedSoftmax or FilledSoftmax.</summary>
internal static class MaskedSoftmaxSpelling
{
    /// <summary>Applies them.</summary>
    public static Node<T> Apply<T>(Spelling<T> shares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => shares.Last(
            "Softmax", Attributes.Of(("axis", -1)),
            shares.Operator == MaskedSoftmaxOperators.Added ? Added(shares) : Filled(shares));

    private static Node<T> Added<T>(Spelling<T> shares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        shares.Part("masked", "Add", Attributes.Empty, Scaled(shares, 2), shares.Inputs[1]);

    private static Node<T> Filled<T>(Spelling<T> shares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (scores, condition, fill) = (Scaled(shares, 3), shares.Inputs[1], shares.Inputs[2]);
        return shares.Attributes.Flag(MaskedSoftmaxOperators.Keeps, false)
            ? shares.Part("masked", "Where", Attributes.Empty, condition, scores, fill)
            : shares.Part("masked", "Where", Attributes.Empty, condition, fill, scores);
    }

    private static Node<T> Scaled<T>(Spelling<T> shares, int scaleAt)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shares.Inputs.Count <= scaleAt) return shares.Inputs[0];
        var divides = shares.Attributes.Flag(MaskedSoftmaxOperators.Divides, false);
        return shares.Part(
            "scaled", divides ? "Div" : "Mul", Attributes.Empty, shares.Inputs[0], shares.Inputs[scaleAt]);
    }
}
