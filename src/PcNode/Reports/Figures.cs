using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using PcActors.Tracing.Pictures;

namespace PcNode.Reports;

/// <summary>The report's figures, as SVG for print: vectors alone, with text as text.</summary>
internal static class Figures
{
    // Norms below the largest by more than this many powers of ten look the same.
    private const int Decades = 6;
    private const int ShadesOfErrors = 48;

    private static readonly MarkerType[] Markers =
        [MarkerType.Circle, MarkerType.Square, MarkerType.Triangle, MarkerType.Diamond];

    /// <summary>How far the update of inference learning lies from backpropagation's, by the number
    /// of inference steps.</summary>
    /// <param name="curves">For each network: T and distance. Points that are not finite are left out.</param>
    public static string InferenceSteps(
        IReadOnlyList<(string Model, IReadOnlyList<(int Steps, double Distance)> Points)> curves)
    {
        var plot = Plots.Plot("Distance of IL's update to BP's; Z-IL's is 0 at once");
        var steps = curves.SelectMany(c => c.Points).Select(p => p.Steps).DefaultIfEmpty(1).ToList();
        plot.Axes.Add(Plots.Styled(new LogarithmicAxis
        {
            Position = AxisPosition.Bottom,
            Base = 2,
            Minimum = steps.Min() * 0.9,
            Maximum = steps.Max() * 1.1,
            MinorTickSize = 0,
            Title = "inference steps T",
            LabelFormatter = Plots.Plain,
        }));
        plot.Axes.Add(Plots.Styled(new LinearAxis
        {
            Position = AxisPosition.Left,
            Minimum = 0,
            MajorGridlineStyle = LineStyle.Solid,
            MaximumPadding = 0.05,
            Title = "distance over norm of BP's update",
        }));
        foreach (var (model, points) in curves)
        {
            var index = plot.Series.Count;
            var line = new LineSeries
            {
                Title = model,
                Color = Plots.Colour(Palette.Series(index)),
                StrokeThickness = 2,
                MarkerType = Markers[index % Markers.Length],
                MarkerSize = 4,
            };
            line.Points.AddRange(
                points.Where(p => double.IsFinite(p.Distance)).Select(p => new DataPoint(p.Steps, p.Distance)));
            plot.Series.Add(line);
        }
        return Plots.Svg(plot);
    }

    /// <summary>Lines in one plane.</summary>
    /// <param name="title">What it is called.</param>
    /// <param name="across">What its horizontal axis has.</param>
    /// <param name="upwards">What its vertical axis has.</param>
    /// <param name="lines">The lines; points that are not finite are left out.</param>
    /// <param name="isLogarithmic">Whether the vertical axis is.</param>
    public static string Lines(string title, string across, string upwards, IReadOnlyList<FigureLine> lines,
        bool isLogarithmic = false)
    {
        var plot = Plots.Plot(title);
        plot.Axes.Add(Plots.Styled(new LinearAxis
        {
            Position = AxisPosition.Bottom,
            MinimumPadding = 0.03,
            MaximumPadding = 0.03,
            MinimumMajorStep = 1,
            MinorTickSize = 0,
            Title = across,
        }));
        Axis vertical = isLogarithmic ? new LogarithmicAxis() : new LinearAxis();
        (vertical.Position, vertical.Title, vertical.MajorGridlineStyle) =
            (AxisPosition.Left, upwards, LineStyle.Solid);
        (vertical.MinimumPadding, vertical.MaximumPadding) = (0.05, 0.05);
        Plots.Styled(vertical);
        // The library takes numbers for narrower than browsers draw them.
        vertical.AxisTitleDistance *= 2;
        plot.Axes.Add(vertical);
        var index = -1;
        foreach (var (name, points, isReference) in lines)
        {
            // A line has the same colour beside a reference and without one.
            if (!isReference) index++;
            var line = new LineSeries
            {
                Title = name,
                Color = Plots.Colour(isReference ? Palette.Quiet.Light : Palette.Series(index)),
                StrokeThickness = 2,
                LineStyle = isReference ? LineStyle.Dash : LineStyle.Solid,
                MarkerType = isReference ? MarkerType.None : Markers[index % Markers.Length],
                MarkerSize = 4,
            };
            line.Points.AddRange(
                points.Where(p => double.IsFinite(p.Y)).Select(p => new DataPoint(p.X, p.Y)));
            plot.Series.Add(line);
        }
        return Plots.Svg(plot);
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
        var plot = Plots.Plot(title);
        plot.Axes.Add(Plots.Styled(Plots.Cells(AxisPosition.Bottom, times, "timestep of inference")));
        plot.Axes.Add(Plots.Styled(Plots.Cells(AxisPosition.Left, levels, "level, from the root")));
        plot.Axes.Add(Plots.Styled(new LinearColorAxis
        {
            Position = AxisPosition.Right,
            Minimum = -Decades,
            Maximum = 0,
            MajorStep = 1,
            MinorTickSize = 0,
            EdgeRenderingMode = EdgeRenderingMode.PreferSharpness,
            Palette = OxyPalette.Interpolate(ShadesOfErrors, [.. Palette.Errors.Select(c => Plots.Colour(c.Light))]),
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
        return Plots.Svg(plot);
    }

    /// <summary>Times per update, as multiples of backpropagation's.</summary>
    /// <param name="ratios">For each network; IL's is NaN where it diverged.</param>
    public static string Times(IReadOnlyList<(string Model, double Zil, double Il)> ratios)
    {
        var plot = Plots.Plot("Time of an update over BP's");
        var models = new CategoryAxis { Position = AxisPosition.Left, StartPosition = 1, EndPosition = 0 };
        models.Labels.AddRange(ratios.Select(r => r.Model));
        // The library takes names for narrower than browsers draw them.
        plot.PlotMargins = new OxyThickness(16 + (7 * models.Labels.Max(l => l.Length)), double.NaN, double.NaN,
            double.NaN);
        plot.Axes.Add(Plots.Styled(models));
        var values = ratios.SelectMany(r => new[] { r.Zil, r.Il }).Where(double.IsFinite).ToList();
        plot.Axes.Add(Plots.Styled(new LogarithmicAxis
        {
            Position = AxisPosition.Bottom,
            Minimum = Math.Min(0.8, 0.8 * values.DefaultIfEmpty(1).Min()),
            Maximum = Math.Max(10, 1.5 * values.DefaultIfEmpty(1).Max()),
            MajorGridlineStyle = LineStyle.Solid,
            MinorGridlineStyle = LineStyle.Dot,
            Title = "times BP",
            LabelFormatter = Plots.Plain,
        }));
        plot.Series.Add(Dots("Z-IL", 0, MarkerType.Circle, ratios.Select(r => r.Zil)));
        plot.Series.Add(Dots("IL", 1, MarkerType.Diamond, ratios.Select(r => r.Il)));
        return Plots.Svg(plot);
    }

    private static ScatterSeries Dots(string title, int index, MarkerType marker, IEnumerable<double> values)
    {
        var dots = new ScatterSeries
        {
            Title = title,
            MarkerType = marker,
            MarkerSize = 6,
            MarkerFill = Plots.Colour(Palette.Series(index))
        };
        dots.Points.AddRange(
            values.Select((value, row) => new ScatterPoint(value, row)).Where(p => double.IsFinite(p.X)));
        return dots;
    }
}
