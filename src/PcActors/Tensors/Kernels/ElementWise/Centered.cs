using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>What normalisations do to each element. Each operation rounds as stated, so the
/// bits do not depend on the width. The result may be an operand's own memory.</summary>
internal static unsafe class Centered
{
    private static readonly VectorWidth Widest = VectorWidths.Widest;

    /// <summary>result = fma(x - centre, factor, shift).</summary>
    public static void Scale<T>(ReadOnlySpan<T> x, T centre, T factor, T shift, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Scale(x, centre, factor, shift, result, Widest);

    /// <summary>result = fma(x - centre, slope, eps - shift) factor.</summary>
    public static void PullBack<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> eps, T centre, T slope, T shift, T factor,
        Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        PullBack(x, eps, centre, slope, shift, factor, result, Widest);

    /// <summary>In registers of the width given.</summary>
    internal static void Scale<T>(ReadOnlySpan<T> x, T centre, T factor, T shift, Span<T> result, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(x.Length, result.Length);
        fixed (T* px = x, pr = result)
            LanesDispatch.Run<T, ScaleAction>(new(px, pr, x.Length, Wide(centre), Wide(factor), Wide(shift)), width);
    }

    /// <summary>In registers of the width given.</summary>
    internal static void PullBack<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> eps, T centre, T slope, T shift, T factor, Span<T> result, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(x.Length, eps.Length);
        Require(x.Length, result.Length);
        fixed (T* px = x, pe = eps, pr = result)
        {
            var constants = new PullBackConstants(Wide(centre), Wide(slope), Wide(shift), Wide(factor));
            LanesDispatch.Run<T, PullBackAction>(new(px, pe, pr, x.Length, constants), width);
        }
    }

    private static double Wide<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Precision.Widen(x);

    private static void Require(int length, int other)
    {
        if (other < length) throw new ArgumentException($"{length} elements against {other}");
    }

    private readonly record struct PullBackConstants(double Centre, double Slope, double Shift, double Factor);

    private readonly struct ScaleAction(void* x, void* result, int length, double centre, double factor, double shift)
        : ILanesAction
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void ILanesAction.Run<T, TVector, TLanes>()
        {
            var from = (T*)x;
            var to = (T*)result;
            var end = length;
            var (c, f, s) = (
                TLanes.Broadcast(Precision.Narrow<T>(centre)), TLanes.Broadcast(Precision.Narrow<T>(factor)),
                TLanes.Broadcast(Precision.Narrow<T>(shift)));
            var i = 0;
            for (; i <= end - TLanes.Count; i += TLanes.Count)
                TLanes.Store(TLanes.MultiplyAdd(TLanes.Subtract(TLanes.Load(from + i), c), f, s), to + i);
            if (i == end) return;
            TLanes.StoreFirst(TLanes.MultiplyAdd(TLanes.Subtract(TLanes.LoadFirst(from + i, end - i), c), f, s), to + i,
                end - i);
        }
    }

    private readonly struct PullBackAction(void* x, void* eps, void* result, int length, PullBackConstants constants)
        : ILanesAction
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void ILanesAction.Run<T, TVector, TLanes>()
        {
            var from = (T*)x;
            var errors = (T*)eps;
            var to = (T*)result;
            var end = length;
            var centre = TLanes.Broadcast(Precision.Narrow<T>(constants.Centre));
            var slope = TLanes.Broadcast(Precision.Narrow<T>(constants.Slope));
            var shift = TLanes.Broadcast(Precision.Narrow<T>(constants.Shift));
            var factor = TLanes.Broadcast(Precision.Narrow<T>(constants.Factor));
            var i = 0;
            for (; i <= end - TLanes.Count; i += TLanes.Count)
                TLanes.Store(
                    Of<T, TVector, TLanes>(TLanes.Load(from + i), TLanes.Load(errors + i), centre, slope, shift,
                        factor), to + i);
            var rest = end - i;
            if (rest == 0) return;
            var last = Of<T, TVector, TLanes>(TLanes.LoadFirst(from + i, rest), TLanes.LoadFirst(errors + i, rest),
                centre, slope, shift, factor);
            TLanes.StoreFirst(last, to + i, rest);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector Of<T, TVector, TLanes>(TVector x, TVector eps, TVector centre, TVector slope,
            TVector shift, TVector factor)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            where TVector : unmanaged
            where TLanes : struct, ILanes<TVector, T> =>
            TLanes.Multiply(TLanes.MultiplyAdd(TLanes.Subtract(x, centre), slope, TLanes.Subtract(eps, shift)), factor);
    }
}
