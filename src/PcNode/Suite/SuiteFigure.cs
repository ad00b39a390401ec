using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using PcActors.Tracing.Pictures;
using PcNode.Reports;

namespace PcNode.Suite;

/// <summary>All rows of all studies beside what was published.</summary>
internal static class SuiteFigure
{
    /// <summary>The figure as SVG.</summary>
    /// <param name="rows">Name, mean, half the width of its interval (or NaN), and the published figure.</param>
    public static string Svg(IReadOnlyList<(string Name, double Mean, double HalfWidth, double? Published)> rows)
    {
        var plot = Plots.Plot("Published figures, measured again");
        var names = new CategoryAxis { Position = AxisPosition.Left, StartPosition = 1, EndPosition = 0 };
        names.Labels.AddRange(rows.Select(r => r.Name));
        // The library takes names for narrower than browsers draw them.
        plot.PlotMargins = new OxyThickness(16 + (7 * names.Labels.Max(l => l.Length)), double.NaN, double.NaN,
            double.NaN);
        plot.Axes.Add(Plots.Styled(names));
        plot.Axes.Add(Plots.Styled(new LinearAxis
        {
            Position = AxisPosition.Bottom,
            MajorGridlineStyle = LineStyle.Solid,
            MinimumPadding = 0.05,
            MaximumPadding = 0.05,
            Title = "the study's measure, with its 95 % interval",
        }));
        var ours = new ScatterErrorSeries
        {
            Title = "measured",
            MarkerType = MarkerType.Circle,
            MarkerSize = 5,
            MarkerFill = Plots.Colour(Palette.Series(0)),
            ErrorBarColor = Plots.Colour(Palette.Series(0)),
        };
        var theirs = new ScatterSeries
        {
            Title = "published",
            MarkerType = MarkerType.Diamond,
            MarkerSize = 5,
            MarkerFill = Plots.Colour(Palette.Series(1)),
        };
        foreach (var (index, row) in rows.Index())
        {
            ours.Points.Add(
                new ScatterErrorPoint(row.Mean, index, double.IsNaN(row.HalfWidth) ? 0 : 2 * row.HalfWidth, 0));
            if (row.Published is { } published) theirs.Points.Add(new ScatterPoint(published, index));
        }
        plot.Series.Add(ours);
        plot.Series.Add(theirs);
        return Plots.Svg(plot);
    }
}
