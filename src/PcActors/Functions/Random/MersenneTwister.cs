namespace PcActors.Functions;

/// <summary>The generator MT19937 (M. Matsumoto, T. Nishimura, "Mersenne twister", ACM TOMACS 8(1), 1998) as NumPy's
/// <c>RandomState</c> seeds and reads it: what ONNX's reference of Dropout draws its mask from.</summary>
internal ref struct MersenneTwister
{
    /// <summary>Words of state.</summary>
    public const int Size = 624;

    private const int Shift = 397;

    private readonly Span<uint> _state;
    private int _next;

    /// <summary>The sequence of a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="state">Of <see cref="Size"/> words, in use as long as the generator.</param>
    public MersenneTwister(uint seed, Span<uint> state)
    {
        _state = state[..Size];
        _state[0] = seed;
        for (var i = 1; i < Size; i++) _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i;
        _next = Size;
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32()
    {
        if (_next == Size) Twist();
        var bits = _state[_next++];
        bits ^= bits >> 11;
        bits ^= (bits << 7) & 0x9D2C5680;
        bits ^= (bits << 15) & 0xEFC60000;
        return bits ^ (bits >> 18);
    }

    /// <summary>The next number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble()
    {
        var (high, low) = (NextUInt32() >> 5, NextUInt32() >> 6);
        return ((high * 67108864.0) + low) * (1.0 / (1L << 53));
    }

    private void Twist()
    {
        for (var i = 0; i < Size; i++)
        {
            var bits = (_state[i] & 0x80000000) | (_state[i + 1 == Size ? 0 : i + 1] & 0x7FFFFFFF);
            var other = i + Shift < Size ? i + Shift : i + Shift - Size;
            _state[i] = _state[other] ^ (bits >> 1) ^ ((bits & 1) == 0 ? 0 : 0x9908B0DF);
        }
        _next = 0;
    }
}
