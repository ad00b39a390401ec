using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>The rows of a tensor as they are repeated in a larger shape, one after the other.</summary>
internal ref struct BroadcastRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlySpan<T> _elements;
    private readonly int _length;
    private StridedLoop _loop;

    /// <summary>The rows from one on.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="space">The shape, not empty, that it broadcasts to.</param>
    /// <param name="scratch">For a <see cref="StridedLoop"/> of one operand.</param>
    /// <param name="first">The first row.</param>
    public BroadcastRows(Tensor<T> tensor, Shape space, Span<int> scratch, int first)
    {
        _elements = tensor.Span;
        _length = space[-1];
        _loop = StridedLoop.Broadcast(space, scratch, tensor.Shape);
        // A run is one row, or several whole ones.
        _loop.GoTo(first * _length / _loop.Run);
    }

    /// <summary>A row, or one element for all of it; the same one as before, or the next.</summary>
    public ReadOnlySpan<T> Of(int row)
    {
        var start = row * _length;
        if (start == _loop.Position + _loop.Run) _loop.Next();
        var run = _loop.Operand(0, _elements);
        return run.Length == 1 ? run : run.Slice(start - _loop.Position, _length);
    }
}
