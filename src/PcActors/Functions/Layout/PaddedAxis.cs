namespace PcActors.Functions;

/// <summary>One axis of a padded array. What negative pads remove is gone before the others look at the input.</summary>
/// <param name="extent">The input's extent.</param>
/// <param name="before">Elements added before it, or removed when negative.</param>
/// <param name="after">Elements added after it, or removed when negative.</param>
internal readonly struct PaddedAxis(int extent, int before, int after)
{
    /// <summary>The first element that is the input's own.</summary>
    public int Start => Math.Max(before, 0);

    /// <summary>How many elements are the input's own; negative when more is removed than there is.</summary>
    public int Count { get; } = extent - Math.Max(-before, 0) - Math.Max(-after, 0);

    /// <summary>The input's index at Start.</summary>
    public int First => Math.Max(-before, 0);

    /// <summary>The padded extent.</summary>
    public long Extent => (long)extent + before + after;

    /// <summary>The input's index at one of the padded array, or -1 where there is none.</summary>
    public int Source(int index, PadMode mode)
    {
        var own = index - Start;
        if (own >= 0 && own < Count) return First + own;
        return mode switch
        {
            PadMode.Constant => -1,
            PadMode.Edge => First + Math.Clamp(own, 0, Count - 1),
            PadMode.Wrap => First + Remainder(own, Count),
            _ => First + Mirror(own),
        };
    }

    private int Mirror(int own)
    {
        if (Count == 1) return 0;
        var place = Remainder(own, 2 * (Count - 1));
        return place < Count ? place : (2 * (Count - 1)) - place;
    }

    private static int Remainder(int value, int divisor)
    {
        var rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }
}
