using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>Samples as architectures read them: as images or as sequences.</summary>
internal static class SampleShapes
{
    /// <summary>A sample as an image [channels, height, width]: [H, W] has one channel, and so has [F]
    /// when F is a square.</summary>
    /// <exception cref="ShapeException">It is none.</exception>
    public static Shape Image(Shape sample) => sample.Rank switch
    {
        1 when Side(sample) is { } side => new Shape(1, side, side),
        2 => new Shape(1, sample[0], sample[1]),
        3 => sample,
        _ => throw new ShapeException(
            $"samples of shape {sample} are no images; [channels, height, width], [height, width] or a square number "
            + "of features is needed"),
    };

    /// <summary>Whether an image is so small, such as the embedded digits of 8 x 8, that an
    /// architecture of the usual size would be far too large for it.</summary>
    public static bool IsSmall(Shape sample) => Image(sample) is var image && Math.Min(image[1], image[2]) < 16;

    /// <summary>A data leaf for images, [N, channels, height, width].</summary>
    public static Node<T> Images<T>(GraphBuilder<T> builder, ModelOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        builder.Data("input", new Shape([options.MicroBatchSize, .. Image(options.SampleShape).Dimensions]));

    /// <summary>A data leaf for images that is read row by row: [N, height, channels x width], a row is a
    /// step of a sequence.</summary>
    public static Node<T> Rows<T>(GraphBuilder<T> builder, ModelOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var image = Image(options.SampleShape);
        var (channels, height, width) = (image[0], image[1], image[2]);
        return channels == 1
            ? builder.Data("input", new Shape(options.MicroBatchSize, height, width))
            : builder.Data("input", new Shape(options.MicroBatchSize, channels, height, width))
                .Transpose(0, 2, 1, 3).Reshape(-1, height, channels * width);
    }

    private static int? Side(Shape sample)
    {
        var side = (int)Math.Round(Math.Sqrt(sample.Length));
        return side * side == sample.Length ? side : null;
    }
}
