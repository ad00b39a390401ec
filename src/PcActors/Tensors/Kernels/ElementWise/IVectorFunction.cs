using System.Numerics;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>A function of one number, written once for registers of any width. It holds its constants in registers:
/// constants read from memory within a loop that also stores can be taken for what was just stored, and wait for
/// it.</summary>
internal interface IVectorFunction<TSelf, T, TVector>
    where TSelf : struct, IVectorFunction<TSelf, T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
{
    /// <summary>The function with its constants loaded.</summary>
    static abstract TSelf Create();

    /// <summary>The function of each element of a register.</summary>
    TVector Apply(TVector x);
}
