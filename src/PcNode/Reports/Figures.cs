using System.Globalization;
using PcActors.Learning.Instruments;
using ScottPlot;

namespace PcNode.Reports;

/// <summary>The report's figures, as SVG.</summary>
internal static class Figures
{
    private const int Width = 760;
    private const int Height = 460;

    /// <summary>How far the update of inference learning lies from backpropagation's, by the number of inference steps.</summary>
    /// <param name="curves">For each network: T and distance.</param>
    public static string InferenceSteps(IReadOnlyList<(string Model, IReadOnlyList<(int Steps, double Distance)> Points)> curves)
    {
        var plot = new Plot();
        foreach (var (model, points) in curves)
        {
            var finite = points.Where(p => double.IsFinite(p.Distance)).ToList();
            var line = plot.Add.Scatter(finite.Select(p => Math.Log2(p.Steps)).ToArray(), finite.Select(p => p.Distance).ToArray());
            line.LegendText = model;
        }
        plot.Title("Distance of IL's update to BP's; Z-IL's is 0 at once");
        plot.XLabel("inference steps T");
        plot.YLabel("distance over norm of BP's update");
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            IntegerTicksOnly = true,
            LabelFormatter = exponent => Math.Pow(2, exponent).ToString("0", CultureInfo.InvariantCulture),
        };
        plot.Axes.SetLimitsY(0, 1.05 * Math.Max(1, curves.SelectMany(c => c.Points).Select(p => p.Distance).Where(double.IsFinite).DefaultIfEmpty(1).Max()));
        plot.ShowLegend(Alignment.LowerLeft);
        return plot.GetSvgHtml(Width, Height);
    }

    /// <summary>The norm of the error by level and time, as shades of its logarithm.</summary>
    public static string Wave(string title, ErrorWave wave)
    {
        // Viewers blur the pixels of an image that they enlarge, so each cell has many.
        const int cell = 12;
        var shades = new double[wave.Levels * cell, wave.Times * cell];
        var largest = 0.0;
        for (var level = 0; level < wave.Levels; level++)
        {
            for (var time = 0; time < wave.Times; time++) largest = Math.Max(largest, wave.Norm(level, time));
        }
        for (var row = 0; row < wave.Levels * cell; row++)
        {
            for (var column = 0; column < wave.Times * cell; column++)
            {
                // The first row of a heat map is its upper one; the root's level is to be the lowest.
                var norm = wave.Norm(wave.Levels - 1 - (row / cell), column / cell);
                shades[row, column] = norm > 0 ? Math.Log10(norm / largest) : double.NaN;
            }
        }
        var plot = new Plot();
        var map = plot.Add.Heatmap(shades);
        map.Colormap = new ScottPlot.Colormaps.Viridis();
        map.NaNCellColor = Colors.White;
        map.ManualRange = new ScottPlot.Range(-6, 0);
        map.Extent = new CoordinateRect(-0.5, wave.Times - 0.5, -0.5, wave.Levels - 0.5);
        plot.Axes.SetLimits(-0.5, wave.Times - 0.5, -0.5, wave.Levels - 0.5);
        plot.Add.ColorBar(map).Label = "log10 of the norm over the largest";
        plot.Title(title);
        plot.XLabel("timestep of inference");
        plot.YLabel("level, from the root");
        return plot.GetSvgHtml(Width, Height);
    }

    /// <summary>Times per update, as multiples of backpropagation's.</summary>
    public static string Times(IReadOnlyList<(string Model, double Zil, double Il)> ratios)
    {
        var plot = new Plot();
        for (var i = 0; i < ratios.Count; i++)
        {
            Bar(i - 0.2, ratios[i].Zil, Colors.SteelBlue);
            if (double.IsFinite(ratios[i].Il)) Bar(i + 0.2, ratios[i].Il, Colors.IndianRed);
        }
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. ratios.Select((r, i) => new Tick(i, r.Model))]);
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [new(0, "1"), new(1, "10"), new(2, "100"), new(3, "1000")]);
        plot.Axes.SetLimitsY(-0.15, 3);
        plot.Title("Time of an update over BP's: Z-IL (blue), IL (red)");
        plot.YLabel("times BP");
        return plot.GetSvgHtml(Width, Height);

        void Bar(double position, double ratio, Color color) => plot.Add.Bar(new Bar
        {
            Position = position,
            // A ratio of 1 stands on the base line; a little of it is to be seen.
            Value = Math.Log10(ratio),
            ValueBase = -0.15,
            Size = 0.36,
            FillColor = color,
        });
    }
}
