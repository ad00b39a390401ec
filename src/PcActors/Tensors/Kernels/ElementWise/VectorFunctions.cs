using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

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
            var value = TFunction.Apply<T, TVector, TLanes>(TLanes.LoadFirst(x + i, rest),
                TLanes.LoadFirst(y + i, rest), ones);
            TLanes.StoreFirst(value, result + i, rest);
        }
    }

    private readonly struct Action(void* x, void* y, void* result, int length) : ILanesAction
    {
        void ILanesAction.Run<T, TVector, TLanes>() =>
            Loop<T, TVector, TLanes>((T*)x, (T*)y, (T*)result, length, T.One);
    }
}
