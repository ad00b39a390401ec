using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>Between an image and the matrix of its columns: a row for each channel and tap, a
/// column for each output, which holds what that output reads (im2col and its transpose, col2im).</summary>
internal static unsafe class Columns<T, TTransfer>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTransfer : struct, IRowTransfer
{
    /// <summary>Goes through a part of the matrix, row by row, in ascending order.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="images">The first sample's channels of one group.</param>
    /// <param name="channels">How many of them.</param>
    /// <param name="samples">Samples.</param>
    /// <param name="start">The first output of each sample.</param>
    /// <param name="count">Outputs of each sample.</param>
    /// <param name="columns">The matrix.</param>
    /// <param name="stride">Its row stride.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in ConvolutionShape shape, T* images, int channels, int samples, int start, int count,
        T* columns, int stride)
    {
        var sampleStride = (nint)shape.Groups * shape.GroupInputs * shape.Inputs;
        for (var channel = 0; channel < channels; channel++, images += shape.Inputs)
        {
            for (var depth = 0; depth < shape.Depth.Kernel; depth++)
            {
                for (var height = 0; height < shape.Height.Kernel; height++)
                {
                    for (var width = 0; width < shape.Width.Kernel; width++, columns += stride)
                    {
                        for (var sample = 0; sample < samples; sample++)
                            Tap(shape, images + (sample * sampleStride), depth, height, width, start, count,
                                columns + (sample * count));
                    }
                }
            }
        }
    }

    /// <summary>What consecutive outputs read of one channel by one tap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tap(in ConvolutionShape shape, T* image, int depthTap, int heightTap, int widthTap, int start,
        int count, T* column)
    {
        var outputs = shape.Height.Output * shape.Width.Output;
        var inputs = (nint)shape.Height.Input * shape.Width.Input;
        var plane = new ColumnPlane<T, TTransfer>(shape.Height, shape.Width, heightTap, widthTap);
        for (var depth = start / outputs; count > 0; depth++)
        {
            start %= outputs;
            var end = Math.Min(outputs, start + count);
            var position = shape.Depth.Position(depth, depthTap);
            if ((uint)position < (uint)shape.Depth.Input) plane.Run(image + (position * inputs), start, end, column);
            else TTransfer.Outside(column, end - start);
            column += end - start;
            count -= end - start;
            start = 0;
        }
    }
}
