using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using PcActors.Graphs;
using PcActors.Tensors;
using PcActors.Testing;

namespace PcActors.Tests.Tracing.Pictures;

/// <summary>The page in a real browser.</summary>
[Trait("Suite", "Long")]
public class HtmlWaveInBrowser
{
    private const string Missing = "Chromium is not installed";

    [SkippableTheory]
    [InlineData("t=0", 1400)]
    [InlineData("t=3.5&theme=dark&vertex=4", 1400)]
    [InlineData("t=999", 420)]
    public async Task The_page_shows_every_vertex_and_complains_of_nothing(string fragment, int width)
    {
        Skip.IfNot(Chromium.IsInstalled, Missing);
        var run = await PicturedRun.OfAsync(norms: true);
        await using var browser = await Chromium.OpenAsync(HtmlWaveProperties.Page(run), fragment, width);
        Assert.Equal([], browser.Console);
        AssertShown(run, await browser.Page.ContentAsync());
        var picture = await browser.Page.ScreenshotAsync();
        Assert.True(picture.Length > 10_000, "the picture is empty");
        Save($"small-{width}-{fragment}", picture);
    }

    [SkippableFact]
    public async Task A_chosen_vertex_shows_its_messages()
    {
        Skip.IfNot(Chromium.IsInstalled, Missing);
        var run = await PicturedRun.OfAsync(steps: 1);
        var vertex = run.Header.Vertices.Single(v => v.Name == "sum");
        await using var browser = await Chromium.OpenAsync(HtmlWaveProperties.Page(run), $"vertex={vertex.Id}");
        Assert.Equal([], browser.Console);
        var document = await browser.Page.ContentAsync();
        Assert.All(run.Records.Where(r => (r.From == vertex.Id || r.To == vertex.Id) && r.Hash != 0), r =>
            Assert.Contains(r.Hash.ToString("x16", null), document, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task The_free_energy_goes_with_the_wave()
    {
        Skip.IfNot(Chromium.IsInstalled, Missing);
        var (run, results) = await PicturedRun.InferringAsync("il", 1);
        var energies = results[0].Inference!.FreeEnergies;
        await using var browser = await Chromium.OpenAsync(HtmlWaveProperties.Page(run));
        Assert.Equal("Free energy F by timestep", await browser.Page.InnerTextAsync("#energy-now"));
        Assert.Equal(energies.Count, await browser.Page.Locator("#energy-plot .energy-point").CountAsync());
        await browser.Page.PressAsync("body", "End");
        await AssertShownAsync(energies[^1], energies.Count - 1);
        // What parameters learn from is on its way, and before that the values of the last timestep: the one before it
        // is the last that is complete.
        await browser.Page.PressAsync("body", "ArrowLeft");
        await AssertShownAsync(energies[^1], energies.Count - 1);
        await browser.Page.PressAsync("body", "ArrowLeft");
        await AssertShownAsync(energies[^2], energies.Count - 2);
        var parts = await browser.Page.Locator("#vertices .part:not(:empty)").CountAsync();
        Assert.Equal(results[0].Inference!.ByVertex.Count(e => e.Time == energies.Count - 2), parts);
        var captions = string.Join(' ', await browser.Page.Locator("#graph title").AllTextContentsAsync());
        Assert.Equal(parts, Regex.Count(captions, $@"energy \S+ at t = {energies.Count - 2}\b"));
        Assert.Equal([], browser.Console);
        Save("energy", await browser.Page.ScreenshotAsync());

        async Task AssertShownAsync(double energy, int time)
        {
            var words = await browser.Page.InnerTextAsync("#energy-now");
            var shown = double.Parse(Regex.Match(words, @"F = (\S+)").Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.Equal(energy, shown, Math.Abs(energy) * 1e-3);
            Assert.EndsWith($"at t = {time}, mean over 4 samples", words, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task A_network_too_large_to_draw_vertex_by_vertex_is_drawn_in_groups()
    {
        Skip.IfNot(Chromium.IsInstalled, Missing);
        var builder = new GraphBuilder<float>(seed: 1);
        var network = builder.Build(
            builder.Data("input", new Shape(2, 16)).Dense("hidden", 160).Tanh("tanh").Dense("output", 10));
        var graph = Partition.Split(network, 80);
        var run = await PicturedRun.OfAsync(graph, steps: 1);
        await using var browser = await Chromium.OpenAsync(HtmlWaveProperties.Page(run), "t=4.5");
        Assert.Equal([], browser.Console);
        var document = await browser.Page.ContentAsync();
        AssertShown(run, document);
        Assert.True(Regex.Count(document, "data-vertices=") < run.Header.Vertices.Count / 2);
        Save("groups", await browser.Page.ScreenshotAsync());
    }

    private static void AssertShown(RecordedRun run, string document)
    {
        var listed = Regex.Matches(document, "data-vertex=\"(\\d+)\"").Select(m => int.Parse(m.Groups[1].Value, null))
            .Order();
        Assert.Equal(run.Header.Vertices.Select(v => v.Id), listed);
        var drawn = Regex.Matches(document, "data-vertices=\"([\\d ]+)\"").SelectMany(m => m.Groups[1].Value.Split(' '))
            .Select(id => int.Parse(id, null)).Order();
        Assert.Equal(run.Header.Vertices.Select(v => v.Id), drawn);
        Assert.All(run.Header.Vertices,
            v => Assert.Contains(v.Name, WebUtility.HtmlDecode(document), StringComparison.Ordinal));
        Assert.DoesNotContain("This page plays a recorded training step; it needs JavaScript.</p>", document,
            StringComparison.Ordinal);
    }

    /// <summary>Keeps a picture to look at, where that is asked for.</summary>
    private static void Save(string name, byte[] picture)
    {
        if (Environment.GetEnvironmentVariable("PCACTORS_PICTURES") is { Length: > 0 } folder)
            File.WriteAllBytes(Path.Combine(folder, $"{Regex.Replace(name, "[^a-z0-9]+", "-")}.png"), picture);
    }
}
