using System.Numerics;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>A channel of an image with the zeros around it that a convolution of stride 1 reads,
/// in memory of its own.</summary>
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
        Plane = (nint)Extent(shape.Height) * Row;
        Length = (Extent(shape.Depth) * Plane) + Slack;
    }

    /// <summary>The distance of neighbouring rows.</summary>
    public nint Row { get; }

    /// <summary>The distance of neighbouring planes.</summary>
    public nint Plane { get; }

    /// <summary>Elements of memory that it takes.</summary>
    public nint Length { get; }

    /// <summary>Copies an image.</summary>
    public void Fill(T* image, T* padded)
    {
        var (depth, height, width) = (_shape.Depth, _shape.Height, _shape.Width);
        new Span<T>(padded, checked((int)Length)).Clear();
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
                var to = padded + ((d + depth.Before) * Plane) + ((h + height.Before) * Row) + width.Before + first;
                new ReadOnlySpan<T>(from, count).CopyTo(new Span<T>(to, count));
            }
        }
    }

    private static int Extent(in ConvolutionAxis axis) => axis.Output + ((axis.Kernel - 1) * axis.Dilation);
}
