using System.Numerics;
using PcActors.Graphs;
using PcActors.Runs;

namespace PcNode.Output;

/// <summary>The course of one vertex's energy through an inference.</summary>
/// <param name="Vertex">Its name.</param>
/// <param name="ByTimestep">Its energy at each timestep, the forward initialisation's first: mean over the
/// batch.</param>
internal sealed record EnergyCourse(string Vertex, IReadOnlyList<double> ByTimestep)
{
    // Of more vertices the energies are in the JSON lines and in the file.
    private const int MostInWords = 8;

    /// <summary>For programs.</summary>
    public (string Key, object? Value)[] Json => [("vertex", Vertex), ("byTimestep", ByTimestep)];

    /// <summary>Where the energy is when inference has ended, the most first; null for none.</summary>
    public static string? Words(IReadOnlyList<EnergyCourse>? courses)
    {
        if (courses is null) return null;
        var shown = courses.OrderByDescending(c => c.ByTimestep[^1]).Take(MostInWords)
            .Select(c => $"{c.Vertex} {c.ByTimestep[^1]:0.0000}");
        var others = courses.Count - MostInWords;
        return string.Join(", ", shown) + (others > 0 ? $", and {others:#,0} others" : "");
    }

    /// <summary>The courses of an inference: of each latent vertex, of the root, and of what else has an
    /// energy.</summary>
    /// <param name="record">The inference, with the energies of vertices.</param>
    /// <param name="graph">The graph that runs.</param>
    public static IReadOnlyList<EnergyCourse> Of<T>(InferenceRecord record, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // What is 0 is not among those that are reported.
        var known = record.ByVertex.ToDictionary(e => (e.Time, e.Vertex), e => e.Energy);
        return
        [
            .. graph.Vertices.Where(v => v.IsLatent || v.Id == graph.RootId).Select(v => v.Id)
                .Union(record.ByVertex.Select(e => e.Vertex)).Order()
                .Select(id => new EnergyCourse(graph.Vertices[id].Name,
                    [.. Enumerable.Range(0, record.FreeEnergies.Count).Select(t => known.GetValueOrDefault((t, id)))])),
        ];
    }
}
