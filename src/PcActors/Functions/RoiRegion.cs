namespace PcActors.Functions;

/// <summary>How regions lie on elements.</summary>
internal sealed class RoiLayout(OperatorSettings settings)
{
    /// <summary>Samples along each axis of a bin; 0 for as many as it has elements.</summary>
    public int Ratio { get; } = (int)settings.Integer("sampling_ratio");

    /// <summary>Elements for each unit of a region's numbers.</summary>
    public double Scale { get; } = settings.Float("spatial_scale");

    /// <summary>Whether an element's centre is at a half.</summary>
    public bool IsHalfPixel { get; } = settings.Text("coordinate_transformation_mode") == "half_pixel";
}

/// <summary>A region of a picture, cut into bins, each with a grid of samples.</summary>
internal readonly struct RoiRegion
{
    /// <summary>Elements that make up a sample.</summary>
    public const int Taps = 4;

    // What a region may ask for when its samples are as many as its elements.
    private const int MostSamples = 1 << 10;

    private readonly (double Start, double Bin, int Extent, int Samples) _y;
    private readonly (double Start, double Bin, int Extent, int Samples) _x;

    /// <summary>A region.</summary>
    /// <param name="layout">How it lies.</param>
    /// <param name="corners">Left, top, right and bottom.</param>
    /// <param name="bins">Bins down and across.</param>
    /// <param name="extents">Elements down and across.</param>
    public RoiRegion(RoiLayout layout, ReadOnlySpan<double> corners, (int Down, int Across) bins,
        (int Down, int Across) extents)
    {
        _y = Axis(layout, corners[1], corners[3], bins.Down, extents.Down);
        _x = Axis(layout, corners[0], corners[2], bins.Across, extents.Across);
    }

    /// <summary>Samples of a bin.</summary>
    public int Samples => _y.Samples * _x.Samples;

    /// <summary>The elements that make up a sample of a bin, with weights that sum to 1, or to 0 outside the
    /// picture.</summary>
    public void Of(int row, int column, int sample, Span<GridTap> taps)
    {
        var (top, bottom, down) = Along(_y, row, sample / _x.Samples);
        var (left, right, across) = Along(_x, column, sample % _x.Samples);
        var inside = down >= 0 && across >= 0 ? 1 : 0;
        taps[0] = Tap(top, left, inside * (1 - down) * (1 - across));
        taps[1] = Tap(top, right, inside * (1 - down) * across);
        taps[2] = Tap(bottom, left, inside * down * (1 - across));
        taps[3] = Tap(bottom, right, inside * down * across);
    }

    private GridTap Tap(int row, int column, double weight) => new((row * _x.Extent) + column, weight, 0);

    private static (double Start, double Bin, int Extent, int Samples) Axis(
        RoiLayout layout, double from, double to, int bins, int extent)
    {
        var start = (from * layout.Scale) - (layout.IsHalfPixel ? 0.5 : 0);
        var length = (to - from) * layout.Scale;
        if (!layout.IsHalfPixel) length = Math.Max(length, 1);
        var samples = layout.Ratio > 0 ? layout.Ratio : Math.Ceiling(length / bins);
        if (!(samples <= MostSamples)) throw new IndexException($"a region is {length} elements long");
        return (start, length / bins, extent, (int)Math.Max(samples, 0));
    }

    /// <summary>The elements before and behind a sample, and how far it is from the former; -1 outside.</summary>
    private static (int Before, int Behind, double Way) Along(
        (double Start, double Bin, int Extent, int Samples) axis, int bin, int sample)
    {
        var place = axis.Start + (bin * axis.Bin) + ((sample + 0.5) * axis.Bin / axis.Samples);
        if (!(place >= -1 && place <= axis.Extent)) return (0, 0, -1);
        place = Math.Max(place, 0);
        var before = (int)place;
        return before >= axis.Extent - 1 ? (axis.Extent - 1, axis.Extent - 1, 0) : (before, before + 1, place - before);
    }
}
