using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>How a micro-kernel goes from a row of B to the next one.</summary>
internal unsafe interface IRowStep
{
    /// <summary>The next row.</summary>
    static abstract T* Next<T>(T* row, nint step)
        where T : unmanaged;

    /// <summary>What says how to go on from there.</summary>
    static abstract nint After(nint step);
}

/// <summary>Rows at one distance, which is the step.</summary>
internal readonly unsafe struct RowStride : IRowStep
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T* IRowStep.Next<T>(T* row, nint step) => row + step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static nint IRowStep.After(nint step) => step;
}

/// <summary>Rows at distances of their own: the step is the address of a list of them.</summary>
internal readonly unsafe struct RowList : IRowStep
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T* IRowStep.Next<T>(T* row, nint step) => row + *(nint*)step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static nint IRowStep.After(nint step) => step + sizeof(nint);
}
