using System.Numerics;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>A function of two numbers and 1, written once for registers of any width.</summary>
internal interface IVectorFunction2
{
    /// <summary>The function of each pair of elements.</summary>
    /// <param name="x">The first numbers.</param>
    /// <param name="y">The second numbers.</param>
    /// <param name="one">1 in every lane: a constant of the code would be read from memory each time.</param>
    static abstract TVector Apply<T, TVector, TLanes>(TVector x, TVector y, TVector one)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : unmanaged
        where TLanes : struct, ILanes<TVector, T>;
}
