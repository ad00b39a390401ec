using System.Numerics;
using PcActors.Tensors.Kernels.Lanes;
using PcActors.Tensors.Kernels.Products;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>A convolution of stride 1 of each channel with a kernel of its own, and its two
/// transposes, from padded copies of one channel at a time.</summary>
internal static unsafe class DenseDepthwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly VectorWidth Widest = VectorWidths.Widest;

    /// <summary>y = W * x + b: an output is a chain of fused multiply-adds over its taps in order, from zero.</summary>
    public static void Predict(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> b,
        Span<T> y)
    {
        if (y.IsEmpty) return;
        var padded = new PaddedImage<T>(shape);
        var copy = (T*)Workspace.Current.Columns(padded.Length(1) * sizeof(T));
        fixed (T* px = x, pw = w, py = y)
        {
            for (var sample = 0; sample < shape.Samples; sample++)
            {
                for (var channel = 0; channel < shape.Groups; channel++)
                {
                    padded.Fill(px + shape.InputStart(sample, channel), copy);
                    var output = py + shape.OutputStart(sample, channel);
                    LanesDispatch.Run<T, CorrelateAction>(new(shape, copy, pw + shape.WeightStart(channel), 1, output),
                        Widest);
                    if (b.IsEmpty) continue;
                    var outputs = new Span<T>(output, shape.Outputs);
                    TensorPrimitives.Add(outputs, b[channel], outputs);
                }
            }
        }
    }

    /// <summary>The transpose to the input: the convolution of y with the taps in reverse.</summary>
    public static void PullBackInput(in ConvolutionShape shape, ReadOnlySpan<T> w, ReadOnlySpan<T> y, Span<T> x)
    {
        if (x.IsEmpty) return;
        var transpose = shape with
        {
            Depth = shape.Depth.Transposed(),
            Height = shape.Height.Transposed(),
            Width = shape.Width.Transposed()
        };
        var padded = new PaddedImage<T>(transpose);
        var copy = (T*)Workspace.Current.Columns(padded.Length(1) * sizeof(T));
        fixed (T* px = x, pw = w, py = y)
        {
            for (var sample = 0; sample < shape.Samples; sample++)
            {
                for (var channel = 0; channel < shape.Groups; channel++)
                {
                    padded.Fill(py + shape.OutputStart(sample, channel), copy);
                    var last = pw + shape.WeightStart(channel) + (shape.Terms - 1);
                    LanesDispatch.Run<T, CorrelateAction>(
                        new(transpose, copy, last, -1, px + shape.InputStart(sample, channel)), Widest);
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
        var padded = new PaddedImage<T>(shape);
        var copy = (T*)Workspace.Current.Columns(padded.Length(1) * sizeof(T));
        var sums = (T*)Workspace.Current.Gathered((long)shape.Terms * width * sizeof(T));
        fixed (T* px = x, py = y)
        {
            for (var channel = start; channel < end; channel++)
            {
                new Span<T>(sums, shape.Terms * width).Clear();
                for (var sample = 0; sample < shape.Samples; sample++)
                {
                    padded.Fill(px + shape.InputStart(sample, channel), copy);
                    LanesDispatch.Run<T, SumAction>(new(shape, copy, py + shape.OutputStart(sample, channel), sums),
                        Widest);
                }
                for (var tap = 0; tap < shape.Terms; tap++)
                    w[(channel * shape.Terms) + tap] = Reductions.Sum<T>(
                        new ReadOnlySpan<T>(sums + ((nint)tap * width), width));
            }
        }
    }

    private readonly struct CorrelateAction(ConvolutionShape shape, void* image, void* weight, int step, void* output)
        : ILanesAction
    {
        void ILanesAction.Run<TElement, TVector, TLanes>() =>
            DepthwiseRows<TElement, TVector, TLanes>.Correlate(shape, (TElement*)image, (TElement*)weight, step,
                (TElement*)output);
    }

    private readonly struct SumAction(ConvolutionShape shape, void* image, void* output, void* sums) : ILanesAction
    {
        void ILanesAction.Run<TElement, TVector, TLanes>() =>
            DepthwiseRows<TElement, TVector, TLanes>.Sum(shape, (TElement*)image, (TElement*)output, (TElement*)sums);
    }
}
