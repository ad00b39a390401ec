namespace PcActors.Functions;

/// <summary>What functions count, in floating-point operations an element.</summary>
internal static class Flops
{
    /// <summary>An exponential, a logarithm or a tanh: about the length of its rational approximation.</summary>
    public const int Transcendental = 16;
}
