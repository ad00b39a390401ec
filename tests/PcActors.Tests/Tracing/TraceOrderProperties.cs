using PcActors.Tensors;
using PcActors.Tracing;
using PcActors.Tracing.Merging;

namespace PcActors.Tests.Tracing;

/// <summary>The order in which the events of several nodes are numbered: each node's own order, and sending
/// before what comes of it.</summary>
public sealed class TraceOrderProperties
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_event_has_one_number_and_nothing_comes_before_its_cause(int nodes)
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var random = new SeededRandom(seed, "order");
            var order = Order(nodes);
            // A run as it might have been: events of random nodes, some of which know of an event of another node.
            var events = new List<(int Node, long Number)>();
            var counts = new long[nodes];
            var causes = new List<((int Node, long Number) Event, (int Node, long Number) Cause)>();
            for (var i = 0; i < 300; i++)
            {
                var node = random.NextInt(nodes);
                var own = (node, ++counts[node]);
                var cause = events.Count > 0 ? events[random.NextInt(events.Count)] : own;
                if (cause.Item1 == node)
                {
                    order.Add(node, own.Item2);
                }
                else if (random.NextInt(2) == 0)
                {
                    order.Add(node, own.Item2, cause.Item1, cause.Item2);
                    causes.Add((own, cause));
                }
                else
                {
                    order.AddOrder(node, own.Item2 - 1, cause.Item1, cause.Item2);
                    order.Add(node, own.Item2);
                    causes.Add((own, cause));
                }
                events.Add(own);
            }
            order.Solve();
            long Of((int Node, long Number) e) => order.Of(e.Node, e.Number);
            Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(Of).Order());
            Assert.All(events.Where(e => e.Number > 1), e => Assert.True(Of((e.Node, e.Number - 1)) < Of(e)));
            Assert.All(causes, c => Assert.True(Of(c.Cause) < Of(c.Event)));
        }
    }

    [Fact]
    public void A_gap_or_a_number_that_is_there_twice_is_refused()
    {
        var gap = Order(2);
        gap.Add(0, 1);
        gap.Add(0, 3);
        Assert.Contains("gap at 2", Assert.Throws<TraceException>(gap.Solve).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<TraceException>(() => gap.Add(0, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<TraceException>(() => gap.Add(0, 0));
        Assert.Throws<TraceException>(() => gap.Add(0, long.MaxValue));
    }

    [Fact]
    public void Parts_that_contradict_each_other_are_refused()
    {
        var loop = Order(2);
        loop.Add(0, 1, 1, 1);
        loop.Add(1, 1, 0, 1);
        Assert.Contains("never sent", Assert.Throws<TraceException>(loop.Solve).Message, StringComparison.Ordinal);
        var unsent = Order(2);
        unsent.Add(0, 1, 1, 7);
        Assert.Throws<TraceException>(unsent.Solve);
        Assert.Throws<TraceException>(() => Order(2).Add(0, 1, 2, 1));
    }

    private static TraceOrder Order(int nodes) => new([.. Enumerable.Range(0, nodes).Select(n => $"node {n}")]);
}
