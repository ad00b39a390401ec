using System.Numerics;
using PcActors.Data.Npy;
using PcActors.Tensors;

namespace PcNode.Stepping;

/// <summary>The array that <c>--target</c> gives.</summary>
internal static class TargetFile
{
    public const string Option = "--target";

    /// <summary>Copies it into a batch's target after making sure that it is one.</summary>
    /// <param name="array">The array.</param>
    /// <param name="prediction">The shape of the root's prediction.</param>
    /// <param name="root">The root's name.</param>
    /// <param name="target">Receives it: of the prediction's shape for floats, [N] for labels.</param>
    /// <exception cref="UsageException">It has another shape or type, or a label is out of range.</exception>
    public static void CopyTo<T>(NpyArray array, Shape prediction, string root, Tensor<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var takesLabels = !target.Shape.Equals(prediction);
        var (found, wanted) = (ElementTypePairs.NumpyName(array.Type), takesLabels ? "int64 labels" : "floats");
        var isOfType = takesLabels ? !ElementTypePairs.IsFloat(array.Type) && array.Type != NpyType.Boolean : ElementTypePairs.IsFloat(array.Type);
        if (!isOfType || !array.Shape.Equals(target.Shape))
        {
            throw new UsageException(
                $"{Option}: {array.Source} holds {found} of shape {array.Shape}; the output '{root}' has the shape {prediction}, " +
                $"so --loss {(takesLabels ? "cross-entropy" : "squared-error")} takes {wanted} of shape {target.Shape}");
        }
        if (takesLabels) RequireClasses(array, prediction[-1]);
        array.ToTensor<T>().Span.CopyTo(target.Writable);
    }

    private static void RequireClasses(NpyArray array, int classes)
    {
        var labels = array.ToIntegers();
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= 0 && labels[i] < classes) continue;
            throw new UsageException($"{Option}: the label of sample {i} in {array.Source} is {labels[i]}; the model has {classes} classes, so it lies in [0, {classes - 1}]");
        }
    }
}
