using System.Numerics;

namespace PcActors.Tensors.Kernels.Lanes;

/// <summary>The operations on one vector register that kernels are written in. A kernel that is generic over its lanes makes
/// the same IEEE operations on each element at every width, so its bits do not depend on the width.</summary>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements in a register.</summary>
    static abstract int Count { get; }

    /// <summary>Registers that code can count on.</summary>
    static abstract int Registers { get; }

    /// <summary>Whether registers of 256 bits can be faster.</summary>
    static abstract bool HasNarrow { get; }

    /// <summary>The elements from an address on, which need not be aligned.</summary>
    static abstract TVector Load(T* source);

    /// <summary>Writes all elements.</summary>
    static abstract void Store(TVector value, T* destination);

    /// <summary>The first elements, zero in place of the others, which are not read.</summary>
    static abstract TVector LoadFirst(T* source, int count);

    /// <summary>Writes the first elements only.</summary>
    static abstract void StoreFirst(TVector value, T* destination, int count);

    /// <summary>One value in every lane.</summary>
    static abstract TVector Broadcast(T value);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a b + c with one rounding.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);
}
