using System.Numerics;

namespace PcActors.Tensors.Kernels.Lanes;

/// <summary>The operations on one vector register that kernels are written in. A kernel that is generic over its lanes
/// makes the same IEEE operations on each element at every width, so its bits do not depend on the width.</summary>
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

    /// <summary>Bits that a number's fraction takes: 23 or 52.</summary>
    static abstract int FractionBits { get; }

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

    /// <summary>a - b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a / b.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>The bits that both have.</summary>
    static abstract TVector And(TVector a, TVector b);

    /// <summary>The bits that one has or both have.</summary>
    static abstract TVector Or(TVector a, TVector b);

    /// <summary>The bits that one has and the other has not.</summary>
    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>All bits of a lane where a &lt; b, none elsewhere and where one is NaN.</summary>
    static abstract TVector LessThan(TVector a, TVector b);

    /// <summary>All bits of a lane where a = b, none elsewhere and where one is NaN.</summary>
    static abstract TVector AreEqual(TVector a, TVector b);

    /// <summary>a where the mask's bits are set, b elsewhere.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    /// <summary>The sum of the lanes as integers of their size.</summary>
    static abstract TVector AddBits(TVector a, TVector b);

    /// <summary>The difference of the lanes as integers of their size.</summary>
    static abstract TVector SubtractBits(TVector a, TVector b);

    /// <summary>The lanes as integers, shifted left.</summary>
    static abstract TVector ShiftBitsLeft(TVector a, int count);

    /// <summary>The lanes as signed integers, shifted right.</summary>
    static abstract TVector ShiftBitsRight(TVector a, int count);
}
