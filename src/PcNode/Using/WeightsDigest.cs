using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcNode.Networks;

namespace PcNode.Using;

/// <summary>The digest of a network's parameters, by which it is known again.</summary>
/// <remarks>An exported model file has constants that the network did not have when its digest was taken: what
/// standardises features. The file says which digest that was, and here it is taken anew; where it does not come out,
/// the weights are others by now, and the digest is that of all parameters.</remarks>
internal static class WeightsDigest
{
    /// <summary>The digest.</summary>
    /// <param name="source">Where the network is from.</param>
    /// <param name="graph">The network, as its source has it.</param>
    /// <param name="parameters">Its parameters, in the order of the graph.</param>
    public static string Of<T>(NetworkSource source, Graph<T> graph, IReadOnlyList<NamedTensor<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var all = Parameters.Sha256(parameters);
        if (source is not OnnxSource { WeightsSha256: { } said, HasStandardization: true } || said == all) return all;
        // As the export calls them; a name that was taken has a stroke more.
        HashSet<string> added =
        [
            .. graph.DataLeaves.SelectMany(leaf => new[] { $"{leaf.Name}/mean", $"{leaf.Name}/scale" }),
            $"{graph.Root.Name}/deviation", $"{graph.Root.Name}/mean",
        ];
        var own = Parameters.Sha256(parameters.Where(p => !added.Contains(p.Name.TrimEnd('\''))));
        return own == said ? own : all;
    }
}
