using PcActors.Learning.Vertices;

namespace PcActors.Tests.Learning;

/// <summary>The short lists that a vertex keeps of its edges are the lists, however they are kept.</summary>
public sealed class ShortListProperties
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(40)]
    public void An_edge_is_found_at_its_place_and_no_other_is(int count)
    {
        int[] edges = [.. Enumerable.Range(0, count).Select(i => ((count - i) * 7) % 101)];
        var index = new EdgeIndex(edges);
        Assert.Equal(count, index.Count);
        for (var edge = -1; edge <= 101; edge++) Assert.Equal(Array.IndexOf(edges, edge), index.Find(edge));
        // An index of nothing, which nobody made, finds nothing either.
        Assert.Equal(-1, default(EdgeIndex).Find(0));
    }

    [Theory]
    [InlineData]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(0, 2)]
    [InlineData(0, 1, 2, 3)]
    [InlineData(3, 0, 1)]
    public void Slots_come_in_the_order_given(params int[] slots)
    {
        var found = new List<int>();
        foreach (var slot in new SlotOrder(slots)) found.Add(slot);
        Assert.Equal(slots, found);
    }
}
