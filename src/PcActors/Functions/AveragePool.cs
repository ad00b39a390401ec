using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX AveragePool: the mean of each window. The pull-back gives each element its share of the errors of its
/// windows.</summary>
/// <remarks>Attributes: kernel_shape, strides, pads, dilations, auto_pad, ceil_mode;
/// count_include_pad (0): whether zeros of the padding count as elements (never what lies beyond the padding, into
/// which ceil_mode lets a window reach).</remarks>
internal sealed class AveragePool<T>(OperatorSettings settings) : PoolingFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _countPadding = settings.Flag("count_include_pad");

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        var grid = Window.Grid(inputs[0].Shape);
        var planes = mu.Length / grid.OutputPlane;
        var parts = KernelThreads.PartsOfElements(2L * inputs[0].Length, planes);
        if (parts == 1) Predict(grid, 0, mu.Length, inputs[0].Span, mu);
        else Predict(parts, planes, grid, inputs[0], prediction);
    }

    private void Predict(int parts, int planes, PoolingGrid grid, Tensor<T> x, Tensor<T> prediction) =>
        KernelThreads.Run(parts, part => Predict(
            grid, KernelThreads.Start(part, parts, planes) * grid.OutputPlane,
            KernelThreads.Start(part + 1, parts, planes) * grid.OutputPlane, x.Span, prediction.Writable));

    private void Predict(in PoolingGrid grid, int from, int to, ReadOnlySpan<T> x, Span<T> mu)
    {
        var length = PoolingFold<T, SumFold>.Buffer(grid.Width);
        var buffer = ArrayPool<T>.Shared.Rent(length);
        var line = buffer.AsSpan(0, length);
        PoolingFold<T, SumFold>.Prepare(line);
        foreach (var (start, depth, height, at) in grid.Rows(from, to))
        {
            var row = mu.Slice(at, grid.Width.Count);
            PoolingFold<T, SumFold>.Row(grid, depth, height, x.Slice(start, grid.InputPlane), line, row);
            DivideByCount(grid, depth, height, row, row);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        result.Writable.Clear();
        if (error.Length == 0) return;
        var grid = Window.Grid(inputs[0].Shape);
        var planes = error.Length / grid.OutputPlane;
        var parts = KernelThreads.PartsOfElements(2L * result.Length, planes);
        if (parts == 1) PullBack(grid, 0, error.Length, error, result);
        else PullBack(parts, planes, grid, error, result);
    }

    private void PullBack(int parts, int planes, PoolingGrid grid, Tensor<T> error, Tensor<T> result) =>
        KernelThreads.Run(parts, part => PullBack(
            grid, KernelThreads.Start(part, parts, planes) * grid.OutputPlane,
            KernelThreads.Start(part + 1, parts, planes) * grid.OutputPlane, error, result));

    private void PullBack(in PoolingGrid grid, int from, int to, Tensor<T> error, Tensor<T> result)
    {
        var buffer = ArrayPool<T>.Shared.Rent(grid.Width.Span + grid.Width.Count);
        var line = buffer.AsSpan(0, grid.Width.Span);
        var shares = buffer.AsSpan(grid.Width.Span, grid.Width.Count);
        foreach (var (start, depth, height, at) in grid.Rows(from, to))
        {
            DivideByCount(grid, depth, height, error.Span.Slice(at, shares.Length), shares);
            PoolingSpread<T>.Along(grid.Width, shares, line);
            var covered = line.Slice(grid.Width.Before, grid.Width.Covered);
            PoolingSpread<T>.AddToRows(grid, depth, height, covered, result.Writable.Slice(start, grid.InputPlane));
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    /// <summary>Divides a row's elements by how many elements their windows have; 0 for a
    /// window that has none.</summary>
    private void DivideByCount(in PoolingGrid grid, int depth, int height, ReadOnlySpan<T> source, Span<T> result)
    {
        var rows = grid.Depth.Taps(depth, _countPadding) * grid.Height.Taps(height, _countPadding);
        var (start, end) = (grid.Width.InnerStart, grid.Width.InnerEnd);
        if (rows > 0)
            TensorPrimitives.Divide(source[start..end], T.CreateTruncating(rows * grid.Width.Kernel),
                result[start..end]);
        else result[start..end].Clear();
        for (var i = start == 0 ? end : 0; i < source.Length; i = i + 1 == start ? end : i + 1)
        {
            var count = rows * grid.Width.Taps(i, _countPadding);
            result[i] = count == 0 ? T.Zero : source[i] / T.CreateTruncating(count);
        }
    }
}
