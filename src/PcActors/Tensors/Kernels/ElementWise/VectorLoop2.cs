using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>Applies a function of two numbers to every pair of elements.</summary>
internal static unsafe class VectorLoop2<TFunction>
    where TFunction : struct, IVectorFunction2
{
    /// <summary>result = f(x, y); the result may be the memory of either.</summary>
    /// <exception cref="ArgumentException">The operands' lengths differ, or the result is shorter.</exception>
    public static void Run<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length != y.Length) throw new ArgumentException($"{x.Length} elements against {y.Length}", nameof(y));
        if (result.Length < x.Length)
            throw new ArgumentException($"{x.Length} elements do not fit a result of {result.Length}", nameof(result));
        fixed (T* px = x, py = y, pr = result)
            LanesDispatch.Run<T, Action>(new(px, py, pr, x.Length), width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<T, TVector, TLanes>(T* x, T* y, T* result, int length, T one)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : unmanaged
        where TLanes : struct, ILanes<TVector, T>
    {
        var ones = TLanes.Broadcast(one);
        var i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TFunction.Apply<T, TVector, TLanes>(TLanes.Load(x + i), TLanes.Load(y + i), ones), result + i);
        var rest = length - i;
        if (rest > 0)
        {
            var value = TFunction.Apply<T, TVector, TLanes>(TLanes.LoadFirst(x + i, rest), TLanes.LoadFirst(y + i, rest), ones);
            TLanes.StoreFirst(value, result + i, rest);
        }
    }

    private readonly struct Action(void* x, void* y, void* result, int length) : ILanesAction
    {
        void ILanesAction.Run<T, TVector, TLanes>() => Loop<T, TVector, TLanes>((T*)x, (T*)y, (T*)result, length, T.One);
    }
}
