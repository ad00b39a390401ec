using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>What the outputs of a plane read of a plane of the image by one tap: outputs above
/// the first row that is inside, rows that are, each with zeros to the left and right, and outputs
/// below the last one.</summary>
internal readonly unsafe struct ColumnPlane<T, TTransfer>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTransfer : struct, IRowTransfer
{
    private readonly int _output;
    private readonly int _stride;
    private readonly int _first;
    private readonly int _end;
    private readonly int _top;
    private readonly int _bottom;
    private readonly nint _shift;
    private readonly nint _rowStride;

    /// <summary>Fixes the tap.</summary>
    public ColumnPlane(in ConvolutionAxis height, in ConvolutionAxis width, int heightTap, int widthTap)
    {
        (_output, _stride) = (width.Output, width.Stride);
        (_first, _end) = (width.First(widthTap), width.End(widthTap));
        (_top, _bottom) = (height.First(heightTap) * _output, height.End(heightTap) * _output);
        if (_first == _end) _bottom = _top;
        _shift = ((nint)height.Position(0, heightTap) * width.Input) + width.Position(0, widthTap);
        _rowStride = (nint)height.Stride * width.Input;
    }

    /// <summary>Goes through outputs in order.</summary>
    /// <param name="image">The plane of the image.</param>
    /// <param name="start">The first output, counted in the plane.</param>
    /// <param name="end">The end of the outputs.</param>
    /// <param name="column">Where the first one lies in the row of columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(T* image, int start, int end, T* column)
    {
        var top = Math.Clamp(_top, start, end);
        var bottom = Math.Clamp(_bottom, top, end);
        TTransfer.Outside(column, top - start);
        if (top < bottom)
        {
            if (_stride == 1 && _rowStride == _output) Shifted(image + _shift, top, bottom, column - start);
            else Rows(image + _shift, top, bottom, column - start);
        }
        TTransfer.Outside(column + (bottom - start), end - bottom);
    }

    /// <summary>Rows that follow one another as the image's do: one run, with gaps where it
    /// goes from row to row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Shifted(T* image, int start, int end, T* column)
    {
        // The first and the last output that read the image.
        var row = start - (start % _output);
        var from = start < row + _first ? row + _first : start >= row + _end ? row + _output + _first : start;
        row = (end - 1) / _output * _output;
        var to = end > row + _end ? row + _end : end <= row + _first ? row - _output + _end : end;
        if (from >= to)
        {
            TTransfer.Outside(column + start, end - start);
            return;
        }
        TTransfer.Outside(column + start, from - start);
        TTransfer.Outside(column + to, end - to);
        var gap = _output - _end + _first;
        if (TTransfer.IsToImage) Clear(column + (from - (from % _output) + _end), column + to, gap);
        TTransfer.Inside(image + from, 1, column + from, to - from);
        if (!TTransfer.IsToImage) Clear(column + (from - (from % _output) + _end), column + to, gap);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Clear(T* gap, T* end, int length)
    {
        if (length == 0) return;
        for (; gap < end; gap += _output)
        {
            for (var i = 0; i < length; i++) gap[i] = T.Zero;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows(T* image, int start, int end, T* column)
    {
        var row = start / _output;
        image += row * _rowStride;
        for (var begin = row * _output; begin < end; begin += _output, image += _rowStride)
        {
            var left = Math.Max(begin, start);
            var right = Math.Min(begin + _output, end);
            var from = Math.Clamp(begin + _first, left, right);
            var to = Math.Clamp(begin + _end, from, right);
            TTransfer.Outside(column + left, from - left);
            TTransfer.Inside(image + ((nint)(from - begin) * _stride), _stride, column + from, to - from);
            TTransfer.Outside(column + to, right - to);
        }
    }
}
