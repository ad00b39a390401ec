using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>Between an image and the matrix of its columns: a row for each channel and tap, a
/// column for each output, which holds what that output reads (im2col and its transpose, col2im).</summary>
internal static unsafe class Columns<T, TTransfer>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTransfer : struct, IRowTransfer
{
    // Taps whose planes have room on the stack.
    private const int ManyTaps = 128;

    /// <summary>Goes through a part of the matrix, row by row, in ascending order.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="images">The first sample's channels of one group.</param>
    /// <param name="first">The first row: the terms of an output are its channels, and of each the taps.</param>
    /// <param name="terms">How many rows.</param>
    /// <param name="samples">Samples.</param>
    /// <param name="start">The first output of each sample.</param>
    /// <param name="count">Outputs of each sample.</param>
    /// <param name="columns">The rows.</param>
    /// <param name="stride">Their stride.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in ConvolutionShape shape, T* images, int first, int terms, int samples, int start,
        int count, T* columns, int stride)
    {
        var inputs = shape.Inputs;
        var sampleStride = (nint)shape.Groups * shape.GroupInputs * inputs;
        var taps = shape.Taps;
        var (channel, tap) = Math.DivRem(first, taps);
        images += (nint)channel * inputs;
        var hasPlanes = shape.Depth == ConvolutionAxis.None && taps <= ManyTaps;
        var planes = stackalloc ColumnPlane<T, TTransfer>[hasPlanes ? taps : 0];
        if (hasPlanes) Planes(shape, start, start + count, planes);
        for (; terms > 0; terms--, columns += stride)
        {
            if (hasPlanes) planes[tap].Run(images, sampleStride, columns, count, samples);
            else Tap(shape, images, sampleStride, samples, tap, start, count, columns);
            if (++tap < taps) continue;
            tap = 0;
            images += inputs;
        }
    }

    /// <summary>What the outputs of a range read by each tap, where there is one plane.</summary>
    private static void Planes(in ConvolutionShape shape, int start, int end, ColumnPlane<T, TTransfer>* planes)
    {
        for (var height = 0; height < shape.Height.Kernel; height++)
        {
            for (var width = 0; width < shape.Width.Kernel; width++)
                *planes++ = new(shape.Height, shape.Width, height, width, start, end);
        }
    }

    /// <summary>What consecutive outputs of each sample read of one channel by one tap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tap(in ConvolutionShape shape, T* image, nint sampleStride, int samples, int tap, int start,
        int count, T* column)
    {
        var (row, widthTap) = Math.DivRem(tap, shape.Width.Kernel);
        var (depthTap, heightTap) = Math.DivRem(row, shape.Height.Kernel);
        var outputs = shape.Height.Output * shape.Width.Output;
        var inputs = (nint)shape.Height.Input * shape.Width.Input;
        var (first, left) = (start, count);
        for (var depth = start / outputs; left > 0; depth++)
        {
            first %= outputs;
            var end = Math.Min(outputs, first + left);
            var position = shape.Depth.Position(depth, depthTap);
            if ((uint)position < (uint)shape.Depth.Input)
            {
                var plane = new ColumnPlane<T, TTransfer>(shape.Height, shape.Width, heightTap, widthTap, first, end);
                plane.Run(image + (position * inputs), sampleStride, column, count, samples);
            }
            else
            {
                for (var sample = 0; sample < samples; sample++)
                    TTransfer.Outside(column + ((nint)sample * count), end - first);
            }
            column += end - first;
            left -= end - first;
            first = 0;
        }
    }
}
