using System.Globalization;
using System.Numerics;
using PcActors.Data;
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
            var extent = built.Source.TableOf(leaf);
            foreach (var data in parts.OfType<Dataset<T>>())
            {
                if (SampleArray<T>.Find(data, name) is not { } array) continue;
                if (FirstWrong(array, extent) is not { } place) continue;
                var (found, row) = (array.Span[place], array.Length / array.Shape[0]);
                throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                    $"{data.Name}: '{name}' has {found} in sample {place / row}, element {place % row}; the input ")
                    + $"'{leaf.Name}' of {experiment.Model} takes whole numbers"
                    + (extent is { } length ? $" in [{-length}, {length - 1}]" : ""));
            }
        }
    }

    private static int? FirstWrong<T>(Tensor<T> array, int? extent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var elements = array.Span;
        for (var i = 0; i < elements.Length; i++)
        {
            if (!T.IsInteger(elements[i])) return i;
            if (extent is { } length
                && (elements[i] < T.CreateChecked(-length) || elements[i] >= T.CreateChecked(length))) return i;
        }
        return null;
    }
}
