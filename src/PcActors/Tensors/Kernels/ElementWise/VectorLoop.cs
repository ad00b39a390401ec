using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>Applies a function to every element.</summary>
internal static unsafe class VectorLoop<T, TVector, TLanes, TFunction>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
    where TFunction : struct, IVectorFunction<TFunction, T, TVector>
{
    /// <summary>result = f(x); both may be the same memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* x, T* result, int length)
    {
        var function = TFunction.Create();
        var i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
            TLanes.Store(function.Apply(TLanes.Load(x + i)), result + i);
        if (i < length)
            TLanes.StoreFirst(function.Apply(TLanes.LoadFirst(x + i, length - i)), result + i, length - i);
    }
}
