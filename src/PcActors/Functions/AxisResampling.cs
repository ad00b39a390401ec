using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>A linear map of each slice along one axis, in which few elements make up each other: of
/// arrays [outer, extent, inner] to [outer, resized, inner], and its transpose.</summary>
internal readonly ref struct AxisResampling<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlySpan<int> _elements;
    private readonly ReadOnlySpan<T> _weights;
    private readonly int _taps;

    /// <summary>A map.</summary>
    /// <param name="extent">The extent of the axis.</param>
    /// <param name="resized">The extent that it becomes.</param>
    /// <param name="inner">Elements from one index of the axis to the next.</param>
    /// <param name="elements">For each resized element those that make it up; -1 first where it is outside.</param>
    /// <param name="weights">Their weights.</param>
    public AxisResampling(int extent, int resized, int inner, ReadOnlySpan<int> elements, ReadOnlySpan<T> weights)
    {
        (Extent, Resized, Inner) = (extent, resized, inner);
        _elements = elements;
        _weights = weights;
        _taps = elements.Length / resized;
    }

    private int Extent { get; }

    private int Resized { get; }

    private int Inner { get; }

    /// <summary>The map of an array.</summary>
    /// <param name="x">The array.</param>
    /// <param name="outside">The value of what is outside.</param>
    /// <param name="y">Receives the result.</param>
    public void Run(ReadOnlySpan<T> x, T outside, Span<T> y)
    {
        for (int from = 0, to = 0; to < y.Length; from += Extent * Inner, to += Resized * Inner)
        {
            if (Inner == 1)
            {
                RunAlone(x.Slice(from, Extent), outside, y.Slice(to, Resized));
                continue;
            }
            for (var i = 0; i < Resized; i++)
            {
                var tap = i * _taps;
                var row = y.Slice(to + (i * Inner), Inner);
                if (_elements[tap] < 0)
                {
                    row.Fill(outside);
                    continue;
                }
                var first = x.Slice(from + (_elements[tap] * Inner), Inner);
                if (_taps == 1) first.CopyTo(row);
                else Arithmetic.Scale(_weights[tap], first, row);
                for (var t = tap + 1; t < tap + _taps; t++)
                    Arithmetic.MultiplyAdd(_weights[t], x.Slice(from + (_elements[t] * Inner), Inner), row, row);
            }
        }
    }

    /// <summary>The transposed map of an array; what is outside has no part in it.</summary>
    public void RunTransposed(ReadOnlySpan<T> y, Span<T> x)
    {
        x.Clear();
        for (int to = 0, from = 0; from < y.Length; to += Extent * Inner, from += Resized * Inner)
        {
            if (Inner == 1)
            {
                RunTransposedAlone(y.Slice(from, Resized), x.Slice(to, Extent));
                continue;
            }
            for (var i = 0; i < Resized; i++)
            {
                var tap = i * _taps;
                if (_elements[tap] < 0) continue;
                var row = y.Slice(from + (i * Inner), Inner);
                for (var t = tap; t < tap + _taps; t++)
                {
                    var sum = x.Slice(to + (_elements[t] * Inner), Inner);
                    Arithmetic.MultiplyAdd(_weights[t], row, sum, sum);
                }
            }
        }
    }

    /// <summary>One slice whose elements are neighbours.</summary>
    private void RunAlone(ReadOnlySpan<T> x, T outside, Span<T> y)
    {
        var elements = _elements;
        var weights = _weights;
        var tap = 0;
        for (var i = 0; i < y.Length; i++)
        {
            if (elements[tap] < 0)
            {
                y[i] = outside;
                tap += _taps;
                continue;
            }
            var value = _taps == 1 ? x[elements[tap]] : weights[tap] * x[elements[tap]];
            tap++;
            for (var t = 1; t < _taps; t++, tap++) value = T.FusedMultiplyAdd(weights[tap], x[elements[tap]], value);
            y[i] = value;
        }
    }

    /// <summary>One slice whose elements are neighbours.</summary>
    private void RunTransposedAlone(ReadOnlySpan<T> y, Span<T> x)
    {
        var elements = _elements;
        var weights = _weights;
        for (int i = 0, tap = 0; i < y.Length; i++)
        {
            var end = tap + _taps;
            if (elements[tap] < 0) tap = end;
            for (; tap < end; tap++)
            {
                ref var sum = ref x[elements[tap]];
                sum = T.FusedMultiplyAdd(weights[tap], y[i], sum);
            }
        }
    }
}
