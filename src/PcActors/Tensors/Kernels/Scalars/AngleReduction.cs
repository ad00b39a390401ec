namespace PcActors.Tensors.Kernels.Scalars;

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
    /// <param name="quadrant">The number of right angles taken off, from 0 to 3, in which a full turn does not count.</param>
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

    /// <summary>The product with the 192 bits of 2 / pi that matter, in whole numbers (M. H. Payne, R. N. Hanek, "Radian
    /// reduction for trigonometric functions", SIGNUM Newsletter 18(1), 1983).</summary>
    private static DoubleDouble RestOfLarge(double x, out int quadrant)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var mantissa = (ulong)((bits & ((1L << 52) - 1)) | (1L << 52));
        // The first bit that is taken has the weight 2 after the product with 2^exponent; those before it make full turns.
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
