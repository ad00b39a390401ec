using System.Buffers.Binary;
using System.Numerics;

namespace PcNode.Suite;

/// <summary>The orders that NumPy draws by <c>numpy.random.default_rng(seed)</c>, for published figures that are of one
/// order: PCG64 (O'Neill, HMC-CS-2014-0905: XSL-RR 128/64) behind NumPy's seed sequence, swaps
/// from the end on.</summary>
internal sealed class NumPyRandom
{
    private const uint MultiplyIn = 0x931E8875;
    private const uint MultiplyOut = 0x58F38DED;

    private static readonly UInt128 Multiplier = new(0x2360ED051FC65DA4, 0x4385DF649FCCF645);

    private readonly UInt128 _increment;
    private UInt128 _state;
    private uint? _half;

    /// <summary>default_rng(seed).</summary>
    public NumPyRandom(ulong seed)
    {
        var words = Seeds(seed);
        _increment = (new UInt128(words[2], words[3]) << 1) | UInt128.One;
        Step();
        _state += new UInt128(words[0], words[1]);
        Step();
    }

    /// <summary>Generator.permutation(count): the numbers below it in a random order.</summary>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (var i = count - 1; i > 0; i--)
        {
            var j = (int)UpTo((uint)i);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    /// <summary>The next 64 random bits: random_raw.</summary>
    public ulong Next()
    {
        Step();
        var (high, low) = ((ulong)(_state >> 64), (ulong)_state);
        return BitOperations.RotateRight(high ^ low, (int)(high >> 58));
    }

    private void Step() => _state = unchecked((_state * Multiplier) + _increment);

    // As many bits as the largest number has; what is above it is drawn again.
    private uint UpTo(uint largest)
    {
        var mask = uint.MaxValue >> BitOperations.LeadingZeroCount(largest);
        uint number;
        do number = NextHalf() & mask;
        while (number > largest);
        return number;
    }

    // The lower half of 64 bits comes first, and the upper one is kept.
    private uint NextHalf()
    {
        if (_half is { } kept)
        {
            _half = null;
            return kept;
        }
        var bits = Next();
        _half = (uint)(bits >> 32);
        return (uint)bits;
    }

    /// <summary>SeedSequence(seed).generate_state(4, uint64): O'Neill's seed_seq_fe, a pool of four
    /// words.</summary>
    internal static ulong[] Seeds(ulong seed)
    {
        var pool = new uint[4];
        var factor = 0x43B0D7E5u;
        for (var i = 0; i < pool.Length; i++) pool[i] = Hash(i < 2 ? (uint)(seed >> (32 * i)) : 0, MultiplyIn);
        for (var from = 0; from < pool.Length; from++)
        {
            for (var to = 0; to < pool.Length; to++)
            {
                if (from != to) pool[to] = Mix(pool[to], Hash(pool[from], MultiplyIn));
            }
        }
        factor = 0x8B51F9DD;
        var bytes = new byte[4 * sizeof(ulong)];
        for (var i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(
                bytes.AsSpan(i * sizeof(uint)), Hash(pool[i % pool.Length], MultiplyOut));
        }
        return [.. Enumerable.Range(0, 4)
            .Select(i => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong))))];

        uint Hash(uint value, uint multiplier)
        {
            value ^= factor;
            factor = unchecked(factor * multiplier);
            value = unchecked(value * factor);
            return value ^ (value >> 16);
        }
    }

    private static uint Mix(uint x, uint y)
    {
        var mixed = unchecked((x * 0xCA01F9DDu) - (y * 0x4973F715u));
        return mixed ^ (mixed >> 16);
    }
}
