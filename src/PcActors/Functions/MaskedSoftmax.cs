using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>Attention's shares, which model files spell out as a scaling, a mask and a Softmax.</summary>
internal static class MaskedSoftmaxOperators
{
    /// <summary>The operator with a mask that is added.</summary>
    public const string Added = "MaskedSoftmax";

    /// <summary>The operator with a condition by which a number is filled in.</summary>
    public const string Filled = "FilledSoftmax";

    /// <summary>The attribute that says that X is divided by S, and not multiplied.</summary>
    public const string Divides = "divides";

    /// <summary>The attribute that says that the condition is true where X stays, and not where F is filled in.
    /// </summary>
    public const string Keeps = "keeps";

    public static Operator[] All =>
    [
        new(Added, typeof(MaskedSoftmax<>)) { Inputs = ["X", "M", Numbers("S?")], Attributes = [Flag(Divides)] },
        new(Filled, typeof(FilledSoftmax<>))
        {
            Inputs = ["X", Condition("C"), Numbers("F"), Numbers("S?")], Attributes = [Flag(Divides), Flag(Keeps)],
        },
    ];
}

/// <summary>Softmax over the last axis of S X + M, with the bits of Mul, Add and Softmax.</summary>
/// <remarks>X and mu are [..., N], M broadcasts to X's shape, and S, which may be absent, is one number. Attribute:
/// divides (0), for X / S + M. The pull-back to M is mu (error - sum(mu error)), summed over the axes along which M is
/// repeated; to X it is that times S, or over S.</remarks>
internal sealed class MaskedSoftmax<T>(OperatorSettings settings) : MaskedSoftmaxFunction<T>(settings, scaleAt: 2)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (input != 1 || error.Length == 0)
        {
            base.PullBack(input, inputs, prediction, error, result);
            return;
        }
        var buffer = ArrayPool<T>.Shared.Rent(error.Length);
        var pulled = buffer.AsSpan(0, error.Length);
        var length = error.Shape[-1];
        for (var start = 0; start < error.Length; start += length)
            Softmax<T>.PullBackRow(prediction.Span.Slice(start, length), error.Span.Slice(start, length),
                pulled.Slice(start, length));
        BroadcastSum.To(error.Shape, pulled, result);
        ArrayPool<T>.Shared.Return(buffer);
    }

    protected override void Mask(
        ReadOnlySpan<T> x, ReadOnlySpan<T> mask, ReadOnlySpan<Tensor<T>> inputs, Span<T> result) =>
        Elements.Add(x, mask, result);

    protected override void Unmask(Span<T> pulled, ReadOnlySpan<T> mask)
    {
    }
}

/// <summary>Softmax over the last axis of S X, where a condition puts a number in places of it, with the bits of Mul,
/// Where and Softmax.</summary>
/// <remarks>X and mu are [..., N], C broadcasts to X's shape, F is one number, and so is S, which may be absent.
/// Attributes: divides (0), for X / S; keeps (0), where C is true in the places that stay. The pull-back to X is
/// mu (error - sum(mu error)) times S, or over S, and 0 where F is.</remarks>
internal sealed class FilledSoftmax<T>(OperatorSettings settings) : MaskedSoftmaxFunction<T>(settings, scaleAt: 3)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _keeps = settings.Flag(MaskedSoftmaxOperators.Keeps);

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var shape = base.InferShape(inputs);
        RequireNumber("F", inputs[2], shape);
        return shape;
    }

    protected override void Mask(
        ReadOnlySpan<T> x, ReadOnlySpan<T> mask, ReadOnlySpan<Tensor<T>> inputs, Span<T> result)
    {
        var fill = inputs[2].Span;
        if (_keeps) Choice.Take(mask, x, fill, result);
        else Choice.Take(mask, fill, x, result);
    }

    protected override void Unmask(Span<T> pulled, ReadOnlySpan<T> mask)
    {
        if (_keeps) Choice.Take(mask, pulled, [T.Zero], pulled);
        else Choice.Take(mask, [T.Zero], pulled, pulled);
        // What Where pulls back has no -0.
        Elements.Add<T>(pulled, [T.Zero], pulled);
    }
}
