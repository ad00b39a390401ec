using System.Globalization;

namespace PcActors.Tracing.Pictures;

/// <summary>What a colour stands for, and how it is written.</summary>
/// <param name="Name">Its name in style sheets, such as "parameter".</param>
/// <param name="Light">On a light ground, as #rrggbb. Print has this one.</param>
/// <param name="Dark">On a dark ground, as #rrggbb.</param>
internal sealed record PaletteColour(string Name, string Light, string Dark);

/// <summary>The colours of all pictures: the same thing has the same colour in a plot, in a drawn
/// graph and on a page.</summary>
internal static class Palette
{
    // For what has no meaning but to differ: told apart by people who see colours otherwise, too
    // (Okabe and Ito, without yellow).
    private static readonly string[] Distinct = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

    /// <summary>The ground of a drawing.</summary>
    public static PaletteColour Surface { get; } = new("surface", "#ffffff", "#1a212b");

    /// <summary>Every second level's ground.</summary>
    public static PaletteColour Band { get; } = new("band", "#eaeef3", "#151b24");

    /// <summary>Frames, and lines that guide the eye.</summary>
    public static PaletteColour Line { get; } = new("line", "#d3dae2", "#34404f");

    /// <summary>Text.</summary>
    public static PaletteColour Text { get; } = new("text", "#17202b", "#e8edf3");

    /// <summary>Text that stands back.</summary>
    public static PaletteColour Quiet { get; } = new("quiet", "#566373", "#9fadbd");

    /// <summary>An edge without a message, and identities that level the graph.</summary>
    public static PaletteColour Edge { get; } = new("edge", "#b6c0cc", "#46546a");

    /// <summary>Data leaves.</summary>
    public static PaletteColour Data { get; } = new("data", "#0f8a78", "#3fc1ad");

    /// <summary>Parameters that learn.</summary>
    public static PaletteColour Parameter { get; } = new("parameter", "#7a52c7", "#b094f0");

    /// <summary>Parameters that do not learn.</summary>
    public static PaletteColour Constant { get; } = new("constant", "#8a94a0", "#8a94a0");

    /// <summary>Functions.</summary>
    public static PaletteColour Function { get; } = new("function", "#46566a", "#a9b8ca");

    /// <summary>The root.</summary>
    public static PaletteColour Root { get; } = new("root", "#17202b", "#ffffff");

    /// <summary>Values.</summary>
    public static PaletteColour Value { get; } = new("value", "#1f6fd6", "#5aa4ff");

    /// <summary>Errors, from the smallest norm to the largest; colours between them are mixed, on
    /// a logarithmic scale.</summary>
    public static IReadOnlyList<PaletteColour> Errors { get; } =
        [new("e0", "#e0a02e", "#f4cf73"), new("e1", "#dc4d32", "#f2705c"), new("e2", "#9c1464", "#ec4fb0")];

    /// <summary>All that stand for something.</summary>
    public static IReadOnlyList<PaletteColour> All { get; } =
        [Surface, Band, Line, Text, Quiet, Edge, Data, Parameter, Constant, Function, Root, Value, .. Errors];

    /// <summary>A colour for one of several curves, nodes or the like, on a light ground.</summary>
    /// <param name="index">From 0. The first six are easily told apart.</param>
    public static string Series(int index)
    {
        if (index < Distinct.Length) return Distinct[index];
        // Steps of the golden angle: hues that are next to each other belong to indices that are not.
        var hue = index * 137.508 % 360;
        double Channel(double offset)
        {
            var place = (offset + (hue / 30)) % 12;
            return 0.5 - (0.3 * Math.Max(-1, Math.Min(Math.Min(place - 3, 9 - place), 1)));
        }
        return Hex(Channel(0), Channel(8), Channel(4));
    }

    /// <summary>A mixture of two colours.</summary>
    /// <param name="ground">The one, as #rrggbb.</param>
    /// <param name="colour">The other.</param>
    /// <param name="share">How much of the second: 0 to 1.</param>
    /// <returns>The mixture, as #rrggbb.</returns>
    public static string Mix(string ground, string colour, double share)
    {
        double Channel(int at) => ((1 - share) * Part(ground, at)) + (share * Part(colour, at));
        return Hex(Channel(1), Channel(3), Channel(5));
    }

    /// <summary>The colours as variables of a style sheet, one a line, for a light and a dark ground.</summary>
    internal static string ToCss() =>
        string.Join('\n', All.Select(c => $"--{c.Name}: light-dark({c.Light}, {c.Dark});"));

    private static double Part(string colour, int at) =>
        int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;

    private static string Hex(double red, double green, double blue) =>
        string.Create(CultureInfo.InvariantCulture, $"#{Byte(red):x2}{Byte(green):x2}{Byte(blue):x2}");

    private static int Byte(double part) => (int)Math.Round(255 * part);
}
