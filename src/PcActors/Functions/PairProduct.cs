using System.Buffers;
using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>The contraction of two operands: a matrix product [M, K] [K, N] for each index of the
/// labels that stay in both.</summary>
internal sealed class PairProduct
{
    private readonly bool _leftIsTransposed;
    private readonly bool _rightIsTransposed;
    private readonly int _batch;
    private readonly int _m;
    private readonly int _n;
    private readonly int _k;

    /// <summary>The contraction of two operands.</summary>
    /// <param name="left">What has been computed so far, or the first operand.</param>
    /// <param name="right">The next operand.</param>
    /// <param name="kept">The labels that stay.</param>
    /// <param name="extents">The extent of each label.</param>
    public PairProduct(LabelledView left, LabelledView right, HashSet<int> kept, int[] extents)
    {
        int[] batch = [.. left.Labels.Where(label => right.Labels.Contains(label) && kept.Contains(label))];
        int[] inner = [.. left.Labels.Where(label => right.Labels.Contains(label) && !kept.Contains(label))];
        int[] rows = [.. left.Labels.Where(label => !right.Labels.Contains(label) && kept.Contains(label))];
        int[] columns = [.. right.Labels.Where(label => !left.Labels.Contains(label) && kept.Contains(label))];
        (_batch, _m, _n, _k) = (Length(batch, extents), Length(rows, extents), Length(columns, extents),
            Length(inner, extents));
        Right = right.Source;
        (LeftArrangement, _leftIsTransposed) = Arrange(left, batch, rows, inner, extents, right);
        (RightArrangement, _rightIsTransposed) = Arrange(right, batch, inner, columns, extents, left);
        Labels = [.. batch, .. rows, .. columns];
    }

    /// <summary>Which input the right operand is.</summary>
    public int Right { get; }

    /// <summary>How the left operand is brought into order.</summary>
    public Arrangement LeftArrangement { get; }

    /// <summary>How the right operand is brought into order.</summary>
    public Arrangement RightArrangement { get; }

    /// <summary>The labels of the product, which is dense.</summary>
    public int[] Labels { get; }

    /// <summary>Elements of the product.</summary>
    public int ResultLength => checked(_batch * _m * _n);

    /// <summary>Floating-point operations.</summary>
    public long Cost => 2L * _batch * _m * _n * _k;

    /// <summary>The products of operands in order.</summary>
    public void Run<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_k == 0 || ResultLength == 0)
        {
            result[..ResultLength].Clear();
            return;
        }
        if (_m == 1 && _n == 1 && _k == 1)
        {
            Arithmetic.Multiply(left[.._batch], right[.._batch], result[.._batch]);
            return;
        }
        var (leftRow, leftColumn) = _leftIsTransposed ? (1, _m) : (_k, 1);
        var (rightRow, rightColumn) = _rightIsTransposed ? (1, _k) : (_n, 1);
        for (var b = 0; b < _batch; b++)
        {
            MatrixProduct.Multiply(
                _m, _n, _k, left.Slice(b * _m * _k, _m * _k), leftRow, leftColumn, right.Slice(b * _k * _n, _k * _n),
                rightRow, rightColumn,
                result.Slice(b * _m * _n, _m * _n), _n);
        }
    }

    /// <summary>The order [batch, rows, columns] of an operand, or [batch, columns, rows] when it
    /// lies like that already.</summary>
    private static (Arrangement Arrangement, bool IsTransposed) Arrange(
        LabelledView view, int[] batch, int[] rows, int[] columns, int[] extents, LabelledView other)
    {
        // What is neither kept nor in the other operand is summed before.
        var kept = batch.Concat(rows).Concat(columns).ToArray();
        var summed = view.Labels.Where(label => !kept.Contains(label) && !other.Labels.Contains(label)).ToArray();
        var arrangement = new Arrangement(view, kept, summed, extents);
        if (arrangement.IsCopy) return (arrangement, false);
        var transposed = new Arrangement(view, batch.Concat(columns).Concat(rows), summed, extents);
        return transposed.IsCopy ? (transposed, true) : (arrangement, false);
    }

    private static int Length(int[] labels, int[] extents) =>
        labels.Aggregate(1, (product, label) => checked(product * extents[label]));
}

/// <summary>Brings an operand of a contraction into a dense array with its labels in a wanted order,
/// summed over other labels.</summary>
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

/// <summary>An operand of a contraction: a stride for each of its labels, which are numbers here.
/// Along a label that stands for several axes (a diagonal) it is the sum of their strides; along one over which the
/// operand is broadcast it is 0.</summary>
/// <param name="Source">Which input it is; <see cref="Error"/> for the error.</param>
/// <param name="Labels">The labels, each once.</param>
/// <param name="Strides">A stride for each label.</param>
internal sealed record LabelledView(int Source, int[] Labels, int[] Strides)
{
    /// <summary>The error of a pull-back.</summary>
    public const int Error = -1;

    /// <summary>What has been computed so far.</summary>
    private const int Intermediate = -2;

    /// <summary>A dense array with one axis for each label.</summary>
    public static LabelledView Dense(int[] labels, int[] extents, int source = Intermediate)
    {
        var strides = new int[labels.Length];
        var step = 1;
        for (var i = labels.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= extents[labels[i]];
        }
        return new LabelledView(source, labels, strides);
    }

    /// <summary>The stride along a label; 0 when there is no such one.</summary>
    public int Stride(int label)
    {
        var at = Array.IndexOf(Labels, label);
        return at < 0 ? 0 : Strides[at];
    }
}
