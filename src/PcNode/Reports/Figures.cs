using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using PcActors.Tracing.Pictures;

namespace PcNode.Reports;

/// <summary>The report's figures, as SVG for print: vectors alone, with text as text.</summary>
internal static class Figures
{
    private const int Width = 760;
    private const int Height = 460;

    // The font whose widths the library knows, and those that look like it.
    private const string MeasuredFont = "Arial";
    private const string Fonts = "Helvetica, Arial, sans-serif";

    // Norms below the largest by more than this many powers of ten look the same.
    private const int Decades = 6;
    private const int ShadesOfErrors = 48;

    private static readonly OxyColor Text = Colour(Palette.Text.Light);

    /// <summary>How far the update of inference learning lies from backpropagation's, by the number of inference steps.</summary>
    /// <param name="curves">For each network: T and distance. Points that are not finite are left out.</param>
    public static string InferenceSteps(IReadOnlyList<(string Model, IReadOnlyList<(int Steps, double Distance)> Points)> curves)
    {
        var plot = Plot("Distance of IL's update to BP's; Z-IL's is 0 at once");
        var steps = curves.SelectMany(c => c.Points).Select(p => p.Steps).DefaultIfEmpty(1).ToList();
        plot.Axes.Add(Styled(new LogarithmicAxis
        {
            Position = AxisPosition.Bottom,
            Base = 2,
            Minimum = steps.Min() * 0.9,
            Maximum = steps.Max() * 1.1,
            MinorTickSize = 0,
            Title = "inference steps T",
            LabelFormatter = Plain,
        }));
        plot.Axes.Add(Styled(new LinearAxis
        {
            Position = AxisPosition.Left,
            Minimum = 0,
            MajorGridlineStyle = LineStyle.Solid,
            MaximumPadding = 0.05,
            Title = "distance over norm of BP's update",
        }));
        MarkerType[] markers = [MarkerType.Circle, MarkerType.Square, MarkerType.Triangle, MarkerType.Diamond];
        foreach (var (model, points) in curves)
        {
            var index = plot.Series.Count;
            var line = new LineSeries
            {
                Title = model,
                Color = Colour(Palette.Series(index)),
                StrokeThickness = 2,
                MarkerType = markers[index % markers.Length],
                MarkerSize = 4,
            };
            line.Points.AddRange(points.Where(p => double.IsFinite(p.Distance)).Select(p => new DataPoint(p.Steps, p.Distance)));
            plot.Series.Add(line);
        }
        return Svg(plot);
    }

    /// <summary>The norm of the error by level and time, as shades of its logarithm.</summary>
    /// <param name="title">What it is called.</param>
    /// <param name="norms">For each level, the norm at each timestep.</param>
    public static string Wave(string title, double[][] norms)
    {
        // A cell without an error stays empty.
        var (levels, times) = (norms.Length, norms[0].Length);
        var shades = new double[times, levels];
        var largest = norms.Max(level => level.Max());
        for (var level = 0; level < levels; level++)
        {
            for (var time = 0; time < times; time++)
            {
                var norm = norms[level][time];
                shades[time, level] = norm > 0 ? Math.Max(Math.Log10(norm / largest), -Decades) : double.NaN;
            }
        }
        var plot = Plot(title);
        plot.Axes.Add(Styled(Cells(AxisPosition.Bottom, times, "timestep of inference")));
        plot.Axes.Add(Styled(Cells(AxisPosition.Left, levels, "level, from the root")));
        plot.Axes.Add(Styled(new LinearColorAxis
        {
            Position = AxisPosition.Right,
            Minimum = -Decades,
            Maximum = 0,
            MajorStep = 1,
            MinorTickSize = 0,
            EdgeRenderingMode = EdgeRenderingMode.PreferSharpness,
            Palette = OxyPalette.Interpolate(ShadesOfErrors, [.. Palette.Errors.Select(c => Colour(c.Light))]),
            InvalidNumberColor = OxyColors.Transparent,
            Title = "log10 of the norm over the largest",
        }));
        plot.Series.Add(new HeatMapSeries
        {
            X0 = 0,
            X1 = times - 1,
            Y0 = 0,
            Y1 = levels - 1,
            Data = shades,
            RenderMethod = HeatMapRenderMethod.Rectangles,
            EdgeRenderingMode = EdgeRenderingMode.PreferSharpness,
        });
        return Svg(plot);
    }

    /// <summary>Times per update, as multiples of backpropagation's.</summary>
    /// <param name="ratios">For each network; IL's is NaN where it diverged.</param>
    public static string Times(IReadOnlyList<(string Model, double Zil, double Il)> ratios)
    {
        var plot = Plot("Time of an update over BP's");
        var models = new CategoryAxis { Position = AxisPosition.Left, StartPosition = 1, EndPosition = 0 };
        models.Labels.AddRange(ratios.Select(r => r.Model));
        // The library takes names for narrower than browsers draw them.
        plot.PlotMargins = new OxyThickness(16 + (7 * models.Labels.Max(l => l.Length)), double.NaN, double.NaN, double.NaN);
        plot.Axes.Add(Styled(models));
        var values = ratios.SelectMany(r => new[] { r.Zil, r.Il }).Where(double.IsFinite).ToList();
        plot.Axes.Add(Styled(new LogarithmicAxis
        {
            Position = AxisPosition.Bottom,
            Minimum = Math.Min(0.8, 0.8 * values.DefaultIfEmpty(1).Min()),
            Maximum = Math.Max(10, 1.5 * values.DefaultIfEmpty(1).Max()),
            MajorGridlineStyle = LineStyle.Solid,
            MinorGridlineStyle = LineStyle.Dot,
            Title = "times BP",
            LabelFormatter = Plain,
        }));
        plot.Series.Add(Dots("Z-IL", 0, MarkerType.Circle, ratios.Select(r => r.Zil)));
        plot.Series.Add(Dots("IL", 1, MarkerType.Diamond, ratios.Select(r => r.Il)));
        return Svg(plot);
    }

    private static ScatterSeries Dots(string title, int index, MarkerType marker, IEnumerable<double> values)
    {
        var dots = new ScatterSeries { Title = title, MarkerType = marker, MarkerSize = 6, MarkerFill = Colour(Palette.Series(index)) };
        dots.Points.AddRange(values.Select((value, row) => new ScatterPoint(value, row)).Where(p => double.IsFinite(p.X)));
        return dots;
    }

    private static LinearAxis Cells(AxisPosition position, int count, string title) => new()
    {
        Position = position,
        Minimum = -0.5,
        Maximum = count - 0.5,
        MinimumMajorStep = 1,
        MinorTickSize = 0,
        MajorGridlineStyle = LineStyle.None,
        Title = title,
    };

    private static PlotModel Plot(string title)
    {
        var plot = new PlotModel
        {
            Title = title,
            TitleFontSize = 16,
            Padding = new OxyThickness(14, 8, 18, 10),
            TextColor = Text,
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

    private static Axis Styled(Axis axis)
    {
        axis.AxislineColor = axis.TicklineColor = axis.MinorTicklineColor = Colour(Palette.Quiet.Light);
        axis.MajorGridlineColor = Colour(Palette.Line.Light);
        axis.MinorGridlineColor = Colour(Palette.Band.Light);
        axis.AxisTitleDistance = 14;
        return axis;
    }

    private static string Plain(double number) => $"{number:0.##}";

    private static OxyColor Colour(string hex) => OxyColor.Parse(hex);

    private static string Svg(PlotModel plot)
    {
        var svg = new SvgExporter { Width = Width, Height = Height }.ExportToString(plot);
        return svg.TrimStart('\uFEFF').Replace($"font-family:{MeasuredFont}", $"font-family:{Fonts}", StringComparison.Ordinal);
    }
}
