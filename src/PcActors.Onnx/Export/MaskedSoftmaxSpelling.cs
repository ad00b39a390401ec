using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;

namespace PcActors.Onnx.Export;

/// <summary>The operators of a MaskedSoftmax.</summary>
internal static class MaskedSoftmaxSpelling
{
    /// <summary>Applies them.</summary>
    public static Node<T> Apply<T>(Spelling<T> shares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (scores, mask) = (shares.Inputs[0], shares.Inputs[1]);
        if (shares.Inputs is [_, _, var number])
        {
            var divides = shares.Attributes.Flag(MaskedSoftmaxOperators.Divides, false);
            scores = shares.Part("scaled", divides ? "Div" : "Mul", Attributes.Empty, scores, number);
        }
        return shares.Last("Softmax", Attributes.Of(("axis", -1)),
            shares.Part("masked", "Add", Attributes.Empty, scores, mask));
    }
}
