namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>Sine, cosine and tangent in float64, by IEEE operations alone, for angles of any size.</summary>
/// <remarks>Sine and cosine are within 1 ulp, the tangent within 2.</remarks>
internal static class Trigonometric
{
    // (sin r - r) / r^3 by r^2, for |r| <= pi/4, to 2^-56.
    private static ReadOnlySpan<double> SineCore =>
    [
        -7.586681496252475e-13, 1.6058531353948204e-10, -2.5052106230775234e-08, 2.755731921933435e-06,
        -0.0001984126984126506, 0.008333333333333331, -0.16666666666666666,
    ];

    // (cos r - 1 + r^2/2) / r^4 by r^2, for |r| <= pi/4, to 2^-58.
    private static ReadOnlySpan<double> CosineCore =>
    [
        -1.1382609660408365e-11, 2.0876145952384525e-09, -2.755731727021332e-07, 2.4801587298762765e-05,
        -0.0013888888888887395, 0.041666666666666664,
    ];

    // Below it, sine and tangent are the angle itself, 0's sign included.
    private const double Tiny = 1e-9;

    /// <summary>The sine of an angle.</summary>
    public static double Sin(double x) => double.Abs(x) < Tiny ? x : Sine(x, 0);

    /// <summary>The cosine of an angle.</summary>
    public static double Cos(double x) => Sine(x, 1);

    /// <summary>The tangent of an angle.</summary>
    public static double Tan(double x)
    {
        if (double.Abs(x) < Tiny) return x;
        if (!double.IsFinite(x)) return double.NaN;
        var r = AngleReduction.Rest(x, out var quadrant);
        return (quadrant & 1) == 0 ? Sine(r) / Cosine(r) : -Cosine(r) / Sine(r);
    }

    /// <summary>The sine of an angle and some right angles more.</summary>
    private static double Sine(double x, int more)
    {
        if (!double.IsFinite(x)) return double.NaN;
        var r = AngleReduction.Rest(x, out var quadrant);
        quadrant += more;
        var value = (quadrant & 1) == 0 ? Sine(r) : Cosine(r);
        return (quadrant & 2) == 0 ? value : -value;
    }

    private static double Sine(DoubleDouble r)
    {
        var z = r.High * r.High;
        var rest = r.Low * double.FusedMultiplyAdd(-0.5, z, 1);
        return r.High + double.FusedMultiplyAdd(r.High * z, Polynomial.At(SineCore, z), rest);
    }

    private static double Cosine(DoubleDouble r)
    {
        var z = r.High * r.High;
        var sum = DoubleDouble.OrderedSum(1, -0.5 * z);
        return sum.High + (sum.Low + double.FusedMultiplyAdd(z * z, Polynomial.At(CosineCore, z), -r.High * r.Low));
    }
}

/// <summary>An angle less a whole number of right angles.</summary>
internal static class AngleReduction
{
    private const double TwoOverPi = 0.6366197723675814;
    private const double RightAngle = 1.5707963267948966;
    private const double RightAngleMiddle = 6.123233995736766e-17;
    private const double RightAngleLow = -1.4973849048591698e-33;

    // Below it, x less a multiple of RightAngle is exact in a fused multiply-add.
    private const double Large = 1L << 50;

    // 2 / pi in binary after the point, behind 64 zeros.
    private static ReadOnlySpan<ulong> Bits =>
    [
        0, 0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561, 0xB7246E3A424DD2E0,
        0x06492EEA09D1921C, 0xFE1DEB1CB129A73E, 0xE88235F52EBB4484, 0xE99C7026B45F7E41, 0x3991D639835339F4,
        0x9C845F8BBDF9283B, 0x1FF897FFDE05980F, 0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7, 0x4F463F669E5FEA2D,
        0x7527BAC7EBE5F17B, 0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB, 0xF0CFBC209AF4361D,
    ];

    /// <summary>The rest of a finite angle x, about -pi/4 to pi/4, to some 100 bits.</summary>
    /// <param name="x">The angle.</param>
    /// <param name="quadrant">The number of right angles taken off, from 0 to 3, in which a
    /// full turn does not count.</param>
    public static DoubleDouble Rest(double x, out int quadrant)
    {
        quadrant = 0;
        if (double.Abs(x) <= RightAngle / 2) return new(x, 0);
        if (double.Abs(x) >= Large) return RestOfLarge(x, out quadrant);
        var count = double.Round(x * TwoOverPi);
        quadrant = (int)((long)count & 3);
        var high = double.FusedMultiplyAdd(-count, RightAngle, x);
        var middle = DoubleDouble.Product(-count, RightAngleMiddle);
        var sum = DoubleDouble.Sum(high, middle.High);
        return DoubleDouble.OrderedSum(sum.High, sum.Low + double.FusedMultiplyAdd(-count, RightAngleLow, middle.Low));
    }

    /// <summary>The product with the 192 bits of 2 / pi that matter, in whole numbers (M.
    /// H. Payne, R. N. Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18(1), 1983).</summary>
    private static DoubleDouble RestOfLarge(double x, out int quadrant)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var mantissa = (ulong)((bits & ((1L << 52) - 1)) | (1L << 52));
        // The first bit that is taken has the weight 2 after the product with 2^exponent;
        // those before it make full turns.
        var first = (int)((bits >> 52) & 0x7FF) - 1075 - 2 + 64;
        var low = (UInt128)mantissa * Window(first + 128);
        var middle = ((UInt128)mantissa * Window(first + 64)) + (low >> 64);
        var high = (mantissa * Window(first)) + (ulong)(middle >> 64);
        // In units of 2^-128 right angles, with the quadrant's two bits shifted out and the rest rounded to nearest.
        var rest = (Int128)((new UInt128(high, (ulong)middle) << 2) | (UInt128)((ulong)low >> 62));
        quadrant = (int)(high >> 62) + (Int128.IsNegative(rest) ? 1 : 0);
        var part = (double)rest;
        var turns = new DoubleDouble(part, (double)(rest - (Int128)part));
        var angle = turns.Times(new DoubleDouble(RightAngle, RightAngleMiddle));
        const double Unit = 1 / (2.0 * (1UL << 63) * (2.0 * (1UL << 63)));
        if (x < 0) quadrant = -quadrant;
        quadrant &= 3;
        var scale = x < 0 ? -Unit : Unit;
        return new(angle.High * scale, angle.Low * scale);
    }

    /// <summary>64 bits from a position on.</summary>
    private static ulong Window(int position)
    {
        var (word, shift) = (position >> 6, position & 63);
        return shift == 0 ? Bits[word] : (Bits[word] << shift) | (Bits[word + 1] >> (64 - shift));
    }
}
