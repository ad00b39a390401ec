using System.Buffers;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX CumProd: the running product along an axis.</summary>
/// <remarks>
/// <para>The pull-back to an element is the product of those before it times r, where r = e + x' r' along the run
/// (x' and r' of the next element; with exclusive, the next one's e): without a division, so that zeros do no
/// harm.</para>
/// </remarks>
internal sealed class CumProd<T>(OperatorSettings settings) : RunningFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0].Span;
        var mu = prediction.Writable;
        var lines = new Lines(prediction.Shape, Along, Reverse);
        for (var line = 0; line < lines.Count; line++)
        {
            var product = T.One;
            for (var i = 0; i < lines.Extent; i++)
            {
                var at = lines.At(line, i);
                if (Exclusive) mu[at] = product;
                product *= x[at];
                if (!Exclusive) mu[at] = product;
            }
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var x = inputs[0].Span;
        var eps = error.Span;
        var pulled = result.Writable;
        var lines = new Lines(prediction.Shape, Along, Reverse);
        var before = ArrayPool<T>.Shared.Rent(Math.Max(1, lines.Extent));
        for (var line = 0; line < lines.Count; line++)
        {
            var product = T.One;
            for (var i = 0; i < lines.Extent; i++)
            {
                before[i] = product;
                product *= x[lines.At(line, i)];
            }
            var rest = T.Zero;
            for (var i = lines.Extent - 1; i >= 0; i--)
            {
                var at = lines.At(line, i);
                if (!Exclusive) rest += eps[at];
                pulled[at] = before[i] * rest;
                rest *= x[at];
                if (Exclusive) rest += eps[at];
            }
        }
        ArrayPool<T>.Shared.Return(before);
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        4L * prediction.Length;

    /// <summary>The slices of a shape along an axis, each in the order of the run.</summary>
    private readonly struct Lines
    {
        private readonly int _inner;
        private readonly bool _reverse;

        public Lines(Shape shape, int axis, bool reverse)
        {
            axis = shape.Axis(axis);
            (Extent, _inner, _reverse) = (shape[axis], shape.LengthOf(axis + 1, shape.Rank), reverse);
            Count = Extent == 0 ? 0 : shape.Length / Extent;
        }

        public int Extent { get; }

        public int Count { get; }

        public int At(int line, int i) =>
            (((line / _inner * Extent) + (_reverse ? Extent - 1 - i : i)) * _inner) + (line % _inner);
    }
}
