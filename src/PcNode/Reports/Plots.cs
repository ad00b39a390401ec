using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using PcActors.Tracing.Pictures;

namespace PcNode.Reports;

/// <summary>What all figures have in common: sizes, colours, fonts.</summary>
internal static class Plots
{
    private const int Width = 760;
    private const int Height = 460;

    // The font whose widths the library knows, and those that look like it.
    private const string MeasuredFont = "Arial";
    private const string Fonts = "Helvetica, Arial, sans-serif";

    public static LinearAxis Cells(AxisPosition position, int count, string title) => new()
    {
        Position = position,
        Minimum = -0.5,
        Maximum = count - 0.5,
        MinimumMajorStep = 1,
        MinorTickSize = 0,
        MajorGridlineStyle = LineStyle.None,
        Title = title,
    };

    public static PlotModel Plot(string title)
    {
        var plot = new PlotModel
        {
            Title = title,
            TitleFontSize = 16,
            Padding = new OxyThickness(14, 8, 18, 10),
            TextColor = Colour(Palette.Text.Light),
            PlotAreaBorderColor = Colour(Palette.Line.Light),
            Background = Colour(Palette.Surface.Light),
            DefaultFont = MeasuredFont,
        };
        plot.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.RightTop,
            LegendLineSpacing = 8,
            LegendBorder = Colour(Palette.Line.Light),
        });
        return plot;
    }

    public static Axis Styled(Axis axis)
    {
        axis.AxislineColor = axis.TicklineColor = axis.MinorTicklineColor = Colour(Palette.Quiet.Light);
        axis.MajorGridlineColor = Colour(Palette.Line.Light);
        axis.MinorGridlineColor = Colour(Palette.Band.Light);
        axis.AxisTitleDistance = 14;
        return axis;
    }

    public static string Plain(double number) => $"{number:0.##}";

    public static OxyColor Colour(string hex) => OxyColor.Parse(hex);

    public static string Svg(PlotModel plot)
    {
        var svg = new SvgExporter { Width = Width, Height = Height }.ExportToString(plot);
        return svg.TrimStart('\uFEFF')
            .Replace($"font-family:{MeasuredFont}", $"font-family:{Fonts}", StringComparison.Ordinal);
    }
}
