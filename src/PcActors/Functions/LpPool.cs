using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>ONNX LpPool: the p-norm of each window, the p-th root of the sum of |x|^p. Padding counts as 0.</summary>
/// <remarks>Attributes: kernel_shape, strides, pads, dilations, auto_pad, ceil_mode; p (2). The pull-back of a window's
/// error to an element is error sign(x) (|x| / mu)^(p - 1), and 0 where mu is 0.</remarks>
internal sealed class LpPool<T>(OperatorSettings settings) : PoolingFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long _p = settings.Integer("p");

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        var grid = Window.Grid(inputs[0].Shape);
        var length = PoolingFold<T, SumFold>.Buffer(grid.Width);
        var buffer = ArrayPool<T>.Shared.Rent(length + inputs[0].Length);
        var line = buffer.AsSpan(0, length);
        var powers = buffer.AsSpan(length, inputs[0].Length);
        var x = inputs[0].Span;
        for (var i = 0; i < powers.Length; i++) powers[i] = Power(T.Abs(x[i]), _p);
        PoolingFold<T, SumFold>.Prepare(line);
        foreach (var (start, depth, height, at) in grid.Rows(mu.Length))
        {
            var row = mu.Slice(at, grid.Width.Count);
            PoolingFold<T, SumFold>.Row(grid, depth, height, powers.Slice(start, grid.InputPlane), line, row);
            foreach (ref var sum in row) sum = Root(sum);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var pulled = result.Writable;
        pulled.Clear();
        if (error.Length == 0) return;
        var grid = Window.Grid(inputs[0].Shape);
        var buffer = ArrayPool<T>.Shared.Rent(grid.Width.Span + grid.Width.Count);
        var line = buffer.AsSpan(0, grid.Width.Span);
        var shares = buffer.AsSpan(grid.Width.Span, grid.Width.Count);
        foreach (var (start, depth, height, at) in grid.Rows(error.Length))
        {
            for (var i = 0; i < shares.Length; i++)
            {
                var norm = prediction.Span[at + i];
                shares[i] = norm == T.Zero ? T.Zero : error.Span[at + i] / Power(norm, _p - 1);
            }
            PoolingSpread<T>.Along(grid.Width, shares, line);
            PoolingSpread<T>.AddToRows(grid, depth, height, line.Slice(grid.Width.Before, grid.Width.Covered),
                pulled.Slice(start, grid.InputPlane));
        }
        ArrayPool<T>.Shared.Return(buffer);
        var x = inputs[0].Span;
        for (var i = 0; i < pulled.Length; i++)
        {
            var slope = x[i] == T.Zero ? T.Zero : T.CopySign(Power(T.Abs(x[i]), _p - 1), x[i]);
            pulled[i] *= slope;
        }
    }

    private static T Power(T x, long p) => p switch
    {
        0 => T.One,
        1 => x,
        2 => x * x,
        _ => Precision.Narrow<T>(WholePower.Of(Precision.Widen(x), p)),
    };

    private T Root(T sum) => _p switch
    {
        1 => sum,
        2 => T.Sqrt(sum),
        _ => Precision.Narrow<T>(Tensors.Kernels.Scalars.Power.Pow(Precision.Widen(sum), 1.0 / _p)),
    };
}
