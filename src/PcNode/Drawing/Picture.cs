using System.Numerics;
using PcActors.Tensors;

namespace PcNode.Drawing;

/// <summary>A picture of 8 bits a channel, row-major, the channels of a point side by side.</summary>
/// <param name="Width">Points a row, from 1.</param>
/// <param name="Height">Rows, from 1.</param>
/// <param name="Channels">1 for grey, 3 for red, green and blue.</param>
/// <param name="Points">Width * Height * Channels numbers.</param>
internal sealed record Picture(int Width, int Height, int Channels, byte[] Points)
{
    /// <summary>A sample as a picture: [h, w], [1, h, w] or [3, h, w]. A sample of one axis is a square where its
    /// length is one's, else a row.</summary>
    /// <param name="values">Its numbers.</param>
    /// <param name="sample">Its shape.</param>
    /// <param name="black">The number that is black; what lies beyond it is, too, and so is NaN.</param>
    /// <param name="white">The number that is white.</param>
    /// <exception cref="ShapeException">It has another shape.</exception>
    public static Picture Of<T>(ReadOnlySpan<T> values, Shape sample, double black, double white)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (channels, height, width) = FormOf(sample);
        var points = new byte[sample.Length];
        var plane = height * width;
        for (var i = 0; i < points.Length; i++)
        {
            var (channel, place) = Math.DivRem(i, plane);
            var share = (double.CreateChecked(values[i]) - black) / (white - black);
            points[(place * channels) + channel] = (byte)(share > 0 ? Math.Round(Math.Min(share, 1) * 255) : 0);
        }
        return new Picture(width, height, channels, points);
    }

    private static (int Channels, int Height, int Width) FormOf(Shape sample)
    {
        switch (sample.Dimensions)
        {
            case [> 0 and var length]:
                var side = (int)Math.Round(Math.Sqrt(length));
                return side * side == length ? (1, side, side) : (1, 1, length);
            case [> 0 and var height, > 0 and var width]:
                return (1, height, width);
            case [(1 or 3) and var channels, > 0 and var height, > 0 and var width]:
                return (channels, height, width);
            default:
                throw new ShapeException(
                    $"a sample of shape {sample} is no picture; [h, w], [1, h, w], [3, h, w] or [n] is needed");
        }
    }
}
