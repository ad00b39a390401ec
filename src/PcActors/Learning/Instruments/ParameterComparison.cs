using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PcActors.Tensors;

namespace PcActors.Learning.Instruments;

/// <summary>How far two runs' parameters lie apart: the largest differences and the distance,
/// over all that is added.</summary>
/// <remarks>
/// The ULP distance of two numbers is how many representable numbers one is away from the
/// other; +0 and -0 are neighbours, so a distance of 0 means the same bits. Where bits differ and a number is not
/// finite, every difference is infinite.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ParameterComparison<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private double _squares;

    /// <summary>The largest absolute difference; infinite when a number is not finite.</summary>
    public double MaxAbsDifference { get; private set; }

    /// <summary>The largest ULP distance; null when a number is not finite.</summary>
    public ulong? MaxUlpDistance { get; private set; } = 0;

    /// <summary>The Euclidean distance, over everything that was compared; infinite when a
    /// number is not finite.</summary>
    public double EuclideanDistance => Math.Sqrt(_squares);

    /// <summary>Whether every bit is the same.</summary>
    public bool IsBitIdentical { get; private set; } = true;

    /// <summary>The name of the tensor in which bits first differed; null while none has.</summary>
    public string? FirstDifference { get; private set; }

    /// <summary>Adds two runs' parameters.</summary>
    /// <param name="left">One run's.</param>
    /// <param name="right">The other's: the same names and shapes in the same order.</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public void Add(IReadOnlyList<NamedTensor<T>> left, IReadOnlyList<NamedTensor<T>> right)
    {
        if (left.Count != right.Count)
            throw new ArgumentException($"{left.Count} parameters cannot be compared with {right.Count}",
                nameof(right));
        for (var i = 0; i < left.Count; i++)
        {
            if (left[i].Name != right[i].Name)
                throw new ArgumentException($"the parameter '{left[i].Name}' cannot be compared with '{right[i].Name}'",
                    nameof(right));
            Add(left[i].Name, left[i].Value, right[i].Value);
        }
    }

    /// <summary>Adds two tensors.</summary>
    /// <param name="name">What <see cref="FirstDifference"/> calls them.</param>
    /// <param name="left">One.</param>
    /// <param name="right">The other, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void Add(string name, Tensor<T> left, Tensor<T> right)
    {
        if (!left.Shape.Equals(right.Shape))
            throw new ArgumentException(
                $"'{name}' has the shapes {left.Shape} and {right.Shape}, which cannot be compared", nameof(right));
        if (MemoryMarshal.AsBytes(left.Span).SequenceEqual(MemoryMarshal.AsBytes(right.Span))) return;
        IsBitIdentical = false;
        FirstDifference ??= name;
        for (var i = 0; i < left.Length; i++) Add(left.Span[i], right.Span[i]);
    }

    /// <summary>Records that one run has no numbers to compare, because it diverged.</summary>
    /// <param name="name">What <see cref="FirstDifference"/> calls it.</param>
    public void AddDivergence(string name)
    {
        IsBitIdentical = false;
        FirstDifference ??= name;
        SetInfinite();
    }

    private void Add(T left, T right)
    {
        var (a, b) = (Ordinal(left), Ordinal(right));
        if (a == b) return;
        if (!T.IsFinite(left) || !T.IsFinite(right))
        {
            SetInfinite();
            return;
        }
        var difference = Math.Abs(double.CreateTruncating(left) - double.CreateTruncating(right));
        MaxAbsDifference = Math.Max(MaxAbsDifference, difference);
        if (MaxUlpDistance is { } largest) MaxUlpDistance = Math.Max(largest, a > b ? a - b : b - a);
        _squares += difference * difference;
    }

    private void SetInfinite()
    {
        MaxAbsDifference = _squares = double.PositiveInfinity;
        MaxUlpDistance = null;
    }

    /// <summary>The number's place among all numbers, in ascending order: from the bits, with the
    /// negative half turned round.</summary>
    private static ulong Ordinal(T value)
    {
        if (Unsafe.SizeOf<T>() == sizeof(float))
        {
            var bits = Unsafe.BitCast<T, uint>(value);
            return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        }
        var wide = Unsafe.BitCast<T, ulong>(value);
        return (wide & 0x8000_0000_0000_0000) != 0 ? ~wide : wide | 0x8000_0000_0000_0000;
    }
}
