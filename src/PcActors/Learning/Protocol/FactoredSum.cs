using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Learning.Protocol;

/// <summary>A sum of matrix products that has not been carried out yet: what an identity
/// chain passes on of the errors of a parameter that is read at several levels.</summary>
/// <remarks>Without it each identity would copy the sum so far to add one product to it.
/// Carried out, the sum has the bits of adding the terms one after the other in the order in which
/// they were appended.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class FactoredSum<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Terms after which a sum is carried out: copies are then rare, and the work is still
    /// spread along the wave.</summary>
    internal const int MaxTerms = 8;

    // Those of the tallest tile.
    private const int FewestRows = 8;

    private readonly Tensor<T>? _start;
    private readonly FactoredSum<T>? _earlier;
    private readonly FactoredProduct<T> _last;
    private readonly long _operations;

    // Rows of each of the products; 0 where they differ, as those of a vector that is a row here and a column there, or
    // where one is a product of nothing.
    private readonly int _rows;

    private FactoredSum(Tensor<T>? start, FactoredSum<T>? earlier, FactoredProduct<T> last)
    {
        (_start, _earlier, _last) = (start, earlier, last);
        Count = 1 + (earlier?.Count ?? 0);
        var (rows, operations) = (last.Rows, last.Operations);
        _operations = operations + (earlier?._operations ?? 0);
        _rows = operations > 0 && (earlier is null || earlier._rows == rows) ? rows : 0;
    }

    /// <summary>Products that are still to be carried out.</summary>
    public int Count { get; }

    /// <summary>The sum's shape.</summary>
    public Shape Shape => _last.Shape;

    /// <summary>Bytes of the elements of all its parts.</summary>
    public long Bytes => (_start?.Bytes ?? 0) + (_earlier?.Bytes ?? 0) + _last.Bytes;

    /// <summary>The sum of pull-backs, left to right, without carrying any out.</summary>
    /// <returns>Null when one other than the first is whole, or there are more than
    /// <see cref="MaxTerms"/> products.</returns>
    internal static PullBack<T>? Join(ReadOnlySpan<PullBack<T>?> pullBacks)
    {
        if (pullBacks.Length == 1) return pullBacks[0];
        var first = pullBacks[0]!.Value;
        var sum = first.Sum ?? (first.Factors is { } factors ? new FactoredSum<T>(null, null, factors) : null);
        var start = first.Whole;
        for (var i = 1; i < pullBacks.Length; i++)
        {
            if (pullBacks[i]!.Value.Factors is not { } next || sum?.Count == MaxTerms) return null;
            sum = new FactoredSum<T>(start, sum, next);
            start = null;
        }
        return new PullBack<T>(null, null, sum);
    }

    /// <summary>The sum from its parts.</summary>
    /// <param name="start">What the products are added to; null for nothing.</param>
    /// <param name="terms">At least one product.</param>
    internal static FactoredSum<T> Of(Tensor<T>? start, ReadOnlySpan<FactoredProduct<T>> terms)
    {
        var sum = new FactoredSum<T>(start, null, terms[0]);
        foreach (var term in terms[1..]) sum = new FactoredSum<T>(null, sum, term);
        return sum;
    }

    /// <summary>What <see cref="Of"/> makes the sum from.</summary>
    internal (Tensor<T>? Start, IReadOnlyList<FactoredProduct<T>> Terms) Parts()
    {
        var terms = new FactoredProduct<T>[Count];
        var sum = this;
        for (var i = Count - 1; i > 0; i--, sum = sum._earlier!) terms[i] = sum._last;
        terms[0] = sum._last;
        return (sum._start, terms);
    }

    private bool IsFirst => _start is null && _earlier is null;

    internal void Hold()
    {
        _start?.Hold();
        _earlier?.Hold();
        _last.Hold();
    }

    internal void Release()
    {
        _start?.Release();
        _earlier?.Release();
        _last.Release();
    }

    /// <summary>Carries the sum out.</summary>
    /// <param name="result">Receives it; of shape <see cref="Shape"/>.</param>
    public void WriteTo(Tensor<T> result)
    {
        // Where there are too few rows for all threads, each product is shared by itself.
        var most = _rows / FewestRows;
        var parts = most < KernelThreads.Count ? 1 : KernelThreads.PartsOf(_operations, most);
        if (parts == 1) WholeTo(result);
        else Share(parts, result);
    }

    /// <summary>Threads make rows of the whole sum each: none waits for another between two products.</summary>
    private void Share(int parts, Tensor<T> result) => KernelThreads.Run(parts, part =>
    {
        var start = KernelThreads.Start(part, parts, _rows, FewestRows);
        RowsTo(start, KernelThreads.Start(part + 1, parts, _rows, FewestRows) - start, result);
    });

    private void WholeTo(Tensor<T> result)
    {
        _start?.Span.CopyTo(result.Writable);
        _earlier?.WholeTo(result);
        if (IsFirst) _last.WriteTo(result);
        else _last.AddTo(result);
    }

    private void RowsTo(int row, int rows, Tensor<T> result)
    {
        var columns = result.Length / _rows;
        _start?.Span.Slice(row * columns, rows * columns).CopyTo(result.Writable[(row * columns)..]);
        _earlier?.RowsTo(row, rows, result);
        _last.RowsTo(row, rows, result, adds: !IsFirst);
    }
}
