using System.Text.RegularExpressions;
using System.Xml.Linq;
using PcActors.Tracing.Pictures;
using PcNode.Reports;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Properties of pictures: one palette for all of them, and figures that are vectors and text alone.</summary>
public sealed class Pictures
{
    [Fact]
    public async Task What_stands_for_the_same_has_the_same_colour_in_every_picture()
    {
        using var folder = new TemporaryFolder();
        await Pcnode.RunAsync("inspect", "residual", "--svg", folder["graph.svg"]);
        await Pcnode.RunAsync("trace", "residual", "--html", folder["wave.html"]);
        var (graph, page) = (await File.ReadAllTextAsync(folder["graph.svg"]),
            await File.ReadAllTextAsync(folder["wave.html"]));
        Assert.All(Palette.All, c => Assert.Single(Regex.Matches(page, $"^--{c.Name}:.*$", RegexOptions.Multiline)));
        foreach (var colour in new[] { Palette.Data, Palette.Parameter, Palette.Function, Palette.Root })
        {
            Assert.Matches($@"\.{colour.Name} {{ fill: #[0-9a-f]{{6}}; stroke: {colour.Light}; }}", graph);
            Assert.Contains($">■</tspan> {colour.Name}", graph, StringComparison.Ordinal);
            Assert.Contains($"--{colour.Name}: light-dark({colour.Light}, {colour.Dark});", page,
                StringComparison.Ordinal);
        }
        // A variable that nobody sets would be a colour that is not there.
        var set = Regex.Matches(page, @"--([\w-]+):").Select(m => m.Groups[1].Value).Concat(["tone"]).ToHashSet();
        Assert.All(Regex.Matches(page, @"var\(--([a-z][\w-]*)").Select(m => m.Groups[1].Value),
            name => Assert.Contains(name, set));
    }

    [Fact]
    public void Colours_of_a_series_differ()
    {
        var colours = Enumerable.Range(0, 64).Select(Palette.Series).ToList();
        Assert.All(colours, c => Assert.Matches("^#[0-9a-f]{6}$", c));
        Assert.Equal(colours.Count, colours.Distinct().Count());
    }

    [Theory]
    [InlineData(0, "#102030")]
    [InlineData(1, "#f0e0d0")]
    [InlineData(0.5, "#808080")]
    public void A_mixture_lies_between_its_colours(double share, string expected) =>
        Assert.Equal(expected, Palette.Mix("#102030", "#f0e0d0", share));

    [Fact]
    public void Figures_name_what_they_show_and_leave_out_what_is_not_finite()
    {
        var times = Texts(Figures.Times([("mlp", 1.1, 120), ("cnn", 0.9, double.NaN)]));
        Assert.All(["mlp", "cnn", "Z-IL", "IL", "times BP", "100"], text => Assert.Contains(text, times));
        var curves = Texts(
            Figures.InferenceSteps(
                [("mlp", [(1, 0.9), (2, 0.5), (4, double.NaN)]), ("rnn", [(1, double.PositiveInfinity)])]));
        Assert.All(["mlp", "rnn", "1", "2", "4", "inference steps T"], text => Assert.Contains(text, curves));
        Assert.DoesNotContain("NaN", curves);
        var wave = Texts(Figures.Wave("the wave", [[1, 0, 0], [0, 0.1, 0]]));
        Assert.All(["the wave", "-6", "level, from the root"], text => Assert.Contains(text, wave));
    }

    /// <summary>The texts of a figure, which is a document of lines, areas and text.</summary>
    private static IReadOnlyList<string> Texts(string svg)
    {
        var figure = XDocument.Parse(svg).Root!;
        Assert.Equal("svg", figure.Name.LocalName);
        string[] parts = ["rect", "defs", "clipPath", "g", "polyline", "polygon", "line", "circle", "ellipse", "path",
            "text"];
        Assert.All(figure.Descendants(), e => Assert.Contains(e.Name.LocalName, parts));
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        return [.. figure.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];
    }
}
