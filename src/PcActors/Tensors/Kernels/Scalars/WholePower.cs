namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>A number to the power of a whole number, by multiplications only, so that its bits are the same on every
/// platform.</summary>
internal static class WholePower
{
    /// <summary>x^n by squaring, n from 0.</summary>
    public static double Of(double x, long n)
    {
        var power = 1.0;
        for (; n > 0; n >>= 1, x *= x)
        {
            if ((n & 1) == 1) power *= x;
        }
        return power;
    }
}
