using System.Buffers;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>The pull-back of a contraction to one operand: the contraction of the others and the error to the operand's labels,
/// repeated along what the operand alone sums over, and put on its diagonals.</summary>
internal sealed class ContractionPullBack
{
    private readonly Contraction _contraction;
    private readonly int[] _extents;
    private readonly int[] _from;
    private readonly int[] _to;
    private readonly int _length;
    private readonly bool _isWhole;

    /// <summary>Plans a pull-back.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="others">The other operands and the error.</param>
    /// <param name="extents">The extent of each label.</param>
    /// <param name="size">Elements of the operand.</param>
    public ContractionPullBack(LabelledView operand, IReadOnlyList<LabelledView> others, int[] extents, int size)
    {
        // Along a label over which the operand is broadcast its one element gets the sum.
        int[] own = [.. operand.Labels.Where(label => operand.Stride(label) != 0 || extents[label] == 1)];
        int[] reached = [.. own.Where(label => others.Any(other => other.Labels.Contains(label)))];
        _contraction = new Contraction(others, reached, extents);
        var view = LabelledView.Dense(reached, extents);
        _extents = [.. own.Select(label => extents[label])];
        _from = [.. own.Select(view.Stride)];
        _to = [.. own.Select(operand.Stride)];
        _length = reached.Aggregate(1, (product, label) => product * extents[label]);
        _isWhole = _length == size && new Arrangement(operand, reached, [], extents).IsCopy;
    }

    /// <summary>Floating-point operations of the products.</summary>
    public long Cost => _contraction.Cost;

    /// <summary>Carries it out.</summary>
    public void Run<T>(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> error, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_isWhole)
        {
            _contraction.Run(inputs, error, result);
            return;
        }
        result.Clear();
        if (result.IsEmpty) return;
        var buffer = ArrayPool<T>.Shared.Rent(_length);
        _contraction.Run(inputs, error, buffer.AsSpan(0, _length));
        var loop = new StridedLoop(2, stackalloc int[StridedLoop.Scratch(_extents.Length, 2)]);
        for (var axis = 0; axis < _extents.Length; axis++) loop.Append(_extents[axis], _from[axis], _to[axis]);
        do
        {
            for (var i = 0; i < loop.Run; i++)
                result[loop.Offset(1) + (i * loop.Stride(1))] = buffer[loop.Offset(0) + (i * loop.Stride(0))];
        }
        while (loop.Next());
        ArrayPool<T>.Shared.Return(buffer);
    }
}
