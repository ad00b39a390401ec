using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>What elements are joined by, two at a time, in an order that the caller fixes.</summary>
internal interface IFold
{
    /// <summary>What changes nothing.</summary>
    static abstract T Neutral<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Joins two elements.</summary>
    static abstract T Join<T>(T x, T y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Joins the elements of two runs; the result may be either.</summary>
    static abstract void Join<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Joins each element of a run with one; the result may be the run.</summary>
    static abstract void Join<T>(ReadOnlySpan<T> x, T y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Joins all elements of a run.</summary>
    static abstract T Of<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>The largest one; NaN when one is.</summary>
internal readonly struct LargestFold : IFold
{
    static T IFold.Neutral<T>() => T.NegativeInfinity;

    static T IFold.Join<T>(T x, T y) => T.Max(x, y);

    static void IFold.Join<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) =>
        TensorPrimitives.Max(x, y, result);

    static void IFold.Join<T>(ReadOnlySpan<T> x, T y, Span<T> result) => TensorPrimitives.Max(x, y, result);

    static T IFold.Of<T>(ReadOnlySpan<T> x) => TensorPrimitives.Max(x);
}

/// <summary>The smallest one; NaN when one is.</summary>
internal readonly struct SmallestFold : IFold
{
    static T IFold.Neutral<T>() => T.PositiveInfinity;

    static T IFold.Join<T>(T x, T y) => T.Min(x, y);

    static void IFold.Join<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) =>
        TensorPrimitives.Min(x, y, result);

    static void IFold.Join<T>(ReadOnlySpan<T> x, T y, Span<T> result) => TensorPrimitives.Min(x, y, result);

    static T IFold.Of<T>(ReadOnlySpan<T> x) => TensorPrimitives.Min(x);
}

/// <summary>The sum.</summary>
internal readonly struct SumFold : IFold
{
    static T IFold.Neutral<T>() => T.Zero;

    static T IFold.Join<T>(T x, T y) => x + y;

    static void IFold.Join<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) =>
        TensorPrimitives.Add(x, y, result);

    static void IFold.Join<T>(ReadOnlySpan<T> x, T y, Span<T> result) => TensorPrimitives.Add(x, y, result);

    static T IFold.Of<T>(ReadOnlySpan<T> x) => Tensors.Kernels.Reductions.Sum(x);
}
