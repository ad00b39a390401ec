using System.Text.Json;
using PcActors.Tracing.Format;
using PcActors.Tracing.Pictures;

namespace PcActors.Tests.Tracing.Pictures;

/// <summary>What Chrome's trace event format asks for, and that the events are those recorded.</summary>
public class PerfettoTraceProperties
{
    [Fact]
    public async Task Each_message_handled_is_a_slice_on_its_receivers_track()
    {
        var run = await PicturedRun.OfAsync();
        var events = Events(run.Header, run.Records);
        var tracks = TrackNames(events);
        var slices = events.Where(e => Phase(e) == "X").ToList();
        Assert.Equal(run.Records.Count(r => r.Taken > 0), slices.Count);
        var byNumber = run.Records.ToDictionary(r => r.N);
        foreach (var slice in slices)
        {
            var record = byNumber[slice.GetProperty("args").GetProperty("n").GetInt64()];
            Assert.Equal(record.Kind, slice.GetProperty("name").GetString());
            Assert.Equal(record.TakenAt / 1000m, slice.GetProperty("ts").GetDecimal());
            Assert.Equal((record.DoneAt - record.TakenAt) / 1000m, slice.GetProperty("dur").GetDecimal());
            var track = tracks[Track(slice)];
            if (record.To < 0) Assert.Equal("coordinator", track);
            else Assert.StartsWith(run.Header.Vertices[record.To].Name, track, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Slices_of_a_track_do_not_overlap()
    {
        var run = await PicturedRun.OfAsync();
        foreach (var track in Events(run.Header, run.Records).Where(e => Phase(e) == "X").GroupBy(Track))
        {
            var end = 0m;
            foreach (var slice in track.OrderBy(Time))
            {
                Assert.True(Time(slice) >= end);
                end = Time(slice) + slice.GetProperty("dur").GetDecimal();
            }
        }
    }

    [Fact]
    public async Task Tracks_are_in_order_of_level()
    {
        var run = await PicturedRun.OfAsync(steps: 1);
        var events = Events(run.Header, run.Records);
        var tracks = TrackNames(events);
        var order = events.Where(e => Phase(e) == "M" && e.GetProperty("name").GetString() == "thread_sort_index")
            .OrderBy(e => e.GetProperty("args").GetProperty("sort_index").GetInt32()).Select(e => tracks[Track(e)])
            .ToList();
        Assert.Equal("coordinator", order[0]);
        var levels = order.Skip(1)
            .Select(name => run.Header.Vertices.Single(v => name == $"{v.Name} (level {v.Level})").Level).ToList();
        Assert.Equal(run.Header.Vertices.Count, levels.Count);
        Assert.Equal(levels.OrderDescending(), levels);
    }

    [Fact]
    public async Task An_arrow_leads_from_within_the_slice_that_sent_a_message_to_the_one_that_handled_it()
    {
        var run = await PicturedRun.OfAsync(steps: 1);
        var events = Events(run.Header, run.Records);
        var slices = events.Where(e => Phase(e) == "X").ToLookup(Track);
        var ends = events.Where(e => Phase(e) == "f").ToDictionary(e => e.GetProperty("id").GetInt64());
        var starts = events.Where(e => Phase(e) == "s").ToList();
        Assert.Equal(ends.Count, starts.Count);
        var messages = run.Records.Where(r => r.IsBetweenVertices).ToDictionary(r => r.N);
        foreach (var start in starts.Where(s => messages.ContainsKey(s.GetProperty("id").GetInt64())))
        {
            var end = ends[start.GetProperty("id").GetInt64()];
            Assert.Contains(slices[Track(start)],
                s => Time(s) <= Time(start) && Time(start) <= Time(s) + s.GetProperty("dur").GetDecimal());
            Assert.Contains(slices[Track(end)], s => Time(s) == Time(end));
            Assert.True(Time(start) <= Time(end));
            Assert.Equal(start.GetProperty("name").GetString(), end.GetProperty("name").GetString());
        }
    }

    [Fact]
    public async Task A_message_that_was_never_taken_is_a_mark()
    {
        var run = await PicturedRun.OfAsync(steps: 1);
        var lost = run.Records[^1] with { Taken = 0, TakenAt = 0, DoneAt = 0 };
        var mark = Assert.Single(Events(run.Header, [lost]), e => Phase(e) is "i" or "X" or "s" or "f");
        Assert.Equal("i", Phase(mark));
        Assert.Equal(lost.ArrivedAt / 1000m, Time(mark));
    }

    private static List<JsonElement> Events(TraceHeader header, IEnumerable<TraceRecord> records)
    {
        using var output = new MemoryStream();
        PerfettoTrace.Write(header, records, output);
        return [.. JsonDocument.Parse(output.ToArray()).RootElement.GetProperty("traceEvents").EnumerateArray()];
    }

    private static Dictionary<(int, int), string> TrackNames(List<JsonElement> events) => events
        .Where(e => Phase(e) == "M" && e.GetProperty("name").GetString() == "thread_name")
        .ToDictionary(Track, e => e.GetProperty("args").GetProperty("name").GetString()!);

    private static string? Phase(JsonElement e) => e.GetProperty("ph").GetString();

    private static (int Process, int Thread) Track(JsonElement e) =>
        (e.GetProperty("pid").GetInt32(), e.GetProperty("tid").GetInt32());

    private static decimal Time(JsonElement e) => e.GetProperty("ts").GetDecimal();
}
