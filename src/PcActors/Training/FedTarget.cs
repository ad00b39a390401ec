using System.Globalization;
using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Training;

/// <summary>What of a data set the root should predict, after making sure that it fits the root and the loss.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal static class FedTarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The array that a batch's target is filled with.</summary>
    /// <param name="feed">Who gets what.</param>
    /// <param name="root">The root, as batches are made for it.</param>
    /// <param name="batch">One of its batches.</param>
    /// <param name="data">What the array is of.</param>
    /// <param name="isForUse">Whether nothing is learnt from it, so that classes may be missing.</param>
    /// <exception cref="DataException">It does not fit, or is missing.</exception>
    public static SampleArray<T> Of(Feed feed, Vertex<T> root, Batch<T> batch, Dataset<T> data, bool isForUse)
    {
        var (width, words) = (batch.Target.Length / batch.Samples, $"the network's root '{root.Name}'");
        var takesClasses = batch.Loss.TakesClassesFor(root.Shape);
        var isOwn = SampleArray<T>.IsTarget(data, feed.Target);
        // Of a root of one number a sample, [N], the last axis is the batch's.
        var classes = takesClasses ? root.Shape[batch.Loss.ClassAxis(root.Shape)]
            : root.Shape.Rank == 1 ? 1 : root.Shape[-1];
        if (takesClasses && width > 1) return PositionsOf(feed, root, batch, data, classes);
        if (isOwn && data.OutputCount == 0)
            throw new DataException(data.Name, $"nothing that {words} should predict",
                takesClasses ? "its loss takes class numbers" : "feed it features, or zeros");
        if (isOwn && data.ClassCount > 0) RequireClasses(feed, root, data, (width, classes, takesClasses), isForUse);
        else if (takesClasses) throw NoClasses(feed, root, data);
        return SampleArray<T>.Of(data, feed.Target, words, root.Shape, width);
    }

    /// <summary>Refuses classes, one a sample, that a root has no place for.</summary>
    private static void RequireClasses(
        Feed feed, Vertex<T> root, Dataset<T> data, (int Width, int Classes, bool Takes) predicted, bool isForUse)
    {
        var ((width, classes, takesClasses), words) = (predicted, $"the network's root '{root.Name}'");
        if (!takesClasses && width > 1 && width != classes)
            throw new DataException(data.Name, $"one of {ClassLabels.CountOf(data.ClassCount)} a sample",
                $"{words} predicts {root.Shape}; [samples, classes] is needed"
                + (data.IsOneHot && data.ClassCount == width
                    ? ", or that the rows, a single 1 among zeros, are read as numbers (--target-as numbers)" : ""));
        // The numbers of classes are learnt where they are asked for by name.
        var isNumber = feed.Target != Feed.Labels && width == 1 && !takesClasses;
        // Of classes that are missing in the data, too.
        var isNamed = (feed.Target != Feed.Labels || (isForUse && classes > 1)) && classes > data.ClassCount;
        if (classes == data.ClassCount || isNumber || isNamed) return;
        var wanted = $"{words} predicts {classes}";
        if (classes < data.ClassCount && classes > 1 && data.FirstFrom?.Invoke(classes) is var (source, found))
            throw new DataException(source, $"{found}, of {ClassLabels.CountOf(data.ClassCount)}",
                $"{wanted}, so labels must lie in [0, {classes - 1}]");
        throw new DataException(data.Name, ClassLabels.CountOf(data.ClassCount), wanted
            + (classes > data.ClassCount ? "; where the data lack classes, name the target"
                : width == 1 && !takesClasses ? "; to learn the classes' numbers, name the target" : ""));
    }

    /// <summary>Why what is no class is nothing for a loss that takes one a sample.</summary>
    private static DataException NoClasses(Feed feed, Vertex<T> root, Dataset<T> data)
    {
        if (!SampleArray<T>.IsTarget(data, feed.Target) || data.Targets is not { } targets)
            return Fed(feed.Target);
        var sample = new Shape(targets.Shape.Dimensions[1..]);
        return sample.Length == 1 ? Fed("numbers that are no classes") : new DataException(data.Name,
            $"targets of shape {sample}, {sample.Length} numbers each",
            $"the network's root '{root.Name}' of shape {root.Shape} takes 1 each, the number of a class");

        DataException Fed(string what) => new(data.Name,
            $"the root '{root.Name}' is fed {what}, and its loss takes class numbers",
            "feed it labels, or take squared-error");
    }

    /// <summary>Class numbers of each of a sample's positions.</summary>
    private static SampleArray<T> PositionsOf(Feed feed, Vertex<T> root, Batch<T> batch, Dataset<T> data, int classes)
    {
        var (words, wanted) = ($"the network's root '{root.Name}' of shape {root.Shape}", batch.TargetOf(0).Shape);
        var (length, needs) = (wanted.Length / wanted[0], $"{words} needs class numbers of shape {wanted}");
        // A single 1 among zeros may be classes of positions, too.
        if (SampleArray<T>.IsTarget(data, feed.Target) && data.IsOneHot && data.ClassCount == length)
            return SampleArray<T>.Of(data, feed.Target, words, wanted, length);
        if (feed.Target == Feed.Zeros) return SampleArray<T>.Of(data, feed.Target, words, wanted, length);
        if (SampleArray<T>.Find(data, feed.Target) is not { } array)
            throw new DataException(data.Name, data.ClassCount > 0 ? "one class a sample" : "no targets", needs);
        if (array.Length / array.Shape[0] != length || (array.Shape.Rank == wanted.Rank
            && !array.Shape.Dimensions[1..].SequenceEqual(wanted.Dimensions[1..])))
            throw new DataException(data.Name, $"targets of shape {array.Shape}", needs
                + batch.Loss.Advice(root.Shape, array.Shape));
        for (var i = 0; i < array.Length; i++)
        {
            var label = array.Span[i];
            if (T.IsInteger(label) && label >= T.Zero && label < T.CreateChecked(classes)) continue;
            var origin = data.OriginOf(feed.Target);
            var sample = origin.SampleWords(data.PlaceOf(i / length));
            throw new DataException(origin.Source, string.Create(CultureInfo.InvariantCulture,
                $"{sample} has the class {label} at {origin.ElementWords(i % length, "position")}"),
                $"{words} has classes from 0 to {classes - 1}");
        }
        return SampleArray<T>.Of(data, feed.Target, words, wanted, length);
    }
}
