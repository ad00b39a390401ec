using System.Buffers;
using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>Brings an operand of a contraction into a dense array with its labels in a wanted order, summed over other labels.</summary>
internal sealed class Arrangement
{
    private readonly int[] _extents;
    private readonly int[] _strides;
    private readonly int _summed;

    /// <summary>An arrangement.</summary>
    /// <param name="view">The operand.</param>
    /// <param name="kept">The labels in their order.</param>
    /// <param name="summed">The labels that are summed over.</param>
    /// <param name="extents">The extent of each label.</param>
    public Arrangement(LabelledView view, IEnumerable<int> kept, IEnumerable<int> summed, int[] extents)
    {
        int[] order = [.. kept];
        int[] over = [.. summed];
        _extents = [.. order.Concat(over).Select(label => extents[label])];
        _strides = [.. order.Concat(over).Select(view.Stride)];
        _summed = over.Aggregate(1, (product, label) => product * extents[label]);
        Length = order.Aggregate(1, (product, label) => checked(product * extents[label]));
        IsCopy = over.Length == 0 && IsDense();
    }

    /// <summary>Elements of the result.</summary>
    public int Length { get; }

    /// <summary>Whether the result is the operand as it lies.</summary>
    public bool IsCopy { get; }

    /// <summary>Makes the result.</summary>
    public void Run<T>(ReadOnlySpan<T> source, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_summed == 1)
        {
            StridedCopy.Gather(source, 0, _strides, _extents, result[..Length]);
            return;
        }
        var buffer = ArrayPool<T>.Shared.Rent(Length * _summed);
        StridedCopy.Gather(source, 0, _strides, _extents, buffer.AsSpan(0, Length * _summed));
        for (var i = 0; i < Length; i++) result[i] = Reductions.Sum<T>(buffer.AsSpan(i * _summed, _summed));
        ArrayPool<T>.Shared.Return(buffer);
    }

    private bool IsDense()
    {
        var step = 1;
        for (var axis = _extents.Length - 1; axis >= 0; axis--)
        {
            if (_extents[axis] != 1 && _strides[axis] != step) return false;
            step *= _extents[axis];
        }
        return true;
    }
}
