using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>The convolution of one channel of stride 1, in registers of neighbouring outputs.</summary>
internal static unsafe class DepthwiseRows<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    /// <summary>Each output is a chain of multiply-adds over the taps, from zero.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="image">The padded image.</param>
    /// <param name="weight">The first tap's weight.</param>
    /// <param name="step">From one tap's weight to the next one's.</param>
    /// <param name="output">Receives the outputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Correlate(in ConvolutionShape shape, T* image, T* weight, int step, T* output)
    {
        var padded = new PaddedImage<T>(shape);
        var (depth, height, width) = (shape.Depth, shape.Height, shape.Width);
        for (var d = 0; d < depth.Output; d++)
        {
            for (var h = 0; h < height.Output; h++, output += width.Output)
            {
                var source = image + (d * padded.Plane) + (h * padded.Row);
                for (var w = 0; w < width.Output; w += TLanes.Count)
                {
                    TVector sum = default;
                    var tap = weight;
                    for (var depthTap = 0; depthTap < depth.Kernel; depthTap++)
                    {
                        var row = source + (depthTap * depth.Dilation * padded.Plane) + w;
                        for (var heightTap = 0; heightTap < height.Kernel; heightTap++,
                            row += height.Dilation * padded.Row)
                        {
                            for (var widthTap = 0; widthTap < width.Kernel; widthTap++, tap += step)
                                sum = TLanes.MultiplyAdd(TLanes.Broadcast(*tap),
                                    TLanes.Load(row + (widthTap * width.Dilation)), sum);
                        }
                    }
                    if (w <= width.Output - TLanes.Count) TLanes.Store(sum, output + w);
                    else TLanes.StoreFirst(sum, output + w, width.Output - w);
                }
            }
        }
    }

    /// <summary>Adds the products of outputs and what they read by each tap to sums by tap and
    /// position in the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(in ConvolutionShape shape, T* image, T* output, T* sums)
    {
        var padded = new PaddedImage<T>(shape);
        var (depth, height, width) = (shape.Depth, shape.Height, shape.Width);
        for (var depthTap = 0; depthTap < depth.Kernel; depthTap++)
        {
            for (var heightTap = 0; heightTap < height.Kernel; heightTap++)
            {
                for (var widthTap = 0; widthTap < width.Kernel; widthTap++, sums += width.Output)
                {
                    var tap = image + (depthTap * depth.Dilation * padded.Plane)
                        + (heightTap * height.Dilation * padded.Row) + (widthTap * width.Dilation);
                    for (var w = 0; w < width.Output; w += TLanes.Count)
                    {
                        var count = Math.Min(TLanes.Count, width.Output - w);
                        var sum = TLanes.LoadFirst(sums + w, count);
                        var from = output + w;
                        for (var d = 0; d < depth.Output; d++)
                        {
                            var source = tap + (d * padded.Plane) + w;
                            for (var h = 0; h < height.Output; h++, source += padded.Row, from += width.Output)
                            {
                                var outputs = count == TLanes.Count ? TLanes.Load(from) : TLanes.LoadFirst(from, count);
                                sum = TLanes.MultiplyAdd(outputs, TLanes.Load(source), sum);
                            }
                        }
                        TLanes.StoreFirst(sum, sums + w, count);
                    }
                }
            }
        }
    }
}
