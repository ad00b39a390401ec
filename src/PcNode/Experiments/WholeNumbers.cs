using System.Globalization;
using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Tensors;
using PcNode.Networks;

namespace PcNode.Experiments;

/// <summary>What inputs get that take whole numbers: token ids, conditions, masks.</summary>
internal static class WholeNumbers
{
    /// <summary>Refuses numbers that are not whole, and indices that a table does not have.</summary>
    /// <exception cref="UsageException">There is one; the message names the array and the sample.</exception>
    public static void Require<T>(Experiment experiment, BuiltNetwork<T> built, params IEnumerable<Dataset<T>?> parts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var feed = experiment.Feeding.Feed;
        var leaves = built.Source.Graph.DataLeaves.ToList();
        foreach (var leaf in leaves.Where(built.Source.TakesIntegers))
        {
            var name = feed.ArrayOf(leaf.Name, leaves.Count);
            var taken = TakenNumbers.Of(built.Source.Graph, leaf);
            foreach (var data in parts.OfType<Dataset<T>>())
            {
                if ((SampleArray<T>.Find(data, name) ?? NumbersOf(data, name, leaf)) is not { } array) continue;
                if (FirstWrong(array, taken) is not { } place) continue;
                var (found, origin) = (array.Span[place], data.OriginOf(name));
                var (sample, element) = Math.DivRem(place, array.Length / array.Shape[0]);
                var where = $"{origin.SampleWords(data.PlaceOf(sample))}, {origin.ElementWords(element, "element")}";
                var number = found.ToString(null, CultureInfo.InvariantCulture);
                throw new UsageException($"{origin.File}: "
                    // A table's columns have names, and it has none.
                    + (origin.Columns.Count > 0 ? $"{where} has {number}"
                        : $"'{origin.Name ?? name}' has {number} in {where}")
                    + Wanted(leaf.Name, experiment.Model, taken));
            }
        }
    }

    /// <summary>Refuses them in an array that is given to a data leaf, if it is one that takes whole numbers.</summary>
    /// <param name="source">The network.</param>
    /// <param name="leaf">The leaf.</param>
    /// <param name="model">What messages call the network.</param>
    /// <param name="given">The array.</param>
    /// <param name="tensor">Its elements.</param>
    /// <exception cref="UsageException">There is one; the message names the array and the sample.</exception>
    public static void Require<T>(SourceNetwork<T> source, Vertex<T> leaf, string model, GivenArray given,
        Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!source.TakesIntegers(leaf)) return;
        var taken = TakenNumbers.Of(source.Graph, leaf);
        if (FirstWrong(tensor, taken) is not { } place) return;
        throw new UsageException(string.Create(CultureInfo.InvariantCulture,
            $"{given.Origin}: {given.Words(place)} of {given.Array.Source} is {tensor.Span[place]}")
            + Wanted(leaf.Name, model, taken));
    }

    /// <summary>Labels as a leaf of one number a sample gets them; null where it gets others.</summary>
    private static Tensor<T>? NumbersOf<T>(Dataset<T> data, string name, Vertex<T> leaf)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SampleArray<T>.IsTarget(data, name) && data.ClassCount > 1 && leaf.Shape.Length == leaf.Shape[0]
            ? Targets.Encode<T>(TargetEncoding.ClassIndex, data.Labels, data.ClassCount) : null;

    private static string Wanted(string leaf, string model, TakenNumbers? taken) =>
        $"; the input '{leaf}' of {model} takes whole numbers{(taken is null ? "" : $" in {taken}")}";

    private static int? FirstWrong<T>(Tensor<T> array, TakenNumbers? taken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var elements = array.Span;
        for (var i = 0; i < elements.Length; i++)
        {
            if (!T.IsInteger(elements[i]) || taken?.Contains(elements[i]) == false) return i;
        }
        return null;
    }
}
