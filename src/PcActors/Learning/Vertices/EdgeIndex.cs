using System.Collections.Frozen;

namespace PcActors.Learning.Vertices;

/// <summary>Finds an edge number's place in a short list: a scan while that is the fastest, a table beyond.</summary>
internal readonly struct EdgeIndex
{
    private const int ScanLimit = 8;

    private readonly int[] _edges;
    private readonly FrozenDictionary<int, int>? _table;

    public EdgeIndex(int[] edges)
    {
        _edges = edges;
        _table = edges.Length <= ScanLimit ? null : edges.Select((edge, place) => (edge, place)).ToFrozenDictionary(p => p.edge, p => p.place);
    }

    public int Count => _edges.Length;

    /// <summary>The place of an edge number, or -1.</summary>
    public int Find(int edge) =>
        _table is null ? Array.IndexOf(_edges, edge) : _table.GetValueOrDefault(edge, -1);
}
