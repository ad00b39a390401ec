using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PcActors.Tensors.Kernels;

/// <summary>The registers a kernel uses. Every width gives the same bits.</summary>
internal enum VectorWidth
{
    /// <summary>128 bits; what the platform lacks, the runtime makes up for.</summary>
    Portable,

    /// <summary>256 bits.</summary>
    Bits256,

    /// <summary>512 bits.</summary>
    Bits512,
}

/// <summary>Chooses the width for this machine.</summary>
internal static class VectorWidths
{
    /// <summary>The widest that the machine has.</summary>
    public static VectorWidth Widest =>
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? VectorWidth.Bits512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? VectorWidth.Bits256
        : VectorWidth.Portable;
}
