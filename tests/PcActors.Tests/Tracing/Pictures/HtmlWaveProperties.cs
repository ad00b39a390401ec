using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PcActors.Learning.Protocol;
using PcActors.Testing;
using PcActors.Tracing.Format;
using PcActors.Tracing.Pictures;

namespace PcActors.Tests.Tracing.Pictures;

/// <summary>The page holds what was recorded, and nothing that could run or load but what it is made of.</summary>
public class HtmlWaveProperties
{
    [Fact]
    public async Task The_page_holds_every_vertex_edge_and_message()
    {
        var run = await PicturedRun.OfAsync();
        var data = DataOf(Page(run));
        Assert.Equal(run.Header.Vertices.Select(v => v.Name),
            data.GetProperty("vertices").EnumerateArray().Select(v => v.GetProperty("name").GetString()));
        Assert.Equal(run.Header.Vertices.Select(v => v.Level),
            data.GetProperty("vertices").EnumerateArray().Select(v => v.GetProperty("level").GetInt32()));
        Assert.Equal(
            run.Header.Edges.Select(e => (e.Number, e.From, e.To)),
            data.GetProperty("edges").EnumerateArray()
                .Select(e => (e[0].GetInt32(), e[1].GetInt32(), e[2].GetInt32())));
        var columns = data.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!).ToList();
        var messages = data.GetProperty("messages").EnumerateArray().ToList();
        JsonElement Cell(JsonElement message, string column) => message[columns.IndexOf(column)];
        Assert.All(messages, m => Assert.Equal(columns.Count, m.GetArrayLength()));
        Assert.Equal(run.Records.Select(r => (r.Kind, r.From, r.To)), messages.Select(m =>
            (Cell(m, "kind").GetString()!, Cell(m, "from").GetInt32(), Cell(m, "to").GetInt32())));
        var hashes = messages.Where(m => Cell(m, "hash").ValueKind == JsonValueKind.String)
            .Select(m => Cell(m, "hash").GetString());
        Assert.Equal(run.Records.Where(r => r.Form != TraceForm.None).Select(r => r.Hash.ToString("x16", null)),
            hashes);
        Assert.Equal(0, data.GetProperty("leftOut").GetInt64());
    }

    [Fact]
    public async Task No_name_gets_out_of_the_data()
    {
        var run = await PicturedRun.OfAsync(steps: 1);
        var page = Page(run with { Header = run.Header with { Model = PicturedRun.EvilName } });
        Assert.Equal(2, Regex.Count(page, "<script"));
        Assert.Equal(2, Regex.Count(page, "</script"));
        Assert.DoesNotContain("alert(",
            Regex.Match(page, "<title>.*</title>").Value.Replace("alert(&#39;", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Equal(PicturedRun.EvilName, DataOf(page).GetProperty("model").GetString());
        Assert.Equal("", Regex.Match(page, @"\{\{|\}\}(?!\s*\)|;|`)").Value.Trim('{', '}'));
    }

    [Fact]
    public async Task The_page_loads_nothing()
    {
        var page = Page(await PicturedRun.OfAsync(steps: 1));
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        // The name of SVG's namespace is an address that nobody goes to.
        var rest = page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
        Assert.DoesNotMatch(
            @"https?:|//cdn|\bsrc=|<link|@import|url\(|\bfetch\(|XMLHttpRequest|WebSocket|\bimport\(|innerHTML|\beval\(", rest);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Errors_have_norms_where_elements_or_norms_were_recorded(bool payloads, bool norms)
    {
        var run = await PicturedRun.OfAsync(steps: 1, payloads: payloads, norms: norms);
        var data = DataOf(Page(run));
        var columns = data.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!).ToList();
        var rows = data.GetProperty("messages").EnumerateArray().ToList();
        var shown = rows.Select(m => (Kind: m[columns.IndexOf("kind")].GetString(), Norm: m[columns.IndexOf("norm")]))
            .ToList();
        Assert.All(shown.Where(m => m.Kind == MessageKind.Error.Name), m => Assert.True(m.Norm.GetDouble() > 0));
        Assert.All(shown.Where(m => m.Kind != MessageKind.Error.Name),
            m => Assert.Equal(JsonValueKind.Null, m.Norm.ValueKind));
    }

    [Fact]
    public async Task Norms_from_elements_are_those_recorded()
    {
        var run = await PicturedRun.OfAsync(steps: 1, payloads: true, norms: true);
        var norms = new ErrorNorm(run.Header);
        var errors = run.Records.Where(r => r.Kind == MessageKind.Error.Name).ToList();
        Assert.NotEmpty(errors);
        Assert.Contains(errors, r => r.Form == TraceForm.Factored);
        Assert.All(errors,
            r => Assert.Equal(r.Norm!.Value, norms.Of(r with { Norm = null })!.Value, r.Norm.Value * 1e-5));
    }

    [Fact]
    public async Task Whole_steps_are_shown_at_least_one_and_the_page_says_what_is_left_out()
    {
        var run = await PicturedRun.OfAsync(steps: 3);
        var data = DataOf(Page(run, maxMessages: 1));
        var step = data.GetProperty("columns").EnumerateArray().Select(c => c.GetString()).ToList().IndexOf("step");
        var shown = data.GetProperty("messages").EnumerateArray()
            .Select(m => m[step].ValueKind == JsonValueKind.Null ? 0 : m[step].GetInt64()).ToList();
        var steps = shown.Distinct().ToList();
        Assert.Equal(run.Records.Count(r => steps.Contains(r.Step)), shown.Count);
        Assert.Equal(run.Records.Count - shown.Count, data.GetProperty("leftOut").GetInt64());
        Assert.True(shown.Count < run.Records.Count);
        Assert.Equal([0L, 1L], steps.Order());
    }

    [Theory]
    [InlineData("il", 1)]
    [InlineData("il", 2)]
    [InlineData("ipc", 2)]
    [InlineData("epc", 1)]
    public async Task Free_energy_is_shown_as_the_step_has_told_it(string rule, int microBatches)
    {
        var (run, results) = await PicturedRun.InferringAsync(rule, microBatches);
        var shown = DataOf(Page(run)).GetProperty("energies").EnumerateArray().ToList();
        Assert.Equal(results.Select(r => r.Step), shown.Select(e => e.GetProperty("step").GetInt64()));
        foreach (var (result, energies) in results.Zip(shown))
        {
            var timesteps = energies.GetProperty("timesteps").EnumerateArray().ToList();
            Assert.Equal(result.Inference!.FreeEnergies.Count, timesteps.Count);
            foreach (var (time, timestep) in timesteps.Index())
            {
                Assert.Equal(time, timestep[0].GetInt32());
                var expected = result.Inference.FreeEnergies[time];
                Assert.Equal(expected, timestep[1].GetDouble(), 1e-12 * Math.Abs(expected));
                Assert.Equal(
                    result.Inference.ByVertex.Where(e => e.Time == time).Select(e => ($"{e.Vertex}", e.Energy)),
                    timestep[2].EnumerateObject().Select(p => (p.Name, p.Value.GetDouble())));
            }
        }
    }

    [Fact]
    public async Task Where_no_value_settles_there_is_no_free_energy() => Assert.Equal(0,
        DataOf(Page(await PicturedRun.OfAsync(steps: 1))).GetProperty("energies").GetArrayLength());

    [Fact]
    public async Task A_page_is_written_from_a_trace_file()
    {
        using var file = new MemoryStream();
        var run = await PicturedRun.OfAsync(steps: 1);
        using var writer = new TraceWriter(file, run.Header);
        foreach (var record in run.Records) writer.Write(record);
        writer.End();
        using var page = new MemoryStream();
        using var reader = new TraceReader(new MemoryStream(file.ToArray()), "run.jsonl");
        HtmlWave.Write(reader, page);
        Assert.Equal(Page(run), Encoding.UTF8.GetString(page.ToArray()));
    }

    internal static string Page(RecordedRun run, int maxMessages = HtmlWave.UsualMaxMessages)
    {
        using var page = new MemoryStream();
        HtmlWave.Write(run.Header, run.Records, page, maxMessages);
        return Encoding.UTF8.GetString(page.ToArray());
    }

    private static JsonElement DataOf(string page)
    {
        const string Begin = "<script id=\"trace\" type=\"application/json\">";
        var start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return JsonDocument.Parse(page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)]).RootElement;
    }
}
