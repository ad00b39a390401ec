namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>The constants of <see cref="Exponential{T, TVector, TLanes}"/>.</summary>
internal static class ExponentialConstants
{
    /// <summary>In the order of the fields.</summary>
    public static readonly ConstantTable Table = new(
    [
        // Beyond these bounds the result is infinite or zero all the same.
        (89f, 710.0),
        (-104f, -746.0),
        (1.442695f, 1.4426950408889634),
        // Added to a number, it leaves the nearest integer plus the exponent's bias in the low bits.
        (12582912f + 127f, 6755399441055744.0 + 1023.0),
        // ln 2 in two parts, negated; the first has so few digits that n times it is exact.
        (-0.693359375f, -0.6931471803691238),
        (2.1219444e-4f, -1.9082149292705878e-10),
        (0.5f, 0.5),
        (1f, 1.0),
        // (e^r - 1 - r) / r^2 - 1/2, divided by r: interpolated at Chebyshev's points. The relative error of e^r - 1 is
        // 2^-29 and 2^-60.
        (0.16666667f, 0.1666666666666667),
        (0.041666467f, 0.04166666666666667),
        (0.0083333105f, 0.008333333333326136),
        (0.001393365f, 0.0013888888888883748),
        (0.00019890991f, 0.00019841269874820627),
        (0f, 2.4801587325547743e-05),
        (0f, 2.7557255400206422e-06),
        (0f, 2.75572736431103e-07),
        (0f, 2.5105217004720745e-08),
        (0f, 2.0914686968086876e-09),
    ]);
}
