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
    // Chains that are under way together: none has to wait for its own last term.
    private const int Chains = 4;

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
        var (height, width) = (shape.Height.Output, shape.Width.Output);
        for (var d = 0; d < shape.Depth.Output; d++, image += padded.Plane)
        {
            var h = 0;
            for (; h <= height - Chains; h += Chains, output += Chains * width)
            {
                for (var w = 0; w < width; w += TLanes.Count)
                    FourRows(shape, padded, image + (h * padded.Row) + w, weight, step, output + w, width - w);
            }
            for (; h < height; h++, output += width)
            {
                for (var w = 0; w < width; w += TLanes.Count)
                    OneRow(shape, padded, image + (h * padded.Row) + w, weight, step, output + w, width - w);
            }
        }
    }

    /// <summary>Neighbouring outputs of a row: a register of them, or as many as are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow(
        in ConvolutionShape shape, in PaddedImage<T> padded, T* image, T* weight, int step, T* output, int count)
    {
        TVector sum = default;
        var (depth, height, width) = (shape.Depth, shape.Height, shape.Width);
        for (var depthTap = 0; depthTap < depth.Kernel; depthTap++)
        {
            var row = image + (depthTap * depth.Dilation * padded.Plane);
            for (var heightTap = 0; heightTap < height.Kernel; heightTap++, row += height.Dilation * padded.Row)
            {
                for (var widthTap = 0; widthTap < width.Kernel; widthTap++, weight += step)
                    sum = TLanes.MultiplyAdd(
                        TLanes.Broadcast(*weight), TLanes.Load(row + (widthTap * width.Dilation)), sum);
            }
        }
        Store(sum, output, count);
    }

    /// <summary>The same of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows(
        in ConvolutionShape shape, in PaddedImage<T> padded, T* image, T* weight, int step, T* output, int count)
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        var (depth, height, width) = (shape.Depth, shape.Height, shape.Width);
        var next = padded.Row;
        for (var depthTap = 0; depthTap < depth.Kernel; depthTap++)
        {
            var row = image + (depthTap * depth.Dilation * padded.Plane);
            for (var heightTap = 0; heightTap < height.Kernel; heightTap++, row += height.Dilation * padded.Row)
            {
                var from = row;
                for (var widthTap = 0; widthTap < width.Kernel; widthTap++, weight += step, from += width.Dilation)
                {
                    var factor = TLanes.Broadcast(*weight);
                    sum0 = TLanes.MultiplyAdd(factor, TLanes.Load(from), sum0);
                    sum1 = TLanes.MultiplyAdd(factor, TLanes.Load(from + next), sum1);
                    sum2 = TLanes.MultiplyAdd(factor, TLanes.Load(from + (2 * next)), sum2);
                    sum3 = TLanes.MultiplyAdd(factor, TLanes.Load(from + (3 * next)), sum3);
                }
            }
        }
        var to = width.Output;
        Store(sum0, output, count);
        Store(sum1, output + to, count);
        Store(sum2, output + (2 * to), count);
        Store(sum3, output + (3 * to), count);
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
                var row = image + (depthTap * depth.Dilation * padded.Plane)
                    + (heightTap * height.Dilation * padded.Row);
                var widthTap = 0;
                while (width.Kernel - widthTap >= Chains - 1)
                {
                    var taps = Math.Min(Chains, width.Kernel - widthTap);
                    for (var w = 0; w < width.Output; w += TLanes.Count)
                        FourTaps(shape, padded, taps, row + (widthTap * width.Dilation) + w, output + w, sums + w,
                            Math.Min(TLanes.Count, width.Output - w));
                    widthTap += taps;
                    sums += taps * width.Output;
                }
                for (; widthTap < width.Kernel; widthTap++, sums += width.Output)
                {
                    for (var w = 0; w < width.Output; w += TLanes.Count)
                        OneTap(shape, padded, row + (widthTap * width.Dilation) + w, output + w, sums + w,
                            Math.Min(TLanes.Count, width.Output - w));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneTap(
        in ConvolutionShape shape, in PaddedImage<T> padded, T* image, T* output, T* sums, int count)
    {
        var sum = TLanes.LoadFirst(sums, count);
        for (var d = 0; d < shape.Depth.Output; d++, image += padded.Plane)
        {
            var from = image;
            for (var h = 0; h < shape.Height.Output; h++, from += padded.Row, output += shape.Width.Output)
                sum = TLanes.MultiplyAdd(Load(output, count), TLanes.Load(from), sum);
        }
        TLanes.StoreFirst(sum, sums, count);
    }

    /// <summary>The same of four neighbouring taps of the row; of three, the last one is done twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourTaps(
        in ConvolutionShape shape, in PaddedImage<T> padded, int taps, T* image, T* output, T* sums, int count)
    {
        var (width, tap) = (shape.Width.Output, shape.Width.Dilation);
        var last = taps - 1;
        var sum0 = TLanes.LoadFirst(sums, count);
        var sum1 = TLanes.LoadFirst(sums + width, count);
        var sum2 = TLanes.LoadFirst(sums + (2 * width), count);
        var sum3 = TLanes.LoadFirst(sums + (last * width), count);
        for (var d = 0; d < shape.Depth.Output; d++, image += padded.Plane)
        {
            var from = image;
            for (var h = 0; h < shape.Height.Output; h++, from += padded.Row, output += width)
            {
                var outputs = Load(output, count);
                sum0 = TLanes.MultiplyAdd(outputs, TLanes.Load(from), sum0);
                sum1 = TLanes.MultiplyAdd(outputs, TLanes.Load(from + tap), sum1);
                sum2 = TLanes.MultiplyAdd(outputs, TLanes.Load(from + (2 * tap)), sum2);
                sum3 = TLanes.MultiplyAdd(outputs, TLanes.Load(from + (last * tap)), sum3);
            }
        }
        TLanes.StoreFirst(sum0, sums, count);
        TLanes.StoreFirst(sum1, sums + width, count);
        TLanes.StoreFirst(sum2, sums + (2 * width), count);
        TLanes.StoreFirst(sum3, sums + (last * width), count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load(T* source, int count) =>
        count == TLanes.Count ? TLanes.Load(source) : TLanes.LoadFirst(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector value, T* destination, int count)
    {
        if (count >= TLanes.Count) TLanes.Store(value, destination);
        else TLanes.StoreFirst(value, destination, count);
    }
}
