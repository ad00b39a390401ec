using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;
using PcActors.Tensors.Kernels.Products;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>The transpose of a convolution to its weight without columns: in a padded image whose channels lie side by
/// side, what an output reads by a row of taps is one run, a row of the product's second factor.</summary>
/// <remarks>What is summed, and in which order, is as in the product with columns, by its chunks.</remarks>
internal readonly unsafe ref struct DirectWeights<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    private readonly ConvolutionShape _shape;
    private readonly PaddedImage<T> _padded;
    private readonly int _channels;

    // Elements of a run in whole registers, rows of taps, and where each output's first run begins.
    private readonly int _stride, _rows;
    private readonly nint* _places, _steps;

    /// <summary>For a number of input channels and outputs at a time.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="outputs">Outputs of a chunk, at most.</param>
    /// <param name="lists">Room for two lists of so many numbers.</param>
    public DirectWeights(in ConvolutionShape shape, int channels, int outputs, nint* lists)
    {
        (_shape, _channels, _padded) = (shape, channels, new PaddedImage<T>(shape));
        _stride = Vectors(shape, channels) * TLanes.Count;
        _rows = shape.Depth.Kernel * shape.Height.Kernel;
        _places = lists;
        _steps = lists + outputs;
    }

    /// <summary>Registers of a run.</summary>
    public static int Vectors(in ConvolutionShape shape, int channels) =>
        (((shape.Width.Kernel * channels) - 1) / TLanes.Count) + 1;

    /// <summary>Elements of a sample's copy.</summary>
    public nint Sample => _padded.Places * _channels;

    /// <summary>Elements of memory that the copies of a number of samples take.</summary>
    public nint Copies(int samples) => _padded.Length(_channels * samples);

    /// <summary>Elements of a group's sums.</summary>
    public nint Sums => (nint)_shape.GroupOutputs * _rows * _stride;

    /// <summary>Copies the samples of a chunk.</summary>
    public void Fill(in ColumnChunk chunk, T* images, T* copy)
    {
        var sampleStride = (nint)_shape.Groups * _shape.GroupInputs * _shape.Inputs;
        for (var sample = 0; sample < chunk.Samples; sample++, images += sampleStride, copy += Sample)
            _padded.Fill(images, _channels, copy);
    }

    /// <summary>Where the outputs of a chunk begin to read.</summary>
    public void Walk(in ColumnChunk chunk)
    {
        var (depth, height, width) = (_shape.Depth, _shape.Height, _shape.Width);
        var (above, column) = Math.DivRem(chunk.Start, width.Output);
        var (plane, row) = Math.DivRem(above, height.Output);
        for (var output = 0; output < chunk.Count; output++)
        {
            _places[output] = ((plane * depth.Stride * _padded.Plane) + (row * height.Stride * _padded.Row)
                + ((nint)column * width.Stride)) * _channels;
            if (++column == width.Output) (column, row) = (0, row + 1);
            if (row == height.Output) (row, plane) = (0, plane + 1);
        }
        // Samples follow one another.
        for (var i = chunk.Count; i < chunk.Width; i++) _places[i] = _places[i - chunk.Count] + Sample;
        for (var i = 1; i < chunk.Width; i++) _steps[i - 1] = _places[i] - _places[i - 1];
        _steps[chunk.Width - 1] = 0;
    }

    /// <summary>Adds a chunk's product to the sums of its group, or, with the first one, begins them.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="copy">Its samples.</param>
    /// <param name="y">Its outputs, [channels, width].</param>
    /// <param name="yRow">Their row stride.</param>
    /// <param name="sums">The sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(in ColumnChunk chunk, T* copy, T* y, nint yRow, T* sums)
    {
        var isFirst = chunk is { Sample: 0, Start: 0 };
        var isApart = !isFirst && chunk.Width > MatrixProduct.BlockLength;
        var panels = new Panels(_stride, TLanes.Count, TileShape<T, TVector, TLanes>.MaxVectors);
        var maxRows = TileShape<T, TVector, TLanes>.MaxRows(panels.Vectors(0));
        var tile = (T*)Workspace.Current.Tile;
        var sumsRow = (nint)_rows * _stride;
        int channels;
        for (var channel = 0; channel < _shape.GroupOutputs; channel += channels)
        {
            channels = TileShape<T, TVector, TLanes>.RowsFor(_shape.GroupOutputs - channel, maxRows);
            for (var row = 0; row < _rows; row++)
            {
                var (depth, height) = Math.DivRem(row, _shape.Height.Kernel);
                var tap = copy + (((depth * _shape.Depth.Dilation * _padded.Plane)
                    + (height * _shape.Height.Dilation * _padded.Row)) * _channels);
                for (var panel = 0; panel < panels.Count; panel++)
                {
                    var (first, vectors) = (panels.Begin(panel), panels.Vectors(panel));
                    var to = sums + (channel * sumsRow) + ((nint)row * _stride) + first;
                    var target = isApart ? tile : to;
                    var targetRow = isApart ? vectors * TLanes.Count : sumsRow;
                    for (var start = 0; start < chunk.Width; start += MatrixProduct.BlockLength)
                    {
                        var k = Math.Min(MatrixProduct.BlockLength, chunk.Width - start);
                        var a = y + (channel * yRow) + start;
                        var b = tap + _places[start] + first;
                        if (start == 0 && (isFirst || isApart))
                            MicroKernel<T, TVector, TLanes, RowList, StoreFinish<T, TVector, TLanes>>.Run(
                                channels, vectors, k, a, yRow, 1, b, (nint)(_steps + start), target, targetRow, 0,
                                T.Zero);
                        else
                            MicroKernel<T, TVector, TLanes, RowList, AddFinish<T, TVector, TLanes>>.Run(
                                channels, vectors, k, a, yRow, 1, b, (nint)(_steps + start), target, targetRow, 0,
                                T.Zero);
                    }
                    if (isApart)
                        TileEnding<T, TVector, TLanes>.Add(
                            channels, vectors * TLanes.Count, tile, targetRow, to, sumsRow);
                }
            }
        }
    }

    /// <summary>Brings a group's finished sums to its weights.</summary>
    public void Finish(T* sums, T* w)
    {
        var width = _shape.Width.Kernel;
        var taps = _rows * width;
        for (var channel = 0; channel < _shape.GroupOutputs; channel++, w += _shape.Terms)
        {
            for (var row = 0; row < _rows; row++, sums += _stride)
                Transposition.Run(width, _channels, sums, _channels, w + ((nint)row * width), taps);
        }
    }
}
