using System.Collections.Frozen;

namespace PcActors.Learning.Vertices;

/// <summary>Finds the place of an edge's number in a list. Few vertices have more than two, and those need no memory
/// of their own; up to eight are searched one by one, more by a table.</summary>
internal readonly struct EdgeIndex
{
    private readonly int _first;
    private readonly int _second;
    private readonly Longer? _longer;

    public EdgeIndex(IEnumerable<int> edges)
    {
        var count = 0;
        foreach (var edge in edges)
        {
            if (count == 0) _first = edge;
            else if (count == 1) _second = edge;
            count++;
        }
        Count = count;
        _longer = count > 2 ? new Longer([.. edges]) : null;
    }

    public int Count { get; }

    /// <summary>The place of an edge number, or -1.</summary>
    public int Find(int edge) =>
        _longer is { } longer ? longer.Find(edge)
        : Count > 0 && edge == _first ? 0
        : Count > 1 && edge == _second ? 1
        : -1;

    private sealed class Longer(int[] edges)
    {
        private const int ScanLimit = 8;

        private readonly FrozenDictionary<int, int>? _table = edges.Length <= ScanLimit
            ? null
            : edges.Index().ToFrozenDictionary(e => e.Item, e => e.Index);

        public int Find(int edge) =>
            _table is null ? Array.IndexOf(edges, edge) : _table.GetValueOrDefault(edge, -1);
    }
}
