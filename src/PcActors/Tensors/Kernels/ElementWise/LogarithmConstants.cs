namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>The constants of <see cref="Logarithm{T, TVector, TLanes}"/>.</summary>
internal static class LogarithmConstants
{
    /// <summary>In the order of the fields.</summary>
    public static readonly ConstantTable Table = new(
    [
        // The smallest normal number, the power of two that brings the others above it, and its exponent.
        (1.17549435e-38f, 2.2250738585072014e-308),
        (8388608f, 4503599627370496.0),
        (23f, 52.0),
        (0.70710677f, 0.7071067811865476),
        // Bits of an integer added to its bits make a number larger by that integer.
        (12582912f, 6755399441055744.0),
        (0.5f, 0.5),
        (1f, 1.0),
        (2f, 2.0),
        // ln 2 in two parts.
        (0.693359375f, 0.6931471803691238),
        (-2.1219444e-4f, 1.9082149292705878e-10),
        (float.PositiveInfinity, double.PositiveInfinity),
        (float.NaN, double.NaN),
        // (2 artanh s - 2 s) / s^3 as a polynomial in s^2, interpolated at Chebyshev's points. The relative error of the
        // logarithm is 2^-28 and 2^-57.
        (0.66666687f, 0.666666666666667),
        (0.39988777f, 0.39999999999899444),
        (0.29580054f, 0.2857142862600327),
        (0f, 0.22222211130259878),
        (0f, 0.18182889455674947),
        (0f, 0.15331710618210773),
        (0f, 0.14616585424888623),
    ]);
}
