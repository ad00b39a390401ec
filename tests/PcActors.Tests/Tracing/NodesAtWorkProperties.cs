using PcActors.Learning.Protocol;
using PcActors.Tracing;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing;

/// <summary>How many nodes are at work at once: against intervals on paper, and against a
/// count at each moment.</summary>
public class NodesAtWorkProperties
{
    [Fact]
    public void Intervals_on_paper()
    {
        // Node a from 0 to 40 in two messages that overlap, b from 30 to 60, c from 60 to 100.
        TraceRecord[] records = [Turn("a", 0, 30), Turn("a", 20, 40), Turn("b", 30, 60), Turn("c", 60, 100)];
        Assert.Equal(new NodesAtWork(3, 2, 1.1, 0.1), NodesAtWork.Of(records));
    }

    [Fact]
    public void What_is_no_vertex_s_or_of_no_step_or_never_taken_does_not_count()
    {
        var turn = Turn("a", 0, 10);
        TraceRecord[] records = [turn with { To = TraceRecord.Coordinator }, turn with { Step = 0 },
            turn with { Taken = 0 }];
        Assert.Equal(new NodesAtWork(0, 0, 0, 0), NodesAtWork.Of(records));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_count_at_each_moment_agrees(int seed)
    {
        const int Span = 200;
        var random = new Random(seed);
        var records = Enumerable.Range(0, 60).Select(_ =>
        {
            var start = random.Next(Span);
            return Turn($"n{random.Next(4)}", start, start + random.Next(12));
        }).Append(Turn("n0", 0, 1)).Append(Turn("n1", Span + 20, Span + 21)).ToList();
        var counts = Enumerable.Range(0, Span + 21)
            .Select(t => records.Where(r => r.TakenAt <= t && t < r.DoneAt).Select(r => r.Node).Distinct().Count())
            .ToList();
        var found = NodesAtWork.Of(records);
        Assert.Equal(counts.Max(), found.Most);
        Assert.Equal(counts.Average(), found.Average, 1e-9);
        Assert.Equal((double)counts.Count(c => c > 1) / counts.Count, found.Several, 1e-9);
    }

    private static TraceRecord Turn(string node, long from, long to) =>
        new()
        {
            Node = node,
            N = 1,
            Taken = 2,
            TakenAt = from,
            DoneAt = to,
            From = 0,
            To = 1,
            Kind = MessageKind.Value.Name,
            Step = 1
        };
}
