using System.Numerics;
using System.Runtime.InteropServices;
using PcActors.Tensors.Kernels.ElementWise;
using PcActors.Tensors.Kernels.Lanes;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Tensors.Kernels;

/// <summary>The error function, Gelu and their slopes, with the same bits on every machine and at every width: on
/// floats in registers, within 8 ulp of the exact result where that is not subnormal and does not cancel; on doubles
/// one by one. The result may be the argument's own memory.</summary>
internal static class NormalKernels
{
    private static readonly VectorWidth Widest = VectorWidths.Widest;

    /// <summary>erf of each element.</summary>
    /// <exception cref="ArgumentException">The result is shorter than <paramref name="x"/>.</exception>
    public static void Erf<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run<T, ErfKernel>(x, result, Widest);

    /// <summary>2 / sqrt(pi) e^(-x^2) of each element.</summary>
    /// <exception cref="ArgumentException">The result is shorter than <paramref name="x"/>.</exception>
    public static void ErfSlope<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run<T, ErfSlopeKernel>(x, result, Widest);

    /// <summary>x P(x) of each element, P the normal distribution's cumulative probability.</summary>
    /// <exception cref="ArgumentException">The result is shorter than <paramref name="x"/>.</exception>
    public static void Gelu<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run<T, GeluKernel>(x, result, Widest);

    /// <summary>P(x) + x P'(x) of each element.</summary>
    /// <exception cref="ArgumentException">The result is shorter than <paramref name="x"/>.</exception>
    public static void GeluSlope<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run<T, GeluSlopeKernel>(x, result, Widest);

    /// <summary>A function in registers of the width given.</summary>
    internal static unsafe void Run<T, TKernel>(ReadOnlySpan<T> x, Span<T> result, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TKernel : struct, IKernel
    {
        if (result.Length < x.Length)
            throw new ArgumentException($"{x.Length} elements do not fit a result of {result.Length}", nameof(result));
        if (typeof(T) != typeof(float))
        {
            for (var i = 0; i < x.Length; i++) result[i] = Precision.Narrow<T>(TKernel.At(Precision.Widen(x[i])));
            return;
        }
        fixed (float* source = MemoryMarshal.Cast<T, float>(x), destination = MemoryMarshal.Cast<T, float>(result))
            LanesDispatch.Run<float, Action<TKernel>>(new(source, destination, x.Length), width);
    }

    /// <summary>One of the functions.</summary>
    internal interface IKernel
    {
        /// <summary>In float64.</summary>
        static abstract double At(double x);

        /// <summary>On registers.</summary>
        static abstract unsafe void Run<T, TVector, TLanes>(T* x, T* result, int length)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            where TVector : unmanaged
            where TLanes : struct, ILanes<TVector, T>;
    }

    private readonly unsafe struct Action<TKernel>(float* x, float* result, int length) : ILanesAction
        where TKernel : struct, IKernel
    {
        void ILanesAction.Run<T, TVector, TLanes>() => TKernel.Run<T, TVector, TLanes>((T*)x, (T*)result, length);
    }

    internal readonly struct ErfKernel : IKernel
    {
        static double IKernel.At(double x) => ErrorFunction.Erf(x);

        static unsafe void IKernel.Run<T, TVector, TLanes>(T* x, T* result, int length) =>
            VectorLoop<T, TVector, TLanes, ErrorFunctionLanes<T, TVector, TLanes>>.Run(x, result, length);
    }

    internal readonly struct ErfSlopeKernel : IKernel
    {
        static double IKernel.At(double x) => ErrorFunction.Slope(x);

        static unsafe void IKernel.Run<T, TVector, TLanes>(T* x, T* result, int length) =>
            VectorLoop<T, TVector, TLanes, ErrorFunctionSlope<T, TVector, TLanes>>.Run(x, result, length);
    }

    internal readonly struct GeluKernel : IKernel
    {
        static double IKernel.At(double x) => ErrorFunction.Gelu(x);

        static unsafe void IKernel.Run<T, TVector, TLanes>(T* x, T* result, int length) =>
            VectorLoop<T, TVector, TLanes, GeluLanes<T, TVector, TLanes>>.Run(x, result, length);
    }

    internal readonly struct GeluSlopeKernel : IKernel
    {
        static double IKernel.At(double x) => ErrorFunction.GeluSlope(x);

        static unsafe void IKernel.Run<T, TVector, TLanes>(T* x, T* result, int length) =>
            VectorLoop<T, TVector, TLanes, ElementWise.GeluSlope<T, TVector, TLanes>>.Run(x, result, length);
    }
}
