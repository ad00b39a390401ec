using System.Globalization;

namespace PcActors.Benchmarks;

/// <summary>Numbers in tables.</summary>
internal static class Figure
{
    /// <summary>A number as text; none where there is no number, as of a peer that is not installed.</summary>
    public static string Of(double? number, string format) => number is { } one && double.IsFinite(one)
        ? one.ToString(format, CultureInfo.InvariantCulture)
        : "";
}
