namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>Polynomials by Horner's rule with fused multiply-adds.</summary>
/// <remarks>The coefficients in this folder interpolate their function at Chebyshev's nodes of its interval, computed with 60
/// digits and rounded to float64.</remarks>
internal static class Polynomial
{
    /// <summary>The value at x.</summary>
    /// <param name="coefficients">Highest power first; one or more.</param>
    /// <param name="x">The point.</param>
    public static double At(ReadOnlySpan<double> coefficients, double x)
    {
        var sum = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++) sum = double.FusedMultiplyAdd(sum, x, coefficients[i]);
        return sum;
    }
}
