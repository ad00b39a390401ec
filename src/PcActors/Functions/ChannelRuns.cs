using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.ElementWise;

namespace PcActors.Functions;

/// <summary>An array [N, C, ...] by channels: a channel's elements are N runs of neighbours.</summary>
/// <param name="shape">Its shape, of two axes or more.</param>
internal readonly struct ChannelRuns(Shape shape)
{
    // Elements of a run from which on it is scaled where it comes to lie.
    private const int LongRun = 128;

    private readonly int _samples = shape.Dimensions[0];

    /// <summary>How many channels there are.</summary>
    public int Channels { get; } = shape.Dimensions[1];

    /// <summary>Elements of a run.</summary>
    public int Run { get; } = shape.LengthOf(2, shape.Rank);

    /// <summary>Elements of a channel.</summary>
    public int Length => _samples * Run;

    /// <summary>Copies a channel's elements out of the array, in order.</summary>
    public void Gather<T>(ReadOnlySpan<T> array, int channel, Span<T> elements)
    {
        var (step, at) = (Channels * Run, channel * Run);
        if (Run == 1)
        {
            for (var n = 0; n < _samples; n++, at += step) elements[n] = array[at];
            return;
        }
        for (var n = 0; n < _samples; n++, at += step) array.Slice(at, Run).CopyTo(elements.Slice(n * Run, Run));
    }

    /// <summary>Copies a channel's elements into the array.</summary>
    public void Scatter<T>(ReadOnlySpan<T> elements, int channel, Span<T> array)
    {
        var (step, at) = (Channels * Run, channel * Run);
        if (Run == 1)
        {
            for (var n = 0; n < _samples; n++, at += step) array[at] = elements[n];
            return;
        }
        for (var n = 0; n < _samples; n++, at += step) elements.Slice(n * Run, Run).CopyTo(array.Slice(at, Run));
    }

    /// <summary>Makes a channel of the array of fma(x - centre, factor, shift) of each element x, in order, which are
    /// then lost.</summary>
    public void Scale<T>(Span<T> elements, int channel, T centre, T factor, T shift, Span<T> array)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Run < LongRun)
        {
            Centered.Scale(elements, centre, factor, shift, elements);
            Scatter<T>(elements, channel, array);
            return;
        }
        for (var n = 0; n < _samples; n++)
            Centered.Scale(
                elements.Slice(n * Run, Run), centre, factor, shift,
                array.Slice(((n * Channels) + channel) * Run, Run));
    }

    /// <summary>A channel's mean and its variance over the population. The channel has elements.</summary>
    public Moments<T> MomentsOf<T>(ReadOnlySpan<T> array, int channel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var buffer = ArrayPool<T>.Shared.Rent(Length);
        var own = buffer.AsSpan(0, Length);
        Gather(array, channel, own);
        var moments = Moments<T>.Of(own, 0, own);
        ArrayPool<T>.Shared.Return(buffer);
        return moments;
    }
}
