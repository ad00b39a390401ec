using PcActors.Runs.Threads;

namespace PcActors.Tests.Runs.Threads;

/// <summary>Property: what waits is much when it takes longer than fetching it. Ticks are of a nanosecond.</summary>
public sealed class TurnLengthProperties
{
    private const int Fetching = 4_000;

    [Theory]
    [InlineData(100)]
    [InlineData(250)]
    [InlineData(1_999)]
    [InlineData(2_000)]
    [InlineData(50_000)]
    public void Several_are_much_by_the_length_of_the_last_turns(int turn)
    {
        var length = Of(turn);
        foreach (var actors in Enumerable.Range(0, 50))
            Assert.Equal(actors > 1 && actors * turn >= Fetching, length.IsMuch(actors));
    }

    [Fact]
    public void Where_nothing_has_been_measured_any_two_are()
    {
        var length = new TurnLength(1_000_000_000);
        length.Measure(5);
        Assert.Equal([false, false, true, true], Enumerable.Range(0, 4).Select(length.IsMuch));
    }

    [Fact]
    public void A_pause_is_no_turn()
    {
        var length = Of(100);
        length.Pause();
        length.Measure(1_000_000_000);
        Assert.False(length.IsMuch(39));
        length.Measure(1_000_000_000 + (TurnLength.Turns * 3_000));
        Assert.True(length.IsMuch(2));
    }

    [Fact]
    public void A_turn_of_any_length_is_known()
    {
        var length = Of(long.MaxValue / TurnLength.Turns / 2);
        Assert.True(length.IsMuch(int.MaxValue));
    }

    private static TurnLength Of(long turn)
    {
        var length = new TurnLength(1_000_000_000);
        length.Measure(1);
        length.Measure(1 + (TurnLength.Turns * turn));
        return length;
    }
}
