using PcActors.Graphs;

namespace PcActors.Tests.Learning.Mutants;

/// <summary>Levelling that forgets one identity.</summary>
internal static class MissingLevel
{
    /// <summary>A levelled graph without one of its identities, whose consumers read its source.</summary>
    public static Graph<double> Of(Graph<double> levelled, int identity)
    {
        var lost = levelled.Vertices.Where(v => v.IsLevellingIdentity).ElementAt(identity);
        var source = levelled.Inputs(lost.Id)[0];
        int Shifted(int id) => id > lost.Id ? id - 1 : id;
        var vertices = levelled.Vertices.Where(v => v != lost).Select(v => v with { Id = Shifted(v.Id) }).ToList();
        var edges = levelled.Edges.Where(e => e != source).Select(e => e with
        {
            From = Shifted(e.From == lost.Id ? source.From : e.From),
            To = Shifted(e.To),
        });
        return new Graph<double>(vertices, [.. edges]);
    }
}
