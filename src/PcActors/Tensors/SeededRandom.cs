using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Tensors;

/// <summary>Pseudo-random numbers whose bits depend on the seed alone: not on the platform, nor on
/// the version of .NET.</summary>
/// <remarks>
/// The generator is xoshiro256** (D. Blackman, S. Vigna, "Scrambled linear pseudorandom
/// number generators", ACM TOMS 47(4), 2021), its state four outputs of splitmix64. A library's samplers on top of it
/// would bring the C library's logarithm and cosine in, whose bits differ from one platform to the next; the normal
/// samples here use this project's own logarithm. Not thread-safe, and not for secrets.
/// </remarks>
public sealed class SeededRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>The sequence of a seed.</summary>
    public SeededRandom(ulong seed)
    {
        _s0 = SplitMix64(ref seed);
        _s1 = SplitMix64(ref seed);
        _s2 = SplitMix64(ref seed);
        _s3 = SplitMix64(ref seed);
    }

    /// <summary>One of many independent sequences of a seed: one a purpose and index, none of which has to
    /// run through another.</summary>
    /// <remarks>The seed proper is m(m(m(seed) + h) + index), m being splitmix64's finaliser and h the
    /// purpose's 64-bit FNV-1a.</remarks>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="purpose">What the numbers are for, so that two uses of one seed do not correlate.</param>
    /// <param name="index">Which of that purpose's sequences: an epoch, a parameter's number.</param>
    public SeededRandom(ulong seed, string purpose, ulong index = 0)
        : this(Mix(Mix(Mix(seed) + Hash(purpose)) + index))
    {
    }

    internal SeededRandom(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A multiple of 2^-53 in [0, 1), each equally likely.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>An integer in [0, <paramref name="bound"/>), each exactly equally likely.</summary>
    /// <remarks>D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var range = (uint)bound;
        var product = (NextUInt64() >> 32) * range;
        if ((uint)product < range)
        {
            var excess = (0u - range) % range;
            while ((uint)product < excess) product = (NextUInt64() >> 32) * range;
        }
        return (int)(product >> 32);
    }

    /// <summary>A sample of the normal distribution with mean 0 and variance 1.</summary>
    /// <remarks>
    /// Marsaglia's polar method. The second sample of each pair is dropped, so that the state is the generator's alone.
    /// </remarks>
    public double NextGaussian()
    {
        double u, square;
        do
        {
            u = (2 * NextDouble()) - 1;
            var v = (2 * NextDouble()) - 1;
            square = double.FusedMultiplyAdd(u, u, v * v);
        }
        while (square >= 1 || square == 0);
        var logarithm = 0.0;
        Transcendental.Log(new ReadOnlySpan<double>(in square), new Span<double>(ref logarithm));
        return u * double.Sqrt(-2 * logarithm / square);
    }

    /// <summary>Permutes the elements in place, each permutation equally likely (Fisher and Yates).</summary>
    public void Shuffle<TElement>(Span<TElement> elements)
    {
        for (var last = elements.Length - 1; last > 0; last--)
        {
            var other = NextInt(last + 1);
            (elements[last], elements[other]) = (elements[other], elements[last]);
        }
    }

    private static ulong SplitMix64(ref ulong state) => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>splitmix64's finaliser: a permutation of the 64-bit numbers that scatters neighbours.</summary>
    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static ulong Hash(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var letter in System.Text.Encoding.UTF8.GetBytes(text)) hash = (hash ^ letter) * 0x100000001B3;
        return hash;
    }
}
