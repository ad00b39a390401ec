using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;
using PcActors.Tensors.Kernels.Products;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>A convolution of stride 1 whose columns are not written down: in a padded image what all outputs read by a
/// tap lies at one distance from them, so the image itself, looked at from there, is a row of the matrix of columns.
/// </summary>
/// <remarks>Between two rows of outputs come a few places whose sums nobody takes. The sums are those of the product
/// with columns, term by term.</remarks>
internal static unsafe class DirectPrediction<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    // Places of a band of output rows, whose sums for a tile's channels stay in the first-level cache, and of the
    // longest row that may be a band by itself.
    private const int BandPlaces = 512;
    private const int MostPlaces = 2048;

    private const int MaxVectors = TileShape<T, TVector, TLanes>.MaxVectors;

    /// <summary>Whether a row of the image is short enough for a band.</summary>
    public static bool HasBands(in ConvolutionShape shape) => new PaddedImage<T>(shape).Row <= MostPlaces;

    /// <summary>Registers of places that a channel's outputs take.</summary>
    public static long Registers(in ConvolutionShape shape)
    {
        var row = (int)new PaddedImage<T>(shape).Row;
        var band = BandRows(shape, row);
        var (whole, rest) = Math.DivRem(shape.Height.Output, band);
        return shape.Depth.Output * (((long)whole * Vectors(shape, row, band))
            + (rest == 0 ? 0 : Vectors(shape, row, rest)));
    }

    /// <summary>y = W * x + b.</summary>
    /// <param name="shape">The convolution, of stride 1.</param>
    /// <param name="x">The input.</param>
    /// <param name="w">The weight.</param>
    /// <param name="b">One number for each output channel; null for none.</param>
    /// <param name="y">Receives the output.</param>
    public static void Run(in ConvolutionShape shape, T* x, T* w, T* b, T* y)
    {
        var padded = new PaddedImage<T>(shape);
        var workspace = Workspace.Current;
        var image = (T*)workspace.Columns(padded.Length(shape.GroupInputs) * Unsafe.SizeOf<T>());
        var offsets = (nint*)workspace.Gathered(2L * shape.Terms * sizeof(nint));
        var steps = offsets + shape.Terms;
        Walk(shape, padded, offsets, steps);
        var row = (int)padded.Row;
        var band = BandRows(shape, row);
        for (var sample = 0; sample < shape.Samples; sample++)
        {
            for (var group = 0; group < shape.Groups; group++)
            {
                var from = x + shape.InputStart(sample, group);
                for (var channel = 0; channel < shape.GroupInputs; channel++)
                    padded.Fill(from + ((nint)channel * shape.Inputs), image + (channel * padded.Places));
                var to = y + shape.OutputStart(sample, group);
                var weights = w + shape.WeightStart(group);
                var biases = b == null ? null : b + ((nint)group * shape.GroupOutputs);
                for (var depth = 0; depth < shape.Depth.Output; depth++)
                {
                    for (var height = 0; height < shape.Height.Output; height += band)
                    {
                        var rows = Math.Min(band, shape.Height.Output - height);
                        var output = ((depth * shape.Height.Output) + height) * shape.Width.Output;
                        Band(shape, row, rows, image + (depth * padded.Plane) + ((nint)height * row), offsets, steps,
                            weights, biases, to + output);
                    }
                }
            }
        }
    }

    /// <summary>Where, from an output's place, each term of its sum lies, and from each to the next.</summary>
    private static void Walk(in ConvolutionShape shape, in PaddedImage<T> padded, nint* offsets, nint* steps)
    {
        var term = 0;
        for (var channel = 0; channel < shape.GroupInputs; channel++)
        {
            for (var depth = 0; depth < shape.Depth.Kernel; depth++)
            {
                for (var height = 0; height < shape.Height.Kernel; height++)
                {
                    for (var width = 0; width < shape.Width.Kernel; width++)
                        offsets[term++] = (channel * padded.Places) + (depth * shape.Depth.Dilation * padded.Plane)
                            + (height * shape.Height.Dilation * padded.Row) + ((nint)width * shape.Width.Dilation);
                }
            }
        }
        for (var i = 0; i < term; i++) steps[i] = i + 1 < term ? offsets[i + 1] - offsets[i] : 0;
    }

    /// <summary>Some rows of outputs of all channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Band(in ConvolutionShape shape, int row, int rows, T* image, nint* offsets, nint* steps,
        T* weights, T* biases, T* output)
    {
        var columns = Vectors(shape, row, rows) * TLanes.Count;
        var panels = new Panels(columns, TLanes.Count, MaxVectors);
        var maxRows = TileShape<T, TVector, TLanes>.MaxRows(panels.Vectors(0));
        var sums = (T*)Workspace.Current.Product((long)maxRows * columns * Unsafe.SizeOf<T>());
        int channels;
        for (var channel = 0; channel < shape.GroupOutputs; channel += channels)
        {
            channels = TileShape<T, TVector, TLanes>.RowsFor(shape.GroupOutputs - channel, maxRows);
            for (var start = 0; start < shape.Terms; start += MatrixProduct.BlockLength)
            {
                var k = Math.Min(MatrixProduct.BlockLength, shape.Terms - start);
                var a = weights + ((nint)channel * shape.Terms) + start;
                for (var panel = 0; panel < panels.Count; panel++)
                {
                    var (first, vectors) = (panels.Begin(panel), panels.Vectors(panel));
                    var from = image + offsets[start] + first;
                    if (start == 0)
                        MicroKernel<T, TVector, TLanes, RowList, StoreFinish<T, TVector, TLanes>>.Run(
                            channels, vectors, k, a, shape.Terms, 1, from, (nint)(steps + start), sums + first, columns,
                            0, T.Zero);
                    else
                        MicroKernel<T, TVector, TLanes, RowList, AddFinish<T, TVector, TLanes>>.Run(
                            channels, vectors, k, a, shape.Terms, 1, from, (nint)(steps + start), sums + first, columns,
                            0, T.Zero);
                }
            }
            for (var i = 0; i < channels; i++)
            {
                var to = output + ((nint)(channel + i) * shape.Outputs);
                var from = sums + ((nint)i * columns);
                for (var r = 0; r < rows; r++, from += row, to += shape.Width.Output)
                {
                    if (biases == null) CopyToColumns.Copy(from, to, shape.Width.Output);
                    else Add(from, biases[channel + i], to, shape.Width.Output);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T* from, T bias, T* to, int count)
    {
        var addend = TLanes.Broadcast(bias);
        var i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TLanes.Add(TLanes.Load(from + i), addend), to + i);
        if (i < count) TLanes.StoreFirst(TLanes.Add(TLanes.LoadFirst(from + i, count - i), addend), to + i, count - i);
    }

    /// <summary>Registers of places from the first output of some rows to their last.</summary>
    private static int Vectors(in ConvolutionShape shape, int row, int rows) =>
        (((rows - 1) * row) + shape.Width.Output - 1) / TLanes.Count + 1;

    /// <summary>Rows of a band: bands as equal as can be.</summary>
    private static int BandRows(in ConvolutionShape shape, int row)
    {
        var most = Math.Max(1, BandPlaces / row);
        var bands = ((shape.Height.Output - 1) / most) + 1;
        return ((shape.Height.Output - 1) / bands) + 1;
    }
}
