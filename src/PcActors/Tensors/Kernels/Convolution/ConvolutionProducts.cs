using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Products;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>A convolution and its two transposes as matrix products with the columns of the input.</summary>
/// <remarks>Scratch memory is that of a few hundred outputs' columns, never of the whole batch.
/// What is added up, and in which order, follows from the extents alone, and not from the number
/// of output channels.</remarks>
internal static unsafe class ConvolutionProducts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y = W * x + b.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="x">The input.</param>
    /// <param name="w">The weight.</param>
    /// <param name="b">One number for each output channel; empty for none.</param>
    /// <param name="y">Receives the output.</param>
    public static void Predict(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> b,
        Span<T> y)
    {
        if (y.IsEmpty) return;
        var (m, terms, outputs) = (shape.GroupOutputs, shape.Terms, shape.Outputs);
        var chunks = new ColumnChunks(shape);
        var scratch = new Scratch(shape, chunks);
        fixed (T* px = x, py = y)
        {
            for (var chunk = new ColumnChunk(shape, chunks); !chunk.IsDone; chunk = chunk.Next(shape, chunks))
            {
                var columns = scratch.ColumnsOf(
                    shape, chunk, px + shape.InputStart(chunk.Sample, chunk.Group), 0, terms, out var stride);
                var target = py + shape.OutputStart(chunk.Sample, chunk.Group) + chunk.Start;
                var result = chunk.Samples == 1 ? target : scratch.Gathered;
                var row = chunk.Samples == 1 ? outputs : chunk.Width;
                MatrixProduct.Multiply(
                    m, chunk.Width, terms, w[(int)shape.WeightStart(chunk.Group)..], terms, 1,
                    Matrix(columns, terms, stride, chunk.Width), stride, 1, Matrix(result, m, row, chunk.Width), row);
                if (!b.IsEmpty) AddToRows(b.Slice(chunk.Group * m, m), result, row, chunk.Width);
                if (chunk.Samples > 1) GatheredOutputs<T>.ShareOut(shape, chunk, result, target);
            }
        }
    }

    /// <summary>The transpose to the input: x = W^T * y, with y an error or, for a transposed
    /// convolution, its input.</summary>
    public static void PullBackInput(in ConvolutionShape shape, ReadOnlySpan<T> w, ReadOnlySpan<T> y, Span<T> x)
    {
        x.Clear();
        if (x.IsEmpty || y.IsEmpty) return;
        var (m, terms) = (shape.GroupOutputs, shape.Terms);
        var chunks = new ColumnChunks(shape);
        var scratch = new Scratch(shape, chunks);
        fixed (T* px = x, py = y)
        {
            for (var chunk = new ColumnChunk(shape, chunks); !chunk.IsDone; chunk = chunk.Next(shape, chunks))
            {
                var error = scratch.OutputsOf(shape, chunk, py + shape.OutputStart(chunk.Sample, chunk.Group),
                    out var row);
                var image = px + shape.InputStart(chunk.Sample, chunk.Group);
                var isInPlace = shape.IsPointwise && chunk.Samples == 1;
                var columns = isInPlace ? image + chunk.Start : scratch.Columns;
                var stride = isInPlace ? shape.Inputs : chunks.Stride;
                MatrixProduct.Multiply(
                    terms, chunk.Width, m, w[(int)shape.WeightStart(chunk.Group)..], 1, terms,
                    Matrix(error, m, row, chunk.Width), row, 1, Matrix(columns, terms, stride, chunk.Width), stride);
                if (!isInPlace)
                {
                    Columns<T, AddToImage>.Run(
                        shape, image, 0, terms, chunk.Samples, chunk.Start, chunk.Count, columns, stride);
                }
            }
        }
    }

    /// <summary>The transpose to the weight: the sum over samples and outputs of y times what it reads of x.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="start">The first group; where there is but one, the first term of its outputs.</param>
    /// <param name="end">The end of the groups or terms.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">What is summed with it.</param>
    /// <param name="w">Receives the weights of these groups or terms.</param>
    public static void PullBackWeight(in ConvolutionShape shape, int start, int end, ReadOnlySpan<T> x,
        ReadOnlySpan<T> y, Span<T> w)
    {
        if (w.IsEmpty) return;
        if (y.IsEmpty)
        {
            w.Clear();
            return;
        }
        var (m, terms) = (shape.GroupOutputs, shape.Terms);
        var (first, count) = shape.Groups > 1 ? (0, terms) : (start, end - start);
        var chunks = new ColumnChunks(shape);
        var scratch = new Scratch(shape, chunks);
        fixed (T* px = x, py = y)
        {
            for (var chunk = new ColumnChunk(shape, chunks); !chunk.IsDone; chunk = chunk.Next(shape, chunks))
            {
                if (shape.Groups > 1 && (chunk.Group < start || chunk.Group >= end)) continue;
                var columns = scratch.ColumnsOf(
                    shape, chunk, px + shape.InputStart(chunk.Sample, chunk.Group), first, count, out var stride);
                var error = scratch.OutputsOf(shape, chunk, py + shape.OutputStart(chunk.Sample, chunk.Group),
                    out var row);
                MatrixProduct.Multiply(
                    m, count, chunk.Width, Matrix(error, m, row, chunk.Width), row, 1,
                    Matrix(columns, count, stride, chunk.Width), 1, stride,
                    w[((int)shape.WeightStart(chunk.Group) + first)..], terms,
                    accumulate: chunk is not { Sample: 0, Start: 0 });
            }
        }
    }

    private static Span<T> Matrix(T* start, int rows, int stride, int columns) =>
        rows == 0 ? default : new Span<T>(start, checked(((rows - 1) * stride) + columns));

    private static void AddToRows(ReadOnlySpan<T> b, T* rows, int stride, int width)
    {
        for (var i = 0; i < b.Length; i++)
        {
            var row = new Span<T>(rows + ((nint)i * stride), width);
            TensorPrimitives.Add(row, b[i], row);
        }
    }

    /// <summary>This thread's scratch memory for one convolution.</summary>
    private readonly ref struct Scratch
    {
        private readonly int _stride;

        public Scratch(in ConvolutionShape shape, in ColumnChunks chunks)
        {
            _stride = chunks.Stride;
            var workspace = Workspace.Current;
            if (!shape.IsPointwise || chunks.Samples > 1)
                Columns = (T*)workspace.Columns((long)shape.Terms * chunks.Stride * Unsafe.SizeOf<T>());
            if (chunks.Samples > 1)
                Gathered = (T*)workspace.Gathered(
                    (long)shape.GroupOutputs * chunks.Samples * chunks.Columns * Unsafe.SizeOf<T>());
        }

        /// <summary>Room for a matrix of columns.</summary>
        public T* Columns { get; }

        /// <summary>Room for the outputs of several samples, channel by channel.</summary>
        public T* Gathered { get; }

        /// <summary>Some rows of the columns of a chunk: the images themselves where they are that.</summary>
        public T* ColumnsOf(in ConvolutionShape shape, in ColumnChunk chunk, T* images, int first, int terms,
            out int stride)
        {
            stride = shape.Inputs;
            if (shape.IsPointwise && chunk.Samples == 1) return images + ((nint)first * stride) + chunk.Start;
            stride = _stride;
            Columns<T, CopyToColumns>.Run(
                shape, images, first, terms, chunk.Samples, chunk.Start, chunk.Count, Columns, stride);
            return Columns;
        }

        /// <summary>The outputs of a chunk as one matrix [channels, width].</summary>
        public T* OutputsOf(in ConvolutionShape shape, in ColumnChunk chunk, T* outputs, out int row) =>
            GatheredOutputs<T>.Of(shape, chunk, outputs, Gathered, out row);
    }
}
