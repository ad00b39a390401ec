using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Functions;

/// <summary>By which tap the windows of a plane have their largest element: the first one in row-major order, as in
/// PyTorch. Rows of the plane are dealt out by the stride, so that what neighbouring windows have by one tap lies side
/// by side.</summary>
/// <remarks>Its buffers are on loan until it is disposed of. Windows are counted in a row of them; a tap by a
/// number.</remarks>
internal readonly ref struct WindowMaxima<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PoolingGrid _grid;
    private readonly int _run, _rowLength;
    private readonly T[] _buffer;
    private readonly Span<T> _dealt;
    private readonly Span<T> _taps;
    private readonly RowPlace[] _places;

    public WindowMaxima(in PoolingGrid grid)
    {
        _grid = grid;
        _run = Phases.Run(grid.Width.Extent, grid.Width.Stride);
        _rowLength = Phases.Length(grid.Width.Extent, grid.Width.Stride);
        var length = Rows * _rowLength;
        _buffer = ArrayPool<T>.Shared.Rent((2 * length) + grid.Width.Count);
        _dealt = _buffer.AsSpan(0, length);
        Pulled = _buffer.AsSpan(length, length);
        _taps = _buffer.AsSpan(2 * length, grid.Width.Count);
        _places = ArrayPool<RowPlace>.Shared.Rent(grid.Width.Kernel);
        for (var w = 0; w < grid.Width.Kernel; w++) _places[w] = PlaceOf(w);
    }

    private int Rows => _grid.Depth.Extent * _grid.Height.Extent;

    /// <summary>What is pulled back to the plane, row by row, dealt out.</summary>
    private Span<T> Pulled { get; }

    /// <summary>Goes on to a plane of the input.</summary>
    public void Begin(ReadOnlySpan<T> plane)
    {
        Pulled.Clear();
        for (var row = 0; row < Rows; row++)
            Phases.Deal(
                plane.Slice(row * _grid.Width.Extent, _grid.Width.Extent), _grid.Width.Stride,
                _dealt.Slice(row * _rowLength, _rowLength));
    }

    /// <summary>Finds the taps of a row of windows.</summary>
    /// <param name="depth">The row's windows along the depth.</param>
    /// <param name="height">The row's windows along the height.</param>
    /// <param name="largest">Their largest elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Find(int depth, int height, ReadOnlySpan<T> largest)
    {
        WindowTaps<T>.MarkNone(_taps);
        // From the last tap to the first: the first one that is not less has the last word.
        for (var d = _grid.Depth.EndTap(depth) - 1; d >= _grid.Depth.FirstTap(depth); d--)
        {
            for (var h = _grid.Height.EndTap(height) - 1; h >= _grid.Height.FirstTap(height); h--)
            {
                var row = _dealt.Slice(Row(depth, height, d, h), _rowLength);
                for (var w = _grid.Width.Kernel - 1; w >= 0; w--)
                {
                    var (at, first, count) = _places[w];
                    if (count > 0)
                        WindowTaps<T>.Mark(Number(d, h, w), row.Slice(at, count), largest.Slice(first, count),
                            _taps.Slice(first, count));
                }
            }
        }
    }

    /// <summary>Adds the errors of the row of windows that was looked at to where their largest elements are: windows
    /// that share an element, in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int depth, int height, ReadOnlySpan<T> error)
    {
        for (var d = _grid.Depth.FirstTap(depth); d < _grid.Depth.EndTap(depth); d++)
        {
            for (var h = _grid.Height.FirstTap(height); h < _grid.Height.EndTap(height); h++)
            {
                var row = Pulled.Slice(Row(depth, height, d, h), _rowLength);
                // The earlier window has an element by the later tap.
                for (var w = _grid.Width.Kernel - 1; w >= 0; w--)
                {
                    var (at, first, count) = _places[w];
                    if (count > 0)
                        WindowTaps<T>.Add(Number(d, h, w), row.Slice(at, count), error.Slice(first, count),
                            _taps.Slice(first, count));
                }
            }
        }
    }

    /// <summary>Ends a plane: what has been pulled back to it.</summary>
    public void End(Span<T> plane)
    {
        for (var row = 0; row < Rows; row++)
            Phases.Gather(
                Pulled.Slice(row * _rowLength, _rowLength), _grid.Width.Stride,
                plane.Slice(row * _grid.Width.Extent, _grid.Width.Extent));
    }

    /// <summary>The place in the plane of a window's largest element; -1 when it holds padding alone.</summary>
    public int PlaceOf(int depth, int height, int window)
    {
        var tap = int.CreateTruncating(_taps[window]);
        if (tap == WindowTaps<T>.None) return tap;
        var (above, w) = int.DivRem(tap, _grid.Width.Kernel);
        var (d, h) = int.DivRem(above, _grid.Height.Kernel);
        return _grid.Row(_grid.Depth.At(depth, d), _grid.Height.At(height, h)) + _grid.Width.At(window, w);
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        ArrayPool<T>.Shared.Return(_buffer);
        ArrayPool<RowPlace>.Shared.Return(_places);
    }

    private T Number(int d, int h, int w) =>
        T.CreateTruncating((((d * _grid.Height.Kernel) + h) * _grid.Width.Kernel) + w);

    /// <summary>Where a row of the plane that a row of windows reads by a tap begins, dealt out.</summary>
    private int Row(int depth, int height, int d, int h) =>
        ((_grid.Depth.At(depth, d) * _grid.Height.Extent) + _grid.Height.At(height, h)) * _rowLength;

    /// <summary>Where the windows of a row have their elements by a tap of the width.</summary>
    private RowPlace PlaceOf(int w)
    {
        var width = _grid.Width;
        var offset = width.At(0, w);
        var first = offset >= 0 ? 0 : ((-1 - offset) / width.Stride) + 1;
        var end = offset >= width.Extent ? 0 : Math.Min(width.Count, ((width.Extent - 1 - offset) / width.Stride) + 1);
        var (index, phase) = int.DivRem(offset + (first * width.Stride), width.Stride);
        return new((phase * _run) + index, first, end - first);
    }

    /// <summary>Where, in a row dealt out, the windows have their elements by a tap.</summary>
    /// <param name="At">The element of the first window that has one inside.</param>
    /// <param name="First">That window.</param>
    /// <param name="Count">How many windows have one.</param>
    private readonly record struct RowPlace(int At, int First, int Count);
}
