using System.Buffers;
using System.Numerics;

namespace PcActors.Functions;

/// <summary>Where each element of the updates belongs in the data.</summary>
/// <param name="offsets">Where each block begins; the first of them count.</param>
/// <param name="places">How many.</param>
/// <param name="block">Elements of a block.</param>
internal readonly ref struct ScatterPlaces(int[] offsets, int places, int block)
{
    /// <summary>How many elements are written.</summary>
    public int Count => places * block;

    /// <summary>The place of an update.</summary>
    public int this[int update] => offsets[update / block] + (update % block);
}

/// <summary>Scattered writes with a reduction, and their pull-backs.</summary>
internal static class ScatterWrite
{
    /// <summary>Takes the updates into the data, first to last.</summary>
    public static void Predict<T>(ScatterReduction reduction, ScatterPlaces places, ReadOnlySpan<T> updates, Span<T> mu)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < places.Count; i++)
        {
            ref var value = ref mu[places[i]];
            value = reduction switch
            {
                ScatterReduction.Add => value + updates[i],
                ScatterReduction.Mul => value * updates[i],
                ScatterReduction.Max => T.Max(value, updates[i]),
                ScatterReduction.Min => T.Min(value, updates[i]),
                _ => updates[i],
            };
        }
    }

    /// <summary>The pull-back to the data.</summary>
    public static void PullBackToData<T>(
        ScatterReduction reduction, ScatterPlaces places, ReadOnlySpan<T> data, ReadOnlySpan<T> updates,
        ReadOnlySpan<T> mu,
        ReadOnlySpan<T> error, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        error.CopyTo(result);
        switch (reduction)
        {
            case ScatterReduction.None:
                for (var i = 0; i < places.Count; i++) result[places[i]] = T.Zero;
                break;
            case ScatterReduction.Mul:
                for (var i = 0; i < places.Count; i++) result[places[i]] *= updates[i];
                break;
            case ScatterReduction.Max or ScatterReduction.Min:
                var ties = CountTies(places, data, updates, mu);
                for (var i = 0; i < result.Length; i++) result[i] = data[i] == mu[i] ? error[i] / ties[i] : T.Zero;
                ArrayPool<T>.Shared.Return(ties);
                break;
        }
    }

    /// <summary>The pull-back to the updates.</summary>
    public static void PullBackToUpdates<T>(
        ScatterReduction reduction, ScatterPlaces places, ReadOnlySpan<T> data, ReadOnlySpan<T> updates,
        ReadOnlySpan<T> mu,
        ReadOnlySpan<T> error, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (reduction)
        {
            case ScatterReduction.Add:
                for (var i = 0; i < places.Count; i++) result[i] = error[places[i]];
                break;
            case ScatterReduction.Mul:
                PullBackProduct(places, data, updates, error, result);
                break;
            case ScatterReduction.Max or ScatterReduction.Min:
                var ties = CountTies(places, data, updates, mu);
                for (var i = 0; i < places.Count; i++)
                    result[i] = updates[i] == mu[places[i]] ? error[places[i]] / ties[places[i]] : T.Zero;
                ArrayPool<T>.Shared.Return(ties);
                break;
            default:
                PullBackLast(places, data.Length, error, result);
                break;
        }
    }

    /// <summary>The error to the last update at each place.</summary>
    private static void PullBackLast<T>(ScatterPlaces places, int length, ReadOnlySpan<T> error, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var last = ArrayPool<int>.Shared.Rent(length);
        for (var i = 0; i < places.Count; i++) last[places[i]] = i;
        for (var i = 0; i < places.Count; i++) result[i] = last[places[i]] == i ? error[places[i]] : T.Zero;
        ArrayPool<int>.Shared.Return(last);
    }

    /// <summary>The error times the factors before an update, and then times those after it: no division,
    /// so a 0 does no harm.</summary>
    private static void PullBackProduct<T>(
        ScatterPlaces places, ReadOnlySpan<T> data, ReadOnlySpan<T> updates, ReadOnlySpan<T> error, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var buffer = ArrayPool<T>.Shared.Rent(data.Length);
        var product = buffer.AsSpan(0, data.Length);
        for (var i = 0; i < product.Length; i++) product[i] = error[i] * data[i];
        for (var i = 0; i < places.Count; i++)
        {
            result[i] = product[places[i]];
            product[places[i]] *= updates[i];
        }
        product.Fill(T.One);
        for (var i = places.Count - 1; i >= 0; i--)
        {
            result[i] *= product[places[i]];
            product[places[i]] *= updates[i];
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    /// <summary>For each place, how many of the data and the updates have the chosen value. The
    /// caller returns the array.</summary>
    private static T[] CountTies<T>(ScatterPlaces places, ReadOnlySpan<T> data, ReadOnlySpan<T> updates,
        ReadOnlySpan<T> mu)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var ties = ArrayPool<T>.Shared.Rent(data.Length);
        for (var i = 0; i < data.Length; i++) ties[i] = data[i] == mu[i] ? T.One : T.Zero;
        for (var i = 0; i < places.Count; i++)
        {
            if (updates[i] == mu[places[i]]) ties[places[i]] += T.One;
        }
        return ties;
    }
}

/// <summary>What a scatter does with an update and what is there already.</summary>
internal enum ScatterReduction
{
    /// <summary>The update takes its place; of several, the last.</summary>
    None,

    /// <summary>Their sum.</summary>
    Add,

    /// <summary>Their product.</summary>
    Mul,

    /// <summary>The larger.</summary>
    Max,

    /// <summary>The smaller.</summary>
    Min,
}
