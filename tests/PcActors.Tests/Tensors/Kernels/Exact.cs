using System.Numerics;

namespace PcActors.Tests.Tensors.Kernels;

/// <summary>A number m 2^e, and elementary functions to some 300 bits by their power series: the oracle for
/// doubles.</summary>
internal readonly record struct Exact(BigInteger Mantissa, int Exponent)
{
    private const int Bits = 320;

    private static readonly BigInteger One = BigInteger.One << Bits;
    private static readonly BigInteger Log2 = 2 * Artanh(One / 3);

    /// <summary>e^x.</summary>
    public static Exact Exp(double x)
    {
        var value = Fixed(x);
        var n = (int)BigInteger.Divide(value, Log2);
        // Small enough for a short series, then squared as often as it was halved.
        var small = (value - (n * Log2)) >> 10;
        var sum = One;
        var term = One;
        for (var i = 1; !term.IsZero; i++)
        {
            term = ((term * small) >> Bits) / i;
            sum += term;
        }
        for (var i = 0; i < 10; i++) sum = (sum * sum) >> Bits;
        return new Exact(sum, n - Bits);
    }

    /// <summary>ln x for x &gt; 0.</summary>
    public static Exact Log(double x)
    {
        var (mantissa, exponent) = Parts(x);
        var length = (int)mantissa.GetBitLength();
        var m = mantissa << (Bits - length);
        var logarithm = 2 * Artanh(((m - One) << Bits) / (m + One));
        return new Exact(logarithm + ((exponent + length) * Log2), -Bits);
    }

    /// <summary>tanh x for |x| from 2^-60 on.</summary>
    public static Exact Tanh(double x)
    {
        var power = Shift(Exp(-2 * Math.Abs(x)));
        var tanh = ((One - power) << Bits) / (One + power);
        return new Exact(x < 0 ? -tanh : tanh, -Bits);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    public static Exact Sigmoid(double x)
    {
        var power = Exp(-Math.Abs(x));
        var denominator = One + Shift(power);
        return x < 0
            ? power with { Mantissa = (power.Mantissa << Bits) / denominator }
            : new Exact((One << Bits) / denominator, -Bits);
    }

    /// <summary>How far a double is from this number, in units in this number's last place.</summary>
    public double UlpsTo(double value)
    {
        var (mantissa, exponent) = Parts(value);
        var common = Math.Min(exponent, Exponent);
        var difference = BigInteger.Abs((mantissa << (exponent - common)) - (Mantissa << (Exponent - common)));
        var leading = Exponent + (int)BigInteger.Abs(Mantissa).GetBitLength() - 1;
        var ulp = Math.Max(leading - 52, -1074);
        return Math.Exp(BigInteger.Log(difference + BigInteger.One) + ((common - ulp) * Math.Log(2)));
    }

    private static BigInteger Artanh(BigInteger s)
    {
        var square = (s * s) >> Bits;
        var sum = BigInteger.Zero;
        for (var i = 1; !s.IsZero && s != BigInteger.MinusOne; i += 2)
        {
            sum += s / i;
            s = (s * square) >> Bits;
        }
        return sum;
    }

    private static (BigInteger Mantissa, int Exponent) Parts(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = bits & 0xFFFFFFFFFFFFF;
        if (exponent > 0) mantissa += 1L << 52;
        return (value < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) - 1075);
    }

    private static BigInteger Fixed(double value)
    {
        var (mantissa, exponent) = Parts(value);
        return Shift(new Exact(mantissa, exponent));
    }

    private static BigInteger Shift(Exact value) => value.Exponent + Bits >= 0
        ? value.Mantissa << (value.Exponent + Bits)
        : value.Mantissa >> -(value.Exponent + Bits);
}
