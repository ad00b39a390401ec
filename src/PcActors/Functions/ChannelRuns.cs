using System.Buffers;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>An array [N, C, ...] by channels: a channel's elements are N runs of neighbours.</summary>
/// <param name="shape">Its shape, of two axes or more.</param>
internal readonly struct ChannelRuns(Shape shape)
{
    /// <summary>How many samples there are.</summary>
    public int Samples { get; } = shape.Dimensions[0];

    /// <summary>How many channels there are.</summary>
    public int Channels { get; } = shape.Dimensions[1];

    /// <summary>Elements of a run.</summary>
    public int Run { get; } = shape.LengthOf(2, shape.Rank);

    /// <summary>Elements of a channel.</summary>
    public int Length => Samples * Run;

    /// <summary>The run of a sample in a channel.</summary>
    public Span<T> RunOf<T>(Span<T> array, int sample, int channel) =>
        array.Slice(((sample * Channels) + channel) * Run, Run);

    /// <summary>Copies a channel's elements out of the array, in order.</summary>
    public void Gather<T>(ReadOnlySpan<T> array, int channel, Span<T> elements)
    {
        var (step, at) = (Channels * Run, channel * Run);
        if (Run == 1)
        {
            for (var n = 0; n < Samples; n++, at += step) elements[n] = array[at];
            return;
        }
        for (var n = 0; n < Samples; n++, at += step) array.Slice(at, Run).CopyTo(elements.Slice(n * Run, Run));
    }

    /// <summary>Copies a channel's elements into the array.</summary>
    public void Scatter<T>(ReadOnlySpan<T> elements, int channel, Span<T> array)
    {
        var (step, at) = (Channels * Run, channel * Run);
        if (Run == 1)
        {
            for (var n = 0; n < Samples; n++, at += step) array[at] = elements[n];
            return;
        }
        for (var n = 0; n < Samples; n++, at += step) elements.Slice(n * Run, Run).CopyTo(array.Slice(at, Run));
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
