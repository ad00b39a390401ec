using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>Between an image and the matrix of its columns: a row for each channel and tap, a column for each output, which
/// holds what that output reads (im2col and its transpose, col2im).</summary>
internal static unsafe class Columns<T, TTransfer>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTransfer : struct, IRowTransfer
{
    /// <summary>Goes through a part of the matrix, row by row, in ascending order.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="images">The first sample's channels of one group.</param>
    /// <param name="samples">Samples.</param>
    /// <param name="start">The first output of each sample.</param>
    /// <param name="count">Outputs of each sample.</param>
    /// <param name="columns">The matrix.</param>
    /// <param name="stride">Its row stride.</param>
    public static void Run(in ConvolutionShape shape, T* images, int samples, int start, int count, T* columns, int stride)
    {
        var sampleStride = (nint)shape.Groups * shape.GroupInputs * shape.Inputs;
        for (var channel = 0; channel < shape.GroupInputs; channel++, images += shape.Inputs)
        {
            for (var depth = 0; depth < shape.Depth.Kernel; depth++)
            {
                for (var height = 0; height < shape.Height.Kernel; height++)
                {
                    for (var width = 0; width < shape.Width.Kernel; width++, columns += stride)
                    {
                        for (var sample = 0; sample < samples; sample++)
                            Tap(shape, images + (sample * sampleStride), depth, height, width, start, count, columns + (sample * count));
                    }
                }
            }
        }
    }

    /// <summary>What consecutive outputs read of one channel by one tap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tap(in ConvolutionShape shape, T* image, int depthTap, int heightTap, int widthTap, int start, int count, T* column)
    {
        var (depth, height, width) = (shape.Depth, shape.Height, shape.Width);
        var (firstHeight, endHeight) = (height.First(heightTap), height.End(heightTap));
        var (firstWidth, endWidth) = (width.First(widthTap), width.End(widthTap));
        var shift = width.Position(0, widthTap);
        var row = start / width.Output;
        var w = start - (row * width.Output);
        var d = row / height.Output;
        var h = row - (d * height.Output);
        while (count > 0)
        {
            var plane = depth.Position(d, depthTap);
            var isInside = (uint)plane < (uint)depth.Input;
            for (; h < height.Output && count > 0; h++)
            {
                var end = Math.Min(width.Output, w + count);
                var run = end - w;
                if (isInside && h >= firstHeight && h < endHeight)
                {
                    var from = Math.Clamp(firstWidth, w, end);
                    var to = Math.Clamp(endWidth, from, end);
                    var source = image + ((((nint)plane * height.Input) + height.Position(h, heightTap)) * width.Input) + shift;
                    TTransfer.Outside(column, from - w);
                    TTransfer.Inside(source + ((nint)from * width.Stride), width.Stride, column + (from - w), to - from);
                    TTransfer.Outside(column + (to - w), end - to);
                }
                else TTransfer.Outside(column, run);
                column += run;
                count -= run;
                w = 0;
            }
            h = 0;
            d++;
        }
    }
}
