namespace PcActors.Functions;

/// <summary>The windows of a pooling over planes [depth, height, width]; of fewer axes the
/// first are not there.</summary>
internal readonly record struct PoolingGrid(PoolingAxis Depth, PoolingAxis Height, PoolingAxis Width)
{
    /// <summary>Elements of a plane of the input.</summary>
    public int InputPlane => Depth.Extent * Height.Extent * Width.Extent;

    /// <summary>Elements of a plane of the output.</summary>
    public int OutputPlane => Depth.Count * Height.Count * Width.Count;

    /// <summary>Whether windows lie side by side along all axes.</summary>
    public bool Adjoins => Depth.Adjoins && Height.Adjoins && Width.Adjoins;

    /// <summary>Where an input row of a tap begins in its plane.</summary>
    public int Row(int depth, int height) => ((depth * Height.Extent) + height) * Width.Extent;

    /// <summary>The rows of an output.</summary>
    /// <param name="length">Its elements, over all planes.</param>
    public PoolingRows Rows(int length) => new(this, 0, length);

    /// <summary>Those of a part of an output.</summary>
    /// <param name="start">Where the first one begins.</param>
    /// <param name="end">Where the last one ends.</param>
    public PoolingRows Rows(int start, int end) => new(this, start, end);
}

/// <summary>The rows of a pooling's output, one after the other, over all planes.</summary>
internal struct PoolingRows
{
    private readonly int _heights, _depths, _width, _plane, _end;
    private PoolingRow _next;

    /// <summary>Some of them.</summary>
    /// <param name="grid">Where the windows are.</param>
    /// <param name="start">Where the first one begins in the output.</param>
    /// <param name="end">Where the last one ends.</param>
    public PoolingRows(in PoolingGrid grid, int start, int end)
    {
        (_depths, _heights, _width) = (grid.Depth.Count, grid.Height.Count, grid.Width.Count);
        _plane = grid.InputPlane;
        if (start >= end) return;
        _end = end;
        var (above, height) = int.DivRem(start / _width, _heights);
        var (plane, depth) = int.DivRem(above, _depths);
        _next = new PoolingRow(plane * _plane, depth, height, start);
    }

    /// <summary>The row at hand.</summary>
    public PoolingRow Current { get; private set; }

    /// <summary>Goes on to the next row.</summary>
    public bool MoveNext()
    {
        if (_next.At >= _end) return false;
        Current = _next;
        var (start, depth, height, at) = _next;
        if (++height == _heights) (height, depth) = (0, depth + 1);
        if (depth == _depths) (depth, start) = (0, start + _plane);
        _next = new PoolingRow(start, depth, height, at + _width);
        return true;
    }

    /// <summary>Itself, for a loop over the rows.</summary>
    public readonly PoolingRows GetEnumerator() => this;
}

/// <summary>A row of a pooling's output.</summary>
/// <param name="Start">Where its plane begins in the input.</param>
/// <param name="Depth">Its place along the depth.</param>
/// <param name="Height">Its place along the height.</param>
/// <param name="At">Where it begins in the output.</param>
internal readonly record struct PoolingRow(int Start, int Depth, int Height, int At);

/// <summary>How windows lie along one axis: window o begins at o stride - before, and its taps
/// are a dilation apart.</summary>
/// <param name="Extent">The input's extent.</param>
/// <param name="Kernel">Taps of a window.</param>
/// <param name="Stride">From one window to the next.</param>
/// <param name="Dilation">From one tap to the next.</param>
/// <param name="Before">Padding before the axis.</param>
/// <param name="After">Padding after the axis.</param>
/// <param name="Count">How many windows there are: the output's extent.</param>
internal readonly record struct PoolingAxis(int Extent, int Kernel, int Stride, int Dilation, int Before, int After,
    int Count)
{
    /// <summary>An axis that is not there.</summary>
    public static PoolingAxis None { get; } = new(1, 1, 1, 1, 0, 0, 1);

    /// <summary>Whether windows lie side by side, without padding: each element is in one of them at most.</summary>
    public bool Adjoins => Before == 0 && InnerEnd == Count && Stride == Kernel && Dilation == 1;

    /// <summary>From the first window's begin to the last one's end.</summary>
    public int Span => ((Count - 1) * Stride) + ((Kernel - 1) * Dilation) + 1;

    /// <summary>Elements of the axis that lie between the first window's begin and the last one's end.</summary>
    public int Covered => Math.Min(Extent, Span - Before);

    /// <summary>The first window whose taps are all inside or after.</summary>
    public int InnerStart => Before == 0 ? 0 : Math.Min(Count, ((Before - 1) / Stride) + 1);

    /// <summary>The end of the windows whose taps are all inside or before; not before
    /// <see cref="InnerStart"/>.</summary>
    public int InnerEnd
    {
        get
        {
            var room = Extent + Before - 1 - ((Kernel - 1) * Dilation);
            return Math.Clamp(room < 0 ? 0 : (room / Stride) + 1, InnerStart, Count);
        }
    }

    /// <summary>Where a tap of a window is.</summary>
    public int At(int window, int tap) => (window * Stride) - Before + (tap * Dilation);

    /// <summary>A window's first tap that is not in the padding before.</summary>
    public int FirstTap(int window)
    {
        var start = At(window, 0);
        return start >= 0 ? 0 : ((-1 - start) / Dilation) + 1;
    }

    /// <summary>The end of a window's taps that are not in the padding after.</summary>
    public int EndTap(int window) => EndTap(window, Extent);

    /// <summary>A window's taps: those inside, or those in the padding too.</summary>
    public int Taps(int window, bool withPadding) =>
        withPadding ? EndTap(window, Extent + After) : Math.Max(0, EndTap(window) - FirstTap(window));

    private int EndTap(int window, int extent)
    {
        var room = extent - At(window, 0);
        return room <= 0 ? 0 : Math.Min(Kernel, ((room - 1) / Dilation) + 1);
    }
}
