using System.Numerics;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>An element along an axis that a value between elements is made up of.</summary>
/// <param name="Element">Its index; -1 for one that counts as 0.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Slope">The derivative of the weight by the place on the grid.</param>
internal readonly record struct GridTap(int Element, double Weight, double Slope);

/// <summary>The elements along each axis that make up a value at a place of a grid.</summary>
/// <remarks>Attributes: mode, padding_mode, align_corners. A place beyond the border is moved before its elements are
/// sought, as are elements beyond it. Cubic weights are Keys' with -0.75.</remarks>
internal sealed class GridTaps(OperatorSettings settings)
{
    /// <summary>The most elements along an axis.</summary>
    public const int Most = 4;

    private const double Cubic = -0.75;

    private readonly string _mode = settings.Text("mode");
    private readonly string _padding = settings.Text("padding_mode");
    private readonly bool _corners = settings.Flag("align_corners");

    /// <summary>How many elements along an axis make up a value.</summary>
    public int Count => _mode switch
    {
        "nearest" => 1,
        "linear" => 2,
        _ => Most,
    };

    /// <summary>Whether values change with the place.</summary>
    public bool HasSlope => _mode != "nearest";

    /// <summary>The elements at a place.</summary>
    /// <param name="grid">The place, the last axis first.</param>
    /// <param name="extents">The extents of the axes.</param>
    /// <param name="taps">Receives the elements, <see cref="Most"/> places for each axis.</param>
    public void Of<T>(ReadOnlySpan<T> grid, ReadOnlySpan<int> extents, Span<GridTap> taps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var axis = 0; axis < extents.Length; axis++)
        {
            var place = Precision.Widen(grid[grid.Length - 1 - axis]);
            Along(place, extents[axis], taps.Slice(axis * Most, Most));
        }
    }

    private void Along(double grid, int extent, Span<GridTap> taps)
    {
        var stretch = (_corners ? extent - 1 : extent) / 2.0;
        var place = _corners ? (grid + 1) * stretch : ((grid + 1) * stretch) - 0.5;
        if (_mode == "nearest") place = double.Round(place, MidpointRounding.ToEven);
        (place, var sign) = Inside(place, extent);
        if (_mode == "nearest")
        {
            taps[0] = new GridTap(Element(place, extent), 1, 0);
            return;
        }
        var floor = double.Floor(place);
        for (var tap = 0; tap < Count; tap++)
        {
            var at = floor + tap - ((Count / 2) - 1);
            var distance = Math.Abs(place - at);
            var (weight, slope) = _mode == "linear"
                ? (1 - distance, -1.0)
                : tap is 1 or 2 ? Near(distance) : Far(distance);
            // Elements up to the floor move away as the place grows, those behind it come nearer.
            var direction = tap < Count / 2 ? 1 : -1;
            taps[tap] = new GridTap(Element(at, extent), weight, slope * direction * stretch * sign);
        }
    }

    /// <summary>A place moved inside where the padding says so, and what its movement is times: 0 when it is held, -1
    /// when it is mirrored.</summary>
    private (double Place, int Sign) Inside(double place, int extent)
    {
        var (low, high) = _corners ? (0.0, extent - 1.0) : (-0.5, extent - 0.5);
        if ((place >= low && place <= high) || double.IsNaN(place)) return (place, 1);
        return _padding switch
        {
            "border" => (Math.Clamp(place, 0, extent - 1), 0),
            "reflection" => Mirrored(place, low, high),
            _ => (place, 1),
        };
    }

    private static (double Place, int Sign) Mirrored(double place, double low, double high)
    {
        var range = high - low;
        if (range <= 0) return (low, 0);
        var below = place < low;
        var beyond = below ? low - place : place - high;
        var turns = double.Floor(beyond / range);
        var rest = beyond - (turns * range);
        var isEven = double.IsEvenInteger(turns);
        // An even number of turns ends at the border that it began at.
        var fromLow = below == isEven;
        return (fromLow ? low + rest : high - rest, below == fromLow ? -1 : 1);
    }

    private int Element(double at, int extent)
    {
        if (double.IsNaN(at)) return -1;
        if (at >= 0 && at <= extent - 1) return (int)at;
        return _padding switch
        {
            "border" => at < 0 ? 0 : extent - 1,
            "reflection" => Math.Clamp((int)Mirrored(
                at, _corners ? 0 : -0.5, _corners ? extent - 1 : extent - 0.5).Place, 0, extent - 1),
            _ => -1,
        };
    }

    private static (double Weight, double Slope) Near(double d) => (
        ((((Cubic + 2) * d) - (Cubic + 3)) * d * d) + 1,
        ((3 * (Cubic + 2) * d) - (2 * (Cubic + 3))) * d);

    private static (double Weight, double Slope) Far(double d) => (
        (((((Cubic * d) - (5 * Cubic)) * d) + (8 * Cubic)) * d) - (4 * Cubic),
        (((3 * Cubic * d) - (10 * Cubic)) * d) + (8 * Cubic));
}
