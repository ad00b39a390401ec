using System.Numerics;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.ElementWise;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>The mean m of elements and the reciprocal r = 1 / sqrt(v + epsilon) of their
/// standard deviation, where v is the mean of (x - m)^2.</summary>
/// <param name="Mean">m.</param>
/// <param name="Variance">v.</param>
/// <param name="InverseDeviation">r.</param>
/// <param name="IsAboutZero">Whether m is 0 whatever the elements are, so that v is the mean of their squares.</param>
internal readonly record struct Moments<T>(T Mean, double Variance, T InverseDeviation, bool IsAboutZero = false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The moments of elements, in two passes: the second sums squares of differences,
    /// so nothing cancels.</summary>
    /// <param name="x">The elements, one or more.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="scratch">As long as <paramref name="x"/>, or <paramref name="x"/>
    /// itself; its content is lost.</param>
    public static Moments<T> Of(ReadOnlySpan<T> x, double epsilon, Span<T> scratch)
    {
        var differences = scratch[..x.Length];
        var mean = Precision.Narrow<T>(Precision.Widen(Reductions.Sum(x)) / x.Length);
        Centered.Scale(x, mean, T.One, T.Zero, differences);
        return Of(mean, Precision.Widen(Reductions.SumSquares<T>(differences)) / x.Length, epsilon);
    }

    /// <summary>The moments of elements about 0.</summary>
    /// <param name="x">The elements, one or more.</param>
    /// <param name="epsilon">Added to the mean of their squares.</param>
    public static Moments<T> AboutZero(ReadOnlySpan<T> x, double epsilon) =>
        Of(T.Zero, Precision.Widen(Reductions.SumSquares(x)) / x.Length, epsilon) with { IsAboutZero = true };

    /// <summary>Moments that are known.</summary>
    public static Moments<T> Of(T mean, double variance, double epsilon) =>
        new(mean, variance, Precision.Narrow<T>(1 / double.Sqrt(variance + epsilon)));

    /// <summary>(x - m) r, the normalised elements.</summary>
    public void Normalize(ReadOnlySpan<T> x, Span<T> result) =>
        Centered.Scale(x, Mean, InverseDeviation, T.Zero, result);

    /// <summary>The pull-back of an error of the normalised elements to the elements, through their moments too:
    /// r (error - mean(error) - y mean(y error)), where y are the normalised elements; about 0 without mean(error).
    /// </summary>
    /// <param name="x">The elements.</param>
    /// <param name="error">The error of the normalised elements.</param>
    /// <param name="factor">A factor of the error, which is applied last.</param>
    /// <param name="scratch">As long as <paramref name="x"/>, and no part of another operand.</param>
    /// <param name="result">Receives the pull-back; may be <paramref name="x"/> or <paramref name="error"/>.</param>
    public void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> error, T factor, Span<T> scratch, Span<T> result)
    {
        var shift = IsAboutZero ? T.Zero : Reductions.Sum(error) / T.CreateChecked(x.Length);
        var dot = Dot(x, error, scratch) / T.CreateChecked(x.Length);
        Centered.PullBack(x, error, Mean, -(dot * InverseDeviation), shift, factor * InverseDeviation, result);
    }

    /// <summary>The sum of the normalised elements times an error.</summary>
    public T Dot(ReadOnlySpan<T> x, ReadOnlySpan<T> error, Span<T> scratch)
    {
        var products = scratch[..x.Length];
        Normalize(x, products);
        Arithmetic.Multiply(products, error, products);
        return Reductions.Sum<T>(products);
    }
}
