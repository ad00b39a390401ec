using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Tests.Tracing.Pictures;

/// <summary>Every control of the page, by mouse, in a real browser: what it does is seen where a
/// person would see it.</summary>
[Trait("Suite", "Long")]
public sealed class HtmlWaveByMouse : IAsyncLifetime
{
    private static readonly string[] Controls =
    [
        "back", "fit", "follow", "grouping", "legend", "micro", "on", "play", "search", "slider", "speed", "step",
        "theme", "zoom-in", "zoom-out",
    ];

    private Chromium? _browser;

    private IPage Page => _browser!.Page;

    public async Task InitializeAsync()
    {
        if (!Chromium.IsInstalled) return;
        var builder = new GraphBuilder<float>(seed: 1);
        var network = builder.Build(
            builder.Data("input", new Shape(4, 16)).Dense("hidden", 40).Tanh("tanh").Dense("output", 10));
        var run = await PicturedRun.OfAsync(Partition.Split(network, 8), steps: 2, norms: true, microBatches: 2);
        _browser = await Chromium.OpenAsync(HtmlWaveProperties.Page(run), "show=each");
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
    }

    [SkippableFact]
    public async Task There_is_a_test_for_each_control()
    {
        SkipWithoutBrowser();
        var ids = await Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('button, select, input, summary')].filter(e => "
            + "!e.closest('#vertices')).map(e => e.id || e.parentElement.id)");
        Assert.Equal(Controls, ids.Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task The_slider_goes_where_it_is_clicked_and_follows_where_it_is_dragged()
    {
        SkipWithoutBrowser();
        var times = new List<string>();
        foreach (var place in new[] { 0.25, 0.75, 0.1 })
        {
            await PressSliderAsync(place);
            await Page.Mouse.UpAsync();
            await StandsAtAsync(place);
            times.Add(await Page.InnerTextAsync("#now"));
        }
        Assert.Equal(3, times.Distinct().Count());
        await PressSliderAsync(0.1);
        foreach (var place in new[] { 0.3, 0.6, 0.9 })
        {
            var (x, y) = await OnSliderAsync(place);
            await Page.Mouse.MoveAsync(x, y, new() { Steps = 4 });
            await StandsAtAsync(place);
        }
        await Page.Mouse.UpAsync();
        await StandsAtAsync(0.9);
        AssertSilent();
    }

    [SkippableFact]
    public async Task The_slider_takes_over_while_the_wave_plays()
    {
        SkipWithoutBrowser();
        await Page.ClickAsync("#play");
        Assert.Equal("Pause", await Page.InnerTextAsync("#play"));
        await Page.WaitForFunctionAsync("() => Number(document.getElementById('slider').value) > 0.2");
        await PressSliderAsync(0.8);
        await Page.Mouse.UpAsync();
        Assert.Equal("Play", await Page.InnerTextAsync("#play"));
        await StandsAtAsync(0.8);
        AssertSilent();
    }

    [SkippableFact]
    public async Task Buttons_play_pause_and_go_step_by_step()
    {
        SkipWithoutBrowser();
        await Page.ClickAsync("#on");
        Assert.Equal(1, await SliderAsync());
        await Page.ClickAsync("#on");
        await Page.ClickAsync("#on");
        await Page.ClickAsync("#back");
        Assert.Equal(2, await SliderAsync());
        await Page.SelectOptionAsync("#speed", "8");
        await Page.ClickAsync("#play");
        // To the end, where it stops of its own accord; from there it begins anew.
        await Page.WaitForFunctionAsync("() => document.getElementById('play').textContent === 'Play'");
        Assert.Equal(await LengthAsync(), await SliderAsync());
        await Page.SelectOptionAsync("#speed", "0.25");
        await Page.ClickAsync("#play");
        await Page.WaitForFunctionAsync("() => Number(document.getElementById('slider').value) < 2");
        await Page.ClickAsync("#play");
        var paused = await SliderAsync();
        await Task.Delay(200);
        Assert.Equal(paused, await SliderAsync());
        AssertSilent();
    }

    [SkippableFact]
    public async Task The_drawing_is_zoomed_moved_fitted_and_followed()
    {
        SkipWithoutBrowser();
        await Page.ClickAsync("#fit");
        var fitted = await ViewAsync();
        await Page.ClickAsync("#zoom-in");
        Assert.Equal(1.25, (await ViewAsync()).Scale / fitted.Scale, 0.01);
        await Page.ClickAsync("#zoom-out");
        Assert.Equal(fitted.Scale, (await ViewAsync()).Scale, 0.01);
        var stage = (await Page.Locator("#graph").BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(stage.X + (stage.Width / 2), stage.Y + 20);
        await Page.Mouse.WheelAsync(0, -300);
        await Page.WaitForFunctionAsync(
            $"() => Number(/scale\\(([^)]*)/.exec(document.querySelector('#graph > "
            + $"g').getAttribute('transform'))[1]) > {Text(1.2 * fitted.Scale)}");
        var before = await ViewAsync();
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(stage.X + (stage.Width / 2) + 60, stage.Y + 60, new() { Steps = 6 });
        await Page.Mouse.UpAsync();
        var after = await ViewAsync();
        Assert.Equal((60, 40), (Math.Round(after.X - before.X), Math.Round(after.Y - before.Y)));
        await Page.ClickAsync("#fit");
        Assert.Equal(fitted, await ViewAsync());
        for (var i = 0; i < 8; i++) await Page.ClickAsync("#zoom-in");
        await Page.SetCheckedAsync("#follow", true);
        await PressSliderAsync(0.1);
        await Page.Mouse.UpAsync();
        var leaves = await ViewAsync();
        await PressSliderAsync(0.5);
        await Page.Mouse.UpAsync();
        Assert.NotEqual(leaves.X, (await ViewAsync()).X);
        AssertSilent();
    }

    [SkippableFact]
    public async Task Choices_change_what_is_shown()
    {
        SkipWithoutBrowser();
        var each = await Page.Locator("[data-vertices]").CountAsync();
        await Page.SelectOptionAsync("#grouping", "level");
        Assert.True(await Page.Locator("[data-vertices]").CountAsync() < each);
        await Page.SelectOptionAsync("#grouping", "each");
        await Page.ClickAsync("#on");
        var all = await MessagesNowAsync();
        await Page.SelectOptionAsync("#micro", "1");
        Assert.True(await MessagesNowAsync() < all);
        await Page.ClickAsync("#graph [data-vertices] >> nth=0");
        var first = await Page.InnerTextAsync("#details");
        await Page.SelectOptionAsync("#step", new SelectOptionValue { Index = 1 });
        Assert.NotEqual(first, await Page.InnerTextAsync("#details"));
        foreach (var theme in new[] { "light", "dark", null })
        {
            await Page.ClickAsync("#theme");
            Assert.Equal(theme, await Page.GetAttributeAsync("html", "data-theme"));
        }
        Assert.True(await Page.IsVisibleAsync("#legend-body"));
        await Page.ClickAsync("#legend summary");
        Assert.False(await Page.IsVisibleAsync("#legend-body"));
        AssertSilent();
    }

    [SkippableFact]
    public async Task Vertices_are_found_opened_and_left()
    {
        SkipWithoutBrowser();
        await Page.FillAsync("#search", "tanh/");
        Assert.All(await Page.Locator("#vertices li:visible").AllInnerTextsAsync(),
            text => Assert.Contains("tanh/", text, StringComparison.Ordinal));
        await Page.ClickAsync("#vertices li:visible button >> nth=0");
        var name = await Page.InnerTextAsync("#details h2");
        Assert.StartsWith("tanh/", name, StringComparison.Ordinal);
        await Page.ClickAsync("#details .as-link >> nth=0");
        Assert.NotEqual(name, await Page.InnerTextAsync("#details h2"));
        await Page.ClickAsync("text=‹ All vertices");
        Assert.True(await Page.IsVisibleAsync("#search"));
        var box = Page.Locator("#graph [data-vertices]").Nth(2);
        await box.ClickAsync();
        Assert.StartsWith(await Page.InnerTextAsync("#details h2"), await box.GetAttributeAsync("aria-label"),
            StringComparison.Ordinal);
        AssertSilent();
    }

    private static void SkipWithoutBrowser() => Skip.IfNot(Chromium.IsInstalled, "Chromium is not installed");

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private void AssertSilent() => Assert.Equal([], _browser!.Console);

    private async Task<(float X, float Y)> OnSliderAsync(double place)
    {
        var box = (await Page.Locator("#slider").BoundingBoxAsync())!;
        return ((float)(box.X + (place * box.Width)), box.Y + (box.Height / 2));
    }

    private async Task PressSliderAsync(double place)
    {
        var (x, y) = await OnSliderAsync(place);
        await Page.Mouse.MoveAsync(x, y);
        await Page.Mouse.DownAsync();
    }

    // The knob has a width, so the ends are a little within.
    private async Task StandsAtAsync(double place) =>
        Assert.Equal(place, await SliderAsync() / await LengthAsync(), 0.03);

    private async Task<double> SliderAsync() =>
        double.Parse(await Page.InputValueAsync("#slider"), CultureInfo.InvariantCulture);

    private async Task<double> LengthAsync() =>
        double.Parse((await Page.GetAttributeAsync("#slider", "max"))!, CultureInfo.InvariantCulture);

    private async Task<int> MessagesNowAsync() =>
        int.Parse(Regex.Match(await Page.InnerTextAsync("#now"), @"^\d+").Value, CultureInfo.InvariantCulture);

    private async Task<(double X, double Y, double Scale)> ViewAsync()
    {
        var numbers = Regex.Matches((await Page.GetAttributeAsync("#graph > g", "transform"))!, @"-?[\d.]+(e-?\d+)?")
            .Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture)).ToList();
        return (numbers[0], numbers[1], numbers[2]);
    }
}
