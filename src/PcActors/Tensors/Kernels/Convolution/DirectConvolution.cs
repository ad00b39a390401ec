using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;
using PcActors.Tensors.Kernels.Products;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>A convolution and its transpose to the weight without the matrix of columns, where that is faster. The bits
/// are those of <see cref="ConvolutionProducts{T}"/>.</summary>
internal static unsafe class DirectConvolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What takes as long as so many multiply-adds of a register, as measured: to write one of columns, to write one and
    // turn it into a panel, to put one of channels side by side; and a multiply-add where each waits for the last.
    private const double Column = 8;
    private const double TurnedColumn = 8;
    private const double Pixel = 6;
    private const double Lone = 1.5;

    // Elements of scratch memory up to which images are copied: they stay in a usual last cache.
    private const long MostElements = 4 << 20;

    /// <summary>Whether y = W * x + b is made so.</summary>
    public static bool PaysPredict(in ConvolutionShape shape, VectorWidth width)
    {
        if (!shape.IsDense || shape.IsPointwise || shape.Products == 0
            || new PaddedImage<T>(shape).Places > MostElements / shape.GroupInputs)
            return false;
        var choice = false;
        fixed (ConvolutionShape* pinned = &shape)
            LanesDispatch.Run<T, PredictChoice>(new(pinned, &choice), width);
        return choice;
    }

    /// <summary>Whether the transpose to the weight of a range of groups or, where there is but one, of terms is made
    /// so: those are then whole channels.</summary>
    public static bool PaysWeight(in ConvolutionShape shape, int start, int end, VectorWidth width)
    {
        var channels = shape.Groups > 1 ? shape.GroupInputs : (end - start) / shape.Taps;
        if (shape.IsPointwise || shape.Products == 0 || !HasRuns(shape) || !AreChannels(shape, start, end)
            || new PaddedImage<T>(shape).Places > MostElements / channels / new ColumnChunks(shape).Samples
            || (long)shape.Groups * shape.GroupOutputs * shape.Terms > MostElements)
            return false;
        var choice = false;
        fixed (ConvolutionShape* pinned = &shape)
            LanesDispatch.Run<T, WeightChoice>(new(pinned, channels, &choice), width);
        return choice;
    }

    /// <summary>y = W * x + b, of stride 1.</summary>
    public static void Predict(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> b,
        Span<T> y, VectorWidth width)
    {
        if (!shape.IsDense) throw new ArgumentException("a prediction with a stride needs columns", nameof(shape));
        if (y.IsEmpty) return;
        fixed (ConvolutionShape* pinned = &shape)
        fixed (T* px = x, pw = w, pb = b, py = y)
            LanesDispatch.Run<T, PredictAction>(new(pinned, px, pw, pb, py), width);
    }

    /// <summary>The transpose to the weight of a range of groups or, where there is but one, of terms, which are whole
    /// channels. The taps of a row are not dilated.</summary>
    public static void PullBackWeight(in ConvolutionShape shape, int start, int end, ReadOnlySpan<T> x,
        ReadOnlySpan<T> y, Span<T> w, VectorWidth width)
    {
        if (!HasRuns(shape)) throw new ArgumentException("dilated taps are no runs", nameof(shape));
        if (!AreChannels(shape, start, end)) throw new ArgumentException("a part of a channel is no copy", nameof(end));
        if (w.IsEmpty) return;
        if (y.IsEmpty)
        {
            w.Clear();
            return;
        }
        fixed (ConvolutionShape* pinned = &shape)
        fixed (T* px = x, py = y, pw = w)
            LanesDispatch.Run<T, WeightAction>(new(pinned, start, end, px, py, pw), width);
    }

    /// <summary>Whether neighbouring taps of a row lie beside each other.</summary>
    private static bool HasRuns(in ConvolutionShape shape) => shape.Width.Dilation == 1 || shape.Width.Kernel == 1;

    private static bool AreChannels(in ConvolutionShape shape, int start, int end) =>
        shape.Groups > 1 || (end > start && start % shape.Taps == 0 && end % shape.Taps == 0);

    private readonly struct PredictChoice(ConvolutionShape* shape, bool* choice) : ILanesAction
    {
        void ILanesAction.Run<TElement, TVector, TLanes>()
        {
            var columns = (double)shape->Outputs / TLanes.Count;
            var more = DirectPrediction<TElement, TVector, TLanes>.Registers(*shape) - columns;
            *choice = DirectPrediction<TElement, TVector, TLanes>.HasBands(*shape)
                && more * shape->GroupOutputs < Column * columns;
        }
    }

    private readonly struct WeightChoice(ConvolutionShape* shape, int channels, bool* choice) : ILanesAction
    {
        void ILanesAction.Run<TElement, TVector, TLanes>()
        {
            var taps = shape->Taps;
            var columns = (double)(((taps * channels) - 1) / TLanes.Count) + 1;
            var rows = shape->Depth.Kernel * shape->Height.Kernel;
            var vectors = DirectWeights<TElement, TVector, TLanes>.Vectors(*shape, channels);
            var direct = (double)rows * vectors * (vectors == 1 ? Lone : 1);
            var pixels = (double)new PaddedImage<TElement>(*shape).Places / shape->Outputs * channels / TLanes.Count;
            // Sums are put in the weight's order at the end, once for all outputs.
            var order = columns * shape->GroupOutputs * TurnedColumn / ((double)shape->Samples * shape->Outputs);
            *choice = (direct * shape->GroupOutputs) + (Pixel * pixels) + order
                < columns * (shape->GroupOutputs + TurnedColumn);
        }
    }

    private readonly struct PredictAction(ConvolutionShape* shape, void* x, void* w, void* b, void* y) : ILanesAction
    {
        void ILanesAction.Run<TElement, TVector, TLanes>() => DirectPrediction<TElement, TVector, TLanes>.Run(
            *shape, (TElement*)x, (TElement*)w, (TElement*)b, (TElement*)y);
    }

    private readonly struct WeightAction(ConvolutionShape* shape, int start, int end, void* x, void* y, void* w)
        : ILanesAction
    {
        void ILanesAction.Run<TElement, TVector, TLanes>()
        {
            var taps = shape->Taps;
            var (firstGroup, groups) = shape->Groups > 1 ? (start, end - start) : (0, 1);
            var (firstChannel, channels) = shape->Groups > 1 ? (0, shape->GroupInputs)
                : (start / taps, (end - start) / taps);
            var chunks = new ColumnChunks(*shape);
            var outputs = chunks.Samples * chunks.Columns;
            var workspace = Workspace.Current;
            var kernel = new DirectWeights<TElement, TVector, TLanes>(
                *shape, channels, outputs, (nint*)workspace.Turned(2L * outputs * sizeof(nint)));
            var size = Unsafe.SizeOf<TElement>();
            var copy = (TElement*)workspace.Columns(kernel.Copies(chunks.Samples) * size);
            var sums = (TElement*)workspace.Product(groups * kernel.Sums * size);
            var gathered = chunks.Samples == 1 ? null
                : (TElement*)workspace.Gathered((long)shape->GroupOutputs * outputs * size);
            ColumnChunk walked = default, filled = default;
            for (var chunk = new ColumnChunk(*shape, chunks); !chunk.IsDone; chunk = chunk.Next(*shape, chunks))
            {
                if (chunk.Group < firstGroup || chunk.Group >= firstGroup + groups) continue;
                if ((chunk.Start, chunk.Count, chunk.Samples) != (walked.Start, walked.Count, walked.Samples))
                    kernel.Walk(walked = chunk);
                if ((chunk.Group, chunk.Sample, chunk.Samples) != (filled.Group, filled.Sample, filled.Samples))
                {
                    filled = chunk;
                    kernel.Fill(chunk, (TElement*)x + shape->InputStart(chunk.Sample, chunk.Group)
                        + ((nint)firstChannel * shape->Inputs), copy);
                }
                var error = GatheredOutputs<TElement>.Of(*shape, chunk,
                    (TElement*)y + shape->OutputStart(chunk.Sample, chunk.Group), gathered, out var row);
                kernel.Add(chunk, copy, error, row, sums + ((chunk.Group - firstGroup) * kernel.Sums));
            }
            for (var group = 0; group < groups; group++)
            {
                kernel.Finish(sums + (group * kernel.Sums), (TElement*)w + shape->WeightStart(firstGroup + group)
                    + ((nint)firstChannel * taps));
            }
        }
    }
}
