using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;

namespace PcActors.Onnx.Export;

/// <summary>The operators of a Linear: what the import makes one of again.</summary>
internal static class LinearSpelling
{
    /// <summary>The function.</summary>
    public const string Operator = "Linear";

    /// <summary>Applies its operators.</summary>
    public static Node<T> Apply<T>(Spelling<T> linear)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (x, weight) = (linear.Inputs[0], linear.Inputs[1]);
        if (linear.Attributes.Flag("transW", false))
            weight = linear.Part("transposed", "Transpose", Attributes.Of(("perm", new[] { 1, 0 })), weight);
        return linear.Inputs is [_, _, var bias]
            ? linear.Last("Add", Attributes.Empty,
                linear.Part("product", "MatMul", Attributes.Empty, x, weight), bias)
            : linear.Last("MatMul", Attributes.Empty, x, weight);
    }
}
