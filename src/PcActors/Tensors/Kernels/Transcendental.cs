using System.Numerics;
using PcActors.Tensors.Kernels.ElementWise;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels;

/// <summary>Element-wise exp, log, tanh and the logistic function, with the same bits on every machine.</summary>
/// <remarks>Errors are in units in the last place of the exact result, for floats and
/// doubles alike. The result may be the argument's own memory.</remarks>
public static class Transcendental
{
    private static readonly VectorWidth Widest = VectorWidths.Widest;

    /// <summary>e^x of each element, within 1 ulp; subnormal, zero or infinite where the exact result is out of
    /// range.</summary>
    /// <exception cref="ArgumentException">The result is shorter than <paramref name="x"/>.</exception>
    public static void Exp<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Exp(x, result, Widest);

    /// <summary>The natural logarithm of each element, within 1 ulp; -infinity of zeros, NaN
    /// of negative numbers.</summary>
    /// <exception cref="ArgumentException">The result is shorter than <paramref name="x"/>.</exception>
    public static void Log<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Log(x, result, Widest);

    /// <summary>tanh of each element, within 2.5 ulp.</summary>
    /// <exception cref="ArgumentException">The result is shorter than <paramref name="x"/>.</exception>
    public static void Tanh<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Tanh(x, result, Widest);

    /// <summary>1 / (1 + e^-x) of each element, within 2.5 ulp, also where it is close to 0.</summary>
    /// <exception cref="ArgumentException">The result is shorter than <paramref name="x"/>.</exception>
    public static void Sigmoid<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Sigmoid(x, result, Widest);

    /// <summary>In registers of the width given.</summary>
    internal static unsafe void Exp<T>(ReadOnlySpan<T> x, Span<T> result, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(x.Length, result.Length);
        fixed (T* source = x, destination = result)
            LanesDispatch.Run<T, ExpAction>(new ExpAction(source, destination, x.Length), width);
    }

    /// <summary>In registers of the width given.</summary>
    internal static unsafe void Log<T>(ReadOnlySpan<T> x, Span<T> result, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(x.Length, result.Length);
        fixed (T* source = x, destination = result)
            LanesDispatch.Run<T, LogAction>(new LogAction(source, destination, x.Length), width);
    }

    /// <summary>In registers of the width given.</summary>
    internal static unsafe void Tanh<T>(ReadOnlySpan<T> x, Span<T> result, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(x.Length, result.Length);
        fixed (T* source = x, destination = result)
            LanesDispatch.Run<T, TanhAction>(new TanhAction(source, destination, x.Length), width);
    }

    /// <summary>In registers of the width given.</summary>
    internal static unsafe void Sigmoid<T>(ReadOnlySpan<T> x, Span<T> result, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(x.Length, result.Length);
        fixed (T* source = x, destination = result)
            LanesDispatch.Run<T, SigmoidAction>(new SigmoidAction(source, destination, x.Length), width);
    }

    private static void Check(int length, int result)
    {
        if (result < length)
            throw new ArgumentException($"{length} elements do not fit a result of {result}", nameof(result));
    }

    private readonly unsafe struct ExpAction(void* x, void* result, int length) : ILanesAction
    {
        void ILanesAction.Run<T, TVector, TLanes>() =>
            VectorLoop<T, TVector, TLanes, Exponential<T, TVector, TLanes>>.Run((T*)x, (T*)result, length);
    }

    private readonly unsafe struct LogAction(void* x, void* result, int length) : ILanesAction
    {
        void ILanesAction.Run<T, TVector, TLanes>() =>
            VectorLoop<T, TVector, TLanes, Logarithm<T, TVector, TLanes>>.Run((T*)x, (T*)result, length);
    }

    private readonly unsafe struct TanhAction(void* x, void* result, int length) : ILanesAction
    {
        void ILanesAction.Run<T, TVector, TLanes>() =>
            VectorLoop<T, TVector, TLanes, HyperbolicTangent<T, TVector, TLanes>>.Run((T*)x, (T*)result, length);
    }

    private readonly unsafe struct SigmoidAction(void* x, void* result, int length) : ILanesAction
    {
        void ILanesAction.Run<T, TVector, TLanes>() =>
            VectorLoop<T, TVector, TLanes, Logistic<T, TVector, TLanes>>.Run((T*)x, (T*)result, length);
    }
}
