using System.Buffers;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A sum of products of operands over all labels that the result lacks: operands
/// are joined from the first to the last, and what no later one needs is summed as early as it can be.</summary>
internal sealed class Contraction
{
    private readonly LabelledView _first;
    private readonly List<PairProduct> _products = [];
    private readonly Arrangement _last;

    /// <summary>Plans a contraction.</summary>
    /// <param name="operands">The operands, one or more.</param>
    /// <param name="result">The labels of the result, which is dense.</param>
    /// <param name="extents">The extent of each label.</param>
    public Contraction(IReadOnlyList<LabelledView> operands, int[] result, int[] extents)
    {
        _first = operands[0];
        var current = _first;
        for (var i = 1; i < operands.Count; i++)
        {
            var kept = result.Concat(operands.Skip(i + 1).SelectMany(operand => operand.Labels)).ToHashSet();
            var product = new PairProduct(current, operands[i], kept, extents);
            _products.Add(product);
            current = LabelledView.Dense(product.Labels, extents);
        }
        _last = new Arrangement(current, result, current.Labels.Except(result), extents);
    }

    /// <summary>Floating-point operations of the products.</summary>
    public long Cost => _products.Sum(product => product.Cost);

    /// <summary>Carries it out.</summary>
    public void Run<T>(ReadOnlySpan<Tensor<T>> inputs, Tensor<T>? error, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[]? held = null;
        var current = Of(_first.Source, inputs, error);
        for (var i = 0; i < _products.Count; i++)
        {
            var product = _products[i];
            var left = Arranged(product.LeftArrangement, current, out var leftBuffer);
            var right = Arranged(product.RightArrangement, Of(product.Right, inputs, error), out var rightBuffer);
            var isResult = i == _products.Count - 1 && _last.IsCopy;
            var next = isResult ? null : ArrayPool<T>.Shared.Rent(product.ResultLength);
            product.Run(left, right, isResult ? result : next);
            Return(leftBuffer);
            Return(rightBuffer);
            Return(held);
            held = next;
            current = next;
            if (isResult) return;
        }
        _last.Run(current, result);
        Return(held);
    }

    private static ReadOnlySpan<T> Of<T>(int source, ReadOnlySpan<Tensor<T>> inputs, Tensor<T>? error)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        source == LabelledView.Error ? error!.Span : inputs[source].Span;

    private static ReadOnlySpan<T> Arranged<T>(Arrangement arrangement, ReadOnlySpan<T> source, out T[]? buffer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        buffer = null;
        if (arrangement.IsCopy) return source;
        buffer = ArrayPool<T>.Shared.Rent(arrangement.Length);
        arrangement.Run(source, buffer.AsSpan(0, arrangement.Length));
        return buffer;
    }

    private static void Return<T>(T[]? buffer)
    {
        if (buffer is not null) ArrayPool<T>.Shared.Return(buffer);
    }
}

/// <summary>The pull-back of a contraction to one operand: the contraction of the others and the
/// error to the operand's labels, repeated along what the operand alone sums over, and put on its diagonals.</summary>
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
