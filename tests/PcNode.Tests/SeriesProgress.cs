using PcNode.Output;

namespace PcNode.Tests;

/// <summary>Theorem: parts that take the same time each leave as much time as there are parts left.</summary>
public sealed class SeriesProgress
{
    [Theory]
    [InlineData(0.25, "about 1 s left", "about 1 s left")]
    [InlineData(10, "about 20 s left", "about 10 s left")]
    [InlineData(119.6, "about 4 min left", "about 120 s left")]
    [InlineData(3_600, "about 120 min left", "about 60 min left")]
    public async Task The_time_left_is_that_of_as_many_parts(double seconds, string after1, string after2)
    {
        var clock = new Clock();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var series = Series(new Terminal(output, error) { Time = clock });
        await series.RunAsync([1, 2, 3], part => Take(clock, seconds, part), CancellationToken.None);
        Assert.Equal([$"1 of 3: part 1; {after1}", $"2 of 3: part 2; {after2}", "3 of 3: part 3"], Lines(error));
        Assert.Equal(["1, 2, 3"], Lines(output));
    }

    [Fact]
    public async Task What_is_done_is_shown_when_a_later_part_fails_and_one_alone_says_nothing()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var series = Series(new Terminal(output, error));
        await Assert.ThrowsAsync<InvalidOperationException>(() => series.RunAsync(
            [1, 2, 3], part => part == 3 ? throw new InvalidOperationException() : Task.FromResult(part),
            CancellationToken.None));
        Assert.Equal(["Not complete: 2 of 3 done.", "1, 2"], Lines(output));
        error.GetStringBuilder().Clear();
        await series.RunAsync([7], Task.FromResult, CancellationToken.None);
        Assert.Empty(Lines(error));
    }

    [Fact]
    public async Task A_part_that_does_not_heed_an_interruption_does_not_keep_what_is_done()
    {
        using var cancellation = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var never = new TaskCompletionSource<int>();
        var series = Series(new Terminal(output, error));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => series.RunAsync(
            [1, 2],
            part =>
            {
                if (part == 1) return Task.FromResult(part);
                cancellation.Cancel();
                return never.Task;
            },
            cancellation.Token));
        Assert.Equal(["Not complete: 1 of 2 done.", "1"], Lines(output));
    }

    private static Series<int> Series(Terminal terminal) => new(terminal, isJson: false)
    {
        Words = part => $"part {part}",
        WriteJson = _ => throw new InvalidOperationException("JSON was not asked for"),
        WriteText = parts => terminal.Print(string.Join(", ", parts)),
    };

    private static Task<int> Take(Clock clock, double seconds, int part)
    {
        clock.Now += (long)(seconds * clock.TimestampFrequency);
        return Task.FromResult(part);
    }

    private static string[] Lines(StringWriter text) =>
        text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long GetTimestamp() => Now;
    }
}
