using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>What some consecutive outputs of a plane read of a plane of the image by one tap: outputs above
/// the first row that is inside, rows that are, each with zeros to the left and right, and outputs
/// below the last one.</summary>
/// <remarks>Where what is counts, and what it begins with, is found once for all samples.</remarks>
internal readonly unsafe struct ColumnPlane<T, TTransfer>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTransfer : struct, IRowTransfer
{
    // The outputs, counted in the plane: all, and those inside; columns are counted from the first of all.
    private readonly int _start, _end;
    private readonly int _top, _bottom;

    // The outputs of a row that are inside, where the first row's read, and the next row.
    private readonly int _output, _stride;
    private readonly int _first, _last;
    private readonly nint _shift, _rowStride;

    // Where rows follow one another as the image's do: what is one run, and the first gap in it.
    private readonly bool _isShifted;
    private readonly int _from, _to, _gap;

    /// <summary>Fixes the tap and the outputs.</summary>
    public ColumnPlane(in ConvolutionAxis height, in ConvolutionAxis width, int heightTap, int widthTap, int start,
        int end)
    {
        (_start, _end) = (start, end);
        (_output, _stride) = (width.Output, width.Stride);
        (_first, _last) = (width.First(widthTap), width.End(widthTap));
        _top = Math.Clamp(height.First(heightTap) * _output, start, end);
        _bottom = _first == _last ? _top : Math.Clamp(height.End(heightTap) * _output, _top, end);
        _shift = ((nint)height.Position(0, heightTap) * width.Input) + width.Position(0, widthTap);
        _rowStride = (nint)height.Stride * width.Input;
        _isShifted = _stride == 1 && _rowStride == _output && _top < _bottom;
        if (!_isShifted) return;
        // The first and the last output that read the image.
        var row = _top - (_top % _output);
        _from = _top < row + _first ? row + _first : _top >= row + _last ? row + _output + _first : _top;
        row = (_bottom - 1) / _output * _output;
        _to = _bottom > row + _last ? row + _last : _bottom <= row + _first ? row - _output + _last : _bottom;
        if (_from >= _to) _from = _to = _gap = _bottom;
        else _gap = _from - (_from % _output) + _last;
    }

    /// <summary>Goes through the outputs of each sample in order.</summary>
    /// <param name="image">The plane of the first sample's image.</param>
    /// <param name="imageStride">From a sample's to the next one's.</param>
    /// <param name="column">Where the first sample's first output lies in the row of columns.</param>
    /// <param name="columnStride">From a sample's to the next one's.</param>
    /// <param name="samples">Samples.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(T* image, nint imageStride, T* column, nint columnStride, int samples)
    {
        image += _shift;
        column -= _start;
        for (; samples > 0; samples--, image += imageStride, column += columnStride)
        {
            if (_isShifted) Shifted(image, column);
            else
            {
                TTransfer.Outside(column + _start, _top - _start);
                if (_top < _bottom) Rows(image, column);
                TTransfer.Outside(column + _bottom, _end - _bottom);
            }
        }
    }

    /// <summary>One run, with gaps where it goes from row to row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Shifted(T* image, T* column)
    {
        TTransfer.Outside(column + _start, _from - _start);
        TTransfer.Outside(column + _to, _end - _to);
        if (TTransfer.IsToImage) Clear(column);
        TTransfer.Inside(image + _from, 1, column + _from, _to - _from);
        if (!TTransfer.IsToImage) Clear(column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Clear(T* column)
    {
        var length = _output - _last + _first;
        if (length == 0) return;
        for (var gap = _gap; gap < _to; gap += _output)
        {
            for (var i = 0; i < length; i++) column[gap + i] = T.Zero;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Rows(T* image, T* column)
    {
        var row = _top / _output;
        image += row * _rowStride;
        for (var begin = row * _output; begin < _bottom; begin += _output, image += _rowStride)
        {
            var left = Math.Max(begin, _top);
            var right = Math.Min(begin + _output, _bottom);
            var from = Math.Clamp(begin + _first, left, right);
            var to = Math.Clamp(begin + _last, from, right);
            TTransfer.Outside(column + left, from - left);
            TTransfer.Inside(image + ((nint)(from - begin) * _stride), _stride, column + from, to - from);
            TTransfer.Outside(column + to, right - to);
        }
    }
}
