using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tests.Tensors.Kernels.Sharing;

/// <summary>Each part of a kernel is carried out once, by whichever threads there are.</summary>
public sealed class SharedWorkProperties
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(7, 3)]
    [InlineData(64, 5)]
    [InlineData(65, 2)]
    [InlineData(1000, 3)]
    [InlineData(3, 8)]
    public async Task Each_part_is_carried_out_once(int parts, int places)
    {
        for (var round = 0; round < 50; round++)
        {
            var times = new int[parts];
            var work = new SharedWork(parts, part => Interlocked.Increment(ref times[part]), places);
            await Task.WhenAll(Enumerable.Range(0, places).Select(place => Task.Run(() => work.Execute(place))));
            work.Wait();
            Assert.All(times, n => Assert.Equal(1, n));
            Assert.False(work.HasPartsLeft);
        }
    }

    [Theory]
    [InlineData(4, 2, 0, "0 1 2 3")]
    [InlineData(4, 2, 1, "3 2 1 0")]
    [InlineData(5, 2, 1, "4 3 2 1 0")]
    [InlineData(8, 4, 1, "3 2 1 0 4 5 6 7")]
    [InlineData(8, 4, 2, "4 5 6 7 3 2 1 0")]
    [InlineData(3, 3, 2, "2 1 0")]
    [InlineData(1, 3, 1, "0")]
    [InlineData(2, 8, 7, "1 0")]
    public void A_thread_begins_at_its_place_and_goes_towards_its_neighbour(
        int parts, int places, int place, string expected)
    {
        var order = new List<int>();
        new SharedWork(parts, order.Add, places).Execute(place);
        Assert.Equal(expected, string.Join(' ', order));
    }

    [Fact]
    public void What_a_part_throws_is_thrown_when_all_are_done()
    {
        var done = 0;
        var work = new SharedWork(3, part =>
        {
            if (part == 1) throw new InvalidOperationException("part 1");
            done++;
        }, places: 1);
        work.Execute(0);
        Assert.Equal("part 1", Assert.Throws<InvalidOperationException>(work.Wait).Message);
        Assert.Equal(2, done);
    }
}
