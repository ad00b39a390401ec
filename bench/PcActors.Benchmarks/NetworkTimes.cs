using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PcActors.Benchmarks;

/// <summary>What was measured of one network: medians in milliseconds, peaks in megabytes. Null where there was no
/// PyTorch, or no such network there.</summary>
internal sealed record NetworkTimes(
    string Network, int Vertices, double Bp, double Zil1, double Zil2, double? PyTorch1, double? PyTorch2, double Floor,
    long Peak, long? PyTorchPeak)
{
    /// <summary>The better of PyTorch's two.</summary>
    public double? PyTorch => PyTorch2 < PyTorch1 ? PyTorch2 : PyTorch1 ?? PyTorch2;

    /// <summary>The better of Z-IL's two.</summary>
    public double Zil => Math.Min(Zil1, Zil2);

    /// <summary>Z-IL's time over PyTorch's, each with the threads that suit it.</summary>
    public double? ToPyTorch => Zil / PyTorch;

    /// <summary>As an object of JSON, on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <summary>A table in Markdown.</summary>
    public static string Table(IReadOnlyList<NetworkTimes> all)
    {
        var text = new StringBuilder()
            .AppendLine("| network | vertices | BP | Z-IL, 1 thread | Z-IL, 2 threads | PyTorch, 1 | PyTorch, 2 "
                + "| Z-IL / PyTorch | Z-IL / BP, 1 | Z-IL / BP, 2 | floor | to the floor | peak, MB | PyTorch's |")
            .AppendLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var one in all)
        {
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"| {one.Network} | {one.Vertices:N0} | {Of(one.Bp)} | {Of(one.Zil1)} | {Of(one.Zil2)} "
                + $"| {Of(one.PyTorch1)} | {Of(one.PyTorch2)} | {Of(one.ToPyTorch)} | {Of(one.Zil1 / one.Bp)} "
                + $"| {Of(one.Zil2 / one.Bp)} | {Of(one.Floor)} | {Of(one.Zil / one.Floor)} | {one.Peak:N0} "
                + $"| {one.PyTorchPeak:N0} |"));
        }
        var ratios = all.Select(one => one.ToPyTorch).OfType<double>().ToList();
        if (ratios.Count > 0)
        {
            var mean = Math.Exp(ratios.Average(Math.Log));
            text.AppendLine().AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"The geometric mean of Z-IL / PyTorch is {mean:F2}."));
        }
        return text.ToString();
    }

    private static string Of(double? number) => Figure.Of(number, number < 10 ? "F2" : number < 100 ? "F1" : "F0");
}
