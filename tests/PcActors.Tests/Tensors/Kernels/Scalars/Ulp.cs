namespace PcActors.Tests.Tensors.Kernels.Scalars;

/// <summary>Distances in units of the last place: how many representable numbers lie between two.</summary>
internal static class Ulp
{
    /// <summary>The distance; 0 between NaNs, out of reach when only one is NaN.</summary>
    public static long Distance(double a, double b) => double.IsNaN(a) || double.IsNaN(b)
        ? (double.IsNaN(a) == double.IsNaN(b) ? 0 : long.MaxValue)
        : Math.Abs(
            Order(BitConverter.DoubleToInt64Bits(a), long.MinValue)
                - Order(BitConverter.DoubleToInt64Bits(b), long.MinValue));

    /// <summary>The distance; 0 between NaNs, out of reach when only one is NaN.</summary>
    public static long Distance(float a, float b) => float.IsNaN(a) || float.IsNaN(b)
        ? (float.IsNaN(a) == float.IsNaN(b) ? 0 : long.MaxValue)
        : Math.Abs(
            Order(BitConverter.SingleToInt32Bits(a), int.MinValue)
                - Order(BitConverter.SingleToInt32Bits(b), int.MinValue));

    private static long Order(long bits, long negativeZero) => bits < 0 ? negativeZero - bits : bits;
}
