using PcActors.Graphs;

namespace PcActors.Tests.Graphs;

/// <summary>Edges in one array are the edges of each vertex, in the orders that are promised.</summary>
public sealed class EdgeGroupsProperties
{
    private const int Vertices = 30;

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public void Each_vertex_has_its_edges(int seed, bool isSorted)
    {
        var edges = Draw(new Random(seed));
        if (isSorted) edges = [.. edges.OrderBy(e => e.To).ThenBy(e => e.Slot)];
        var before = edges.ToArray();
        var (inputs, consumers) = (EdgeGroups.ByConsumer(edges, Vertices), EdgeGroups.ByInput(edges, Vertices));
        for (var vertex = 0; vertex < Vertices; vertex++)
        {
            Assert.Equal(before.Where(e => e.To == vertex).OrderBy(e => e.Slot), inputs[vertex]);
            Assert.Equal(before.Where(e => e.From == vertex), consumers[vertex]);
            Assert.Equal(before.Any(e => e.From == vertex && e.Slot == 2), consumers.Any(vertex, e => e.Slot == 2));
        }
        consumers.Order((a, b) => b.Number.CompareTo(a.Number));
        for (var vertex = 0; vertex < Vertices; vertex++)
        {
            Assert.Equal(before.Where(e => e.From == vertex).OrderByDescending(e => e.Number), consumers[vertex]);
            Assert.Equal(before.Where(e => e.To == vertex).OrderBy(e => e.Slot), inputs[vertex]);
        }
        // Whoever gave them has them as they were.
        Assert.Equal(before, edges);
    }

    // Up to five inputs each, of any vertices; some have none.
    private static Edge[] Draw(Random random)
    {
        var ends = Enumerable.Range(0, Vertices)
            .SelectMany(to => Enumerable.Range(0, random.Next(6)).Select(slot => (To: to, Slot: slot))).ToArray();
        random.Shuffle(ends);
        return [.. ends.Select((end, number) => new Edge(number, random.Next(Vertices), end.To, end.Slot))];
    }
}
