using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>Brings samples' axes into the order that networks take.</summary>
internal static class Layouts
{
    /// <summary>The data with features in channels-first order.</summary>
    /// <exception cref="DataException">Samples have a single axis.</exception>
    public static FoundData<T> Apply<T>(FoundData<T> found, SampleLayout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (layout == SampleLayout.AsIs) return found;
        return found with
        {
            Train = Apply(found.Train),
            Validation = found.Validation is { } validation ? Apply(validation) : null,
            Test = found.Test is { } test ? Apply(test) : null,
        };
    }

    /// <summary>Samples [..., C] as [C, ...].</summary>
    /// <param name="source">What messages call them.</param>
    /// <param name="samples">[N, ..., C].</param>
    /// <exception cref="DataException">A sample has a single axis.</exception>
    public static Tensor<T> ChannelsFirst<T>(string source, Tensor<T> samples)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var shape = samples.Shape.Dimensions;
        if (shape.Length < 3)
            throw new DataException(source, $"samples of shape {new Shape(shape[1..])}",
                "channels that come last are brought to the front of samples of two axes and more, such as [H, W, C]");
        var channels = shape[^1];
        var transposed = new Tensor<T>(new Shape([shape[0], channels, .. shape[1..^1]]));
        var pixels = samples.Length / shape[0] / channels;
        var from = samples.Span;
        var to = transposed.Writable;
        for (var start = 0; start < from.Length; start += pixels * channels)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                for (var pixel = 0; pixel < pixels; pixel++)
                    to[start + (channel * pixels) + pixel] = from[start + (pixel * channels) + channel];
            }
        }
        return transposed;
    }

    private static FoundPart<T> Apply<T>(FoundPart<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => part with
        {
            Features = ChannelsFirst(part.Name, part.Features),
            Target = part.Target is FoundNumbers target && target.Shape.Rank == part.Features.Shape.Rank
                ? target.ChannelsFirst() : part.Target,
            // What has fewer axes is no image: a mask, token ids.
            Arrays = part.Arrays.ToDictionary(a => a.Key,
                a => a.Value.Shape.Rank == part.Features.Shape.Rank ? ChannelsFirst(part.Name, a.Value) : a.Value,
                StringComparer.Ordinal),
        };
}
