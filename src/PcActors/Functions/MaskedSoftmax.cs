using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Attention's shares, which model files spell out as a scaling, a mask and a Softmax.</summary>
internal static class MaskedSoftmaxOperators
{
    /// <summary>The operator.</summary>
    public const string Name = "MaskedSoftmax";

    /// <summary>The attribute that says that X is divided by S, and not multiplied.</summary>
    public const string Divides = "divides";

    public static Operator[] All =>
    [
        new(Name, typeof(MaskedSoftmax<>))
        {
            Inputs = ["X", "M", OperatorInput.Numbers("S?")], Attributes = [Flag(Divides)],
            ElementCost = Flops.Transcendental + 6,
        },
    ];
}

/// <summary>Softmax over the last axis of S X + M, with the bits of Mul, Add and Softmax.</summary>
/// <remarks>X and mu are [..., N], M broadcasts to X's shape, and S, which may be absent, is one number. Attribute:
/// divides (0), for X / S + M. The pull-back to M is mu (error - sum(mu error)), summed over the axes along which M is
/// repeated; to X it is that times S, or over S.</remarks>
internal sealed class MaskedSoftmax<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _cost = settings.Operator.ElementCost;
    private readonly bool _divides = settings.Flag(MaskedSoftmaxOperators.Divides);

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        if (inputs[0].Rank == 0) throw Misfit("X is a scalar; it must have an axis");
        if (!BroadcastShape(inputs[0], inputs[1]).Equals(inputs[0]))
            throw Misfit($"X is {inputs[0]} and M is {inputs[1]}, which must broadcast to X's shape");
        if (inputs.Length > 2 && inputs[2].Length != 1) throw Misfit($"S is {inputs[2]}; it must be one number");
        return inputs[0];
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var rows = prediction.Length / prediction.Shape[-1];
        var parts = KernelThreads.PartsOfElements(_cost, prediction.Length, rows);
        if (parts == 1) Predict(inputs, prediction, 0, rows);
        else Predict(parts, rows, inputs.ToArray(), prediction);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (input == 1 && result.Length != error.Length) PullBackToRepeated(prediction, error, result);
        else if (input > 1 || error.Length == 0) result.Writable.Clear();
        else
        {
            var scale = input == 0 && inputs.Length > 2 ? inputs[2] : null;
            var rows = error.Length / error.Shape[-1];
            var parts = KernelThreads.PartsOfElements(Flops.OfValue, error.Length, rows);
            if (parts == 1) PullBack(scale, prediction.Span, error.Span, result.Writable, error.Shape[-1]);
            else PullBack(parts, rows, scale, prediction, error, result);
        }
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => (long)_cost * prediction.Length;

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        input > 1 ? 0 : 5L * prediction.Length;

    private void Predict(int parts, int rows, Tensor<T>[] inputs, Tensor<T> prediction) =>
        KernelThreads.Run(parts, part => Predict(inputs, prediction,
            KernelThreads.Start(part, parts, rows), KernelThreads.Start(part + 1, parts, rows)));

    private void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, int first, int end)
    {
        var x = inputs[0].Span;
        var mask = inputs[1].Span;
        var length = prediction.Shape[-1];
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(prediction.Shape.Rank, 1)];
        var loop = StridedLoop.Broadcast(prediction.Shape, scratch, inputs[1].Shape);
        // A run is one row, or several whole ones.
        loop.GoTo(first * length / loop.Run);
        for (var row = first; row < end; row++)
        {
            var start = row * length;
            if (start == loop.Position + loop.Run) loop.Next();
            var mu = prediction.Writable.Slice(start, length);
            var masked = loop.Operand(0, mask);
            if (masked.Length > 1) masked = masked.Slice(start - loop.Position, length);
            if (inputs.Length > 2) Scale(x.Slice(start, length), inputs[2].Span, mu);
            Elements.Add(inputs.Length > 2 ? mu : x.Slice(start, length), masked, mu);
            Softmax<T>.Normalise(mu, mu);
        }
    }

    private void PullBack(
        int parts, int rows, Tensor<T>? scale, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        KernelThreads.Run(parts, part =>
        {
            var length = error.Shape[-1];
            var range = (KernelThreads.Start(part, parts, rows) * length)..
                (KernelThreads.Start(part + 1, parts, rows) * length);
            PullBack(scale, prediction.Span[range], error.Span[range], result.Writable[range], length);
        });

    private void PullBack(Tensor<T>? scale, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result, int length)
    {
        for (var start = 0; start < error.Length; start += length)
        {
            var pulled = result.Slice(start, length);
            Softmax<T>.PullBackRow(mu.Slice(start, length), error.Slice(start, length), pulled);
            if (scale is not null) Scale(pulled, scale.Span, pulled);
        }
    }

    private void PullBackToRepeated(Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (error.Length == 0 || result.Length == 0)
        {
            result.Writable.Clear();
            return;
        }
        var buffer = ArrayPool<T>.Shared.Rent(error.Length);
        var pulled = buffer.AsSpan(0, error.Length);
        PullBack(null, prediction.Span, error.Span, pulled, error.Shape[-1]);
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(error.Shape.Rank, 1)];
        BroadcastSum.Over(StridedLoop.Broadcast(error.Shape, scratch, result.Shape), pulled, result.Writable);
        ArrayPool<T>.Shared.Return(buffer);
    }

    private void Scale(ReadOnlySpan<T> x, ReadOnlySpan<T> scale, Span<T> result)
    {
        if (_divides) Elements.Divide(x, scale, result);
        else Elements.Multiply(x, scale, result);
    }
}
