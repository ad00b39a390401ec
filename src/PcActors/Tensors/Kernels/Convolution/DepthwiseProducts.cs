using System.Numerics;
using PcActors.Tensors.Kernels.Products;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>A convolution of each channel with a kernel of its own and any strides, and its two
/// transposes: row by row, without columns.</summary>
internal static unsafe class DepthwiseProducts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y = W * x + b: an output is a chain of fused multiply-adds over its taps in order, from zero.</summary>
    public static void Predict(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> b,
        Span<T> y)
    {
        y.Clear();
        fixed (T* px = x, pw = w, py = y)
        {
            for (var sample = 0; sample < shape.Samples; sample++)
            {
                for (var channel = 0; channel < shape.Groups; channel++)
                {
                    var output = py + shape.OutputStart(sample, channel);
                    Run<Output>(shape, px + shape.InputStart(sample, channel), pw + shape.WeightStart(channel), output);
                    if (b.IsEmpty) continue;
                    var outputs = new Span<T>(output, shape.Outputs);
                    TensorPrimitives.Add(outputs, b[channel], outputs);
                }
            }
        }
    }

    /// <summary>The transpose to the input.</summary>
    public static void PullBackInput(in ConvolutionShape shape, ReadOnlySpan<T> w, ReadOnlySpan<T> y, Span<T> x)
    {
        x.Clear();
        fixed (T* px = x, pw = w, py = y)
        {
            for (var sample = 0; sample < shape.Samples; sample++)
            {
                for (var channel = 0; channel < shape.Groups; channel++)
                {
                    Run<Input>(
                        shape, px + shape.InputStart(sample, channel), pw + shape.WeightStart(channel),
                        py + shape.OutputStart(sample, channel));
                }
            }
        }
    }

    /// <summary>The transpose to the weight: sums by position in the output's rows, over rows
    /// and samples in order, then over the positions by <see cref="Reductions"/>.</summary>
    public static void PullBackWeight(in ConvolutionShape shape, int start, int end, ReadOnlySpan<T> x,
        ReadOnlySpan<T> y, Span<T> w)
    {
        var width = shape.Width.Output;
        var sums = new Span<T>(Workspace.Current.Columns((long)shape.Terms * width * sizeof(T)), shape.Terms * width);
        fixed (T* px = x, py = y, ps = sums)
        {
            for (var channel = start; channel < end; channel++)
            {
                sums.Clear();
                for (var sample = 0; sample < shape.Samples; sample++)
                    Run<Weight>(shape, px + shape.InputStart(sample, channel), ps,
                        py + shape.OutputStart(sample, channel));
                for (var tap = 0; tap < shape.Terms; tap++)
                    w[(channel * shape.Terms) + tap] = Reductions.Sum<T>(sums.Slice(tap * width, width));
            }
        }
    }

    /// <summary>Every row of the output with every tap that reads the image, taps in order.</summary>
    private static void Run<TRow>(in ConvolutionShape shape, T* image, T* weight, T* output)
        where TRow : struct, IRow
    {
        var (depth, height, width) = (shape.Depth, shape.Height, shape.Width);
        for (var d = 0; d < depth.Output; d++)
        {
            for (var h = 0; h < height.Output; h++, output += width.Output)
            {
                var w = weight;
                for (var depthTap = 0; depthTap < depth.Kernel; depthTap++)
                {
                    var plane = depth.Position(d, depthTap);
                    for (var heightTap = 0; heightTap < height.Kernel; heightTap++)
                    {
                        var row = height.Position(h, heightTap);
                        var isInside = (uint)plane < (uint)depth.Input && (uint)row < (uint)height.Input;
                        for (var widthTap = 0; widthTap < width.Kernel; widthTap++,
                            w += TRow.WeightLength(width.Output))
                        {
                            var first = width.First(widthTap);
                            var count = width.End(widthTap) - first;
                            if (!isInside || count <= 0) continue;
                            var source = image + ((((nint)plane * height.Input) + row) * width.Input)
                                + width.Position(first, widthTap);
                            TRow.Run(source, width.Stride, output + first, count, w, first);
                        }
                    }
                }
            }
        }
    }

    /// <summary>What is done with a part of an output's row and what it reads by one tap.</summary>
    private interface IRow
    {
        /// <summary>Elements that a tap has where its weight is expected.</summary>
        static abstract int WeightLength(int width);

        static abstract void Run(T* image, int stride, T* output, int count, T* weight, int first);
    }

    private readonly struct Output : IRow
    {
        public static int WeightLength(int width) => 1;

        public static void Run(T* image, int stride, T* output, int count, T* weight, int first)
        {
            if (stride == 1) AddProduct(*weight, image, output, count);
            else
            {
                for (var i = 0; i < count; i++)
                    output[i] = T.FusedMultiplyAdd(*weight, image[i * (nint)stride], output[i]);
            }
        }
    }

    private readonly struct Input : IRow
    {
        public static int WeightLength(int width) => 1;

        public static void Run(T* image, int stride, T* output, int count, T* weight, int first)
        {
            if (stride == 1) AddProduct(*weight, output, image, count);
            else
            {
                for (var i = 0; i < count; i++)
                    image[i * (nint)stride] = T.FusedMultiplyAdd(*weight, output[i], image[i * (nint)stride]);
            }
        }
    }

    private readonly struct Weight : IRow
    {
        public static int WeightLength(int width) => width;

        public static void Run(T* image, int stride, T* output, int count, T* weight, int first)
        {
            var sums = weight + first;
            if (stride == 1)
            {
                var target = new Span<T>(sums, count);
                TensorPrimitives.FusedMultiplyAdd(new ReadOnlySpan<T>(image, count), new ReadOnlySpan<T>(output, count),
                    target, target);
            }
            else
            {
                for (var i = 0; i < count; i++)
                    sums[i] = T.FusedMultiplyAdd(image[i * (nint)stride], output[i], sums[i]);
            }
        }
    }

    private static void AddProduct(T factor, T* from, T* to, int count)
    {
        var target = new Span<T>(to, count);
        Arithmetic.MultiplyAdd(factor, new ReadOnlySpan<T>(from, count), target, target);
    }
}
