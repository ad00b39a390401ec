using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>ONNX Clip: min(max(x, low), high), with bounds that are scalars and may be left out.</summary>
/// <remarks>
/// <para>Inputs: x, low, high. Attributes: absent (1: low is left out; 2: high), and, as up to opset 10, min and max for bounds
/// that are no inputs.</para>
/// <para>The pull-back is to x the error where x is within the bounds, both included; to low the sum of the errors where x is
/// below it (and it is below high); to high the sum where x is above it, or everywhere when it is below low.</para>
/// </remarks>
public sealed class Clip<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Terms are summed through a buffer of this size; it fixes the order of the sum.
    private const int Terms = 512;

    private readonly OptionalInputs _inputs;
    private readonly T _low;
    private readonly T _high;

    /// <summary>A Clip with the attributes given.</summary>
    /// <exception cref="AttributeException">What is absent is no bound.</exception>
    public Clip(Attributes attributes)
    {
        Attributes = attributes;
        _inputs = new OptionalInputs(attributes, 1, 3);
        _low = T.CreateSaturating(attributes.Float("min", double.NegativeInfinity));
        _high = T.CreateSaturating(attributes.Float("max", double.PositiveInfinity));
    }

    /// <inheritdoc/>
    public override string OperatorType => "Clip";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override int MinInputs => 1;

    /// <inheritdoc/>
    public override int MaxInputs => _inputs.Most;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        for (var input = 1; input < inputs.Length; input++)
        {
            if (inputs[input].Length != 1) throw Misfit($"a bound's shape is {inputs[input]}; it must be a scalar");
        }
        return inputs[0];
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var (low, high) = Bounds(inputs);
        var x = inputs[0].Span;
        var mu = prediction.Writable;
        for (var i = 0; i < mu.Length; i++) mu[i] = T.Min(T.Max(x[i], low), high);
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var bounds = Bounds(inputs);
        var position = _inputs.PositionOf(input);
        var x = inputs[0].Span;
        var eps = error.Span;
        var pulled = result.Writable;
        if (position == 0)
        {
            Choose(position, bounds, x, eps, pulled);
            return;
        }
        Span<T> terms = stackalloc T[Terms];
        pulled.Clear();
        for (var start = 0; start < x.Length; start += Terms)
        {
            var count = Math.Min(Terms, x.Length - start);
            Choose(position, bounds, x.Slice(start, count), eps.Slice(start, count), terms);
            pulled[0] += Reductions.Sum<T>(terms[..count]);
        }
    }

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 2L * prediction.Length;

    /// <summary>The errors that go to an input, in their places.</summary>
    private static void Choose(int position, (T Low, T High) bounds, ReadOnlySpan<T> x, ReadOnlySpan<T> error, Span<T> result)
    {
        var (low, high) = bounds;
        for (var i = 0; i < x.Length; i++)
        {
            var takes = position switch
            {
                0 => low <= x[i] && x[i] <= high,
                1 => x[i] < low && low < high,
                _ => x[i] > high || high < low,
            };
            result[i] = takes ? error[i] : T.Zero;
        }
    }

    private (T Low, T High) Bounds(ReadOnlySpan<Tensor<T>> inputs)
    {
        var (low, high) = (_inputs.InputAt(1, inputs.Length), _inputs.InputAt(2, inputs.Length));
        return (low > 0 ? inputs[low].Span[0] : _low, high > 0 ? inputs[high].Span[0] : _high);
    }
}
