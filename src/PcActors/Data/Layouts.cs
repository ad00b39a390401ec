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

    /// <summary>Where an element of a sample stood before channels were brought to the front.</summary>
    /// <param name="element">Its number behind.</param>
    /// <param name="channels">How many channels there are.</param>
    /// <param name="pixels">How many elements each has.</param>
    public static int BeforeChannelsFirst(int element, int channels, int pixels) =>
        (element % pixels * channels) + (element / pixels);

    private static FoundPart<T> Apply<T>(FoundPart<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // What has fewer axes is no image: a mask, token ids.
        bool IsImage(Shape shape) => shape.Rank == part.Features.Shape.Rank;
        var target = part.Target is FoundNumbers numbers && IsImage(numbers.Shape) ? numbers : null;
        ArrayOrigin Turned(string array, Shape shape) => part.OriginOf(array) with
        {
            ChannelsLast = (shape[-1], shape.Length / shape[0] / shape[-1]),
        };
        var origins = new Dictionary<string, ArrayOrigin>(part.Origins, StringComparer.Ordinal)
        {
            [Feed.Features] = Turned(Feed.Features, part.Features.Shape),
        };
        if (target is not null) origins[Feed.Labels] = Turned(Feed.Labels, target.Shape);
        foreach (var (name, array) in part.Arrays.Where(a => IsImage(a.Value.Shape)))
            origins[name] = Turned(name, array.Shape);
        return part with
        {
            Features = ChannelsFirst(part.Name, part.Features),
            Target = target?.ChannelsFirst() ?? part.Target,
            Arrays = part.Arrays.ToDictionary(a => a.Key,
                a => IsImage(a.Value.Shape) ? ChannelsFirst(part.Name, a.Value) : a.Value, StringComparer.Ordinal),
            Origins = origins,
        };
    }
}
