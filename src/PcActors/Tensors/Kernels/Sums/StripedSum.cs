using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Sums;

/// <summary>What is summed up of each element.</summary>
internal interface ISummand
{
    /// <summary>The sum so far plus what x contributes; x = 0 contributes nothing.</summary>
    static abstract TVector Accumulate<T, TVector, TLanes>(TVector sum, TVector x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : unmanaged
        where TLanes : struct, ILanes<TVector, T>;
}

/// <summary>The element.</summary>
internal readonly struct PlainSummand : ISummand
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector ISummand.Accumulate<T, TVector, TLanes>(TVector sum, TVector x) => TLanes.Add(sum, x);
}

/// <summary>Its square.</summary>
internal readonly struct SquareSummand : ISummand
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector ISummand.Accumulate<T, TVector, TLanes>(TVector sum, TVector x) => TLanes.MultiplyAdd(x, x, sum);
}

/// <summary>A sum whose order does not depend on the registers: element i is added to
/// stripe i mod <see cref="Stripes"/>, in ascending i, and the stripes are added in halves, the upper to the lower,
/// until one is left.</summary>
internal static unsafe class StripedSum<T, TVector, TLanes, TSummand>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
    where TSummand : struct, ISummand
{
    /// <summary>Number of partial sums: four registers of 512 bits.</summary>
    private static int Stripes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 256 / sizeof(T);
    }

    /// <summary>The sum of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static T Run(T* x, int length)
    {
        var stripes = stackalloc T[Stripes];
        var quarter = Stripes / 4;
        var step = TLanes.Count;
        // Four registers at a time: the same place in each quarter of the stripes.
        for (var place = 0; place < quarter; place += step)
        {
            TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            var i = place;
            for (; i <= length - (3 * quarter) - step; i += 4 * quarter)
            {
                sum0 = Accumulate(sum0, TLanes.Load(x + i));
                sum1 = Accumulate(sum1, TLanes.Load(x + i + quarter));
                sum2 = Accumulate(sum2, TLanes.Load(x + i + (2 * quarter)));
                sum3 = Accumulate(sum3, TLanes.Load(x + i + (3 * quarter)));
            }
            sum0 = Accumulate(sum0, Rest(x, i, length));
            sum1 = Accumulate(sum1, Rest(x, i + quarter, length));
            sum2 = Accumulate(sum2, Rest(x, i + (2 * quarter), length));
            sum3 = Accumulate(sum3, Rest(x, i + (3 * quarter), length));
            TLanes.Store(sum0, stripes + place);
            TLanes.Store(sum1, stripes + place + quarter);
            TLanes.Store(sum2, stripes + place + (2 * quarter));
            TLanes.Store(sum3, stripes + place + (3 * quarter));
        }
        return InHalves(stripes, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T InHalves(T* stripes, int length)
    {
        var half = Stripes / 2;
        // Stripes without an element are 0, and no stripe is -0: adding them changes nothing.
        while (half >= length && half > 0) half /= 2;
        if (Vector256<T>.IsSupported)
        {
            for (; half >= Vector256<T>.Count; half /= 2)
            {
                for (var i = 0; i < half; i += Vector256<T>.Count)
                    (Vector256.Load(stripes + i) + Vector256.Load(stripes + i + half)).Store(stripes + i);
            }
        }
        if (Vector128<T>.IsSupported && half >= Vector128<T>.Count)
        {
            (Vector128.Load(stripes) + Vector128.Load(stripes + half)).Store(stripes);
            half /= 2;
        }
        for (; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++) stripes[i] += stripes[i + half];
        }
        return stripes[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Accumulate(TVector sum, TVector x) => TSummand.Accumulate<T, TVector, TLanes>(sum, x);

    private static TVector Rest(T* x, int start, int length) =>
        start >= length ? default : TLanes.LoadFirst(x + start, Math.Min(TLanes.Count, length - start));
}
