using System.Numerics;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>A channel of an image, or several side by side at each place, with the zeros around it that a convolution
/// reads, in memory of its own.</summary>
internal readonly unsafe struct PaddedImage<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A register may be loaded where the last row's last element is.
    private const int Slack = 64;

    private readonly ConvolutionShape _shape;

    /// <summary>The extents that outputs read.</summary>
    public PaddedImage(in ConvolutionShape shape)
    {
        _shape = shape;
        Row = Extent(shape.Width);
        Plane = Extent(shape.Height) * Row;
        Places = Extent(shape.Depth) * Plane;
    }

    /// <summary>The distance of neighbouring rows, in places.</summary>
    public nint Row { get; }

    /// <summary>The distance of neighbouring planes.</summary>
    public nint Plane { get; }

    /// <summary>Places of a channel.</summary>
    public nint Places { get; }

    /// <summary>Elements of memory that a number of channels takes: one after the other, or side by side.</summary>
    public nint Length(int channels) => (channels * Places) + Slack;

    /// <summary>Copies a channel.</summary>
    public void Fill(T* image, T* padded) => Fill(image, 1, padded);

    /// <summary>Copies channels that lie one after the other, so that those of a place are neighbours. Some elements
    /// behind the copy become zeros, which a register may reach: copies that follow one another are made in their
    /// order.</summary>
    public void Fill(T* image, int channels, T* padded)
    {
        var (depth, height, width) = (_shape.Depth, _shape.Height, _shape.Width);
        var inputs = (nint)_shape.Inputs;
        new Span<T>(padded, checked((int)Length(channels))).Clear();
        var first = Math.Max(0, -width.Before);
        var count = Math.Min(width.Input, (int)Row - width.Before) - first;
        if (count <= 0) return;
        for (var d = 0; d < depth.Input; d++)
        {
            if ((uint)(d + depth.Before) >= (uint)Extent(depth)) continue;
            for (var h = 0; h < height.Input; h++)
            {
                if ((uint)(h + height.Before) >= (uint)Extent(height)) continue;
                var from = image + ((((nint)d * height.Input) + h) * width.Input) + first;
                var to = padded
                    + ((((d + depth.Before) * Plane) + ((h + height.Before) * Row) + width.Before + first) * channels);
                if (channels == 1) CopyToColumns.Copy(from, to, count);
                else Transposition.Run(channels, count, from, inputs, to, channels);
            }
        }
    }

    private static int Extent(in ConvolutionAxis axis) =>
        ((axis.Output - 1) * axis.Stride) + ((axis.Kernel - 1) * axis.Dilation) + 1;
}
