using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Random numbers.</summary>
internal static class RandomOperators
{
    private const string Remark = "drawn as Dropout's mask is; nothing is pulled back";

    public static Operator[] All =>
    [
        new("Bernoulli", typeof(Bernoulli<>)) { Attributes = Common, Since = 15, Remark = Remark },
        new("Multinomial", typeof(Multinomial<>))
        {
            Attributes = [.. Common, Integer("sample_size", 1, 0, int.MaxValue)], Output = OutputKind.Indices,
            Since = 7, Remark = Remark,
        },
        new("RandomNormalLike", typeof(RandomNormalLike<>))
        {
            Attributes = [.. Common, Float("mean", 0), Float("scale", 1)], Remark = Remark,
        },
        new("RandomUniformLike", typeof(RandomUniformLike<>))
        {
            Attributes = [.. Common, Float("high", 1), Float("low", 0)], Remark = Remark,
        },
    ];

    private static OperatorAttribute[] Common => [Text("dtype"), Float("seed", 0)];
}

/// <summary>A function whose values are random numbers. Nothing is pulled back.</summary>
/// <remarks>Attributes: seed (0), of which the whole part counts; dtype, the type of the result in a model file.
/// Alone and in a network's predictions it draws from the attribute's seed; while a network learns, anew for each step,
/// micro-batch and vertex.</remarks>
internal abstract class RandomFunction<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private uint _seed = (uint)long.CreateSaturating(settings.Float("seed"));

    public sealed override bool IsDrawn => true;

    public sealed override bool IsDifferentiable(int input) => false;

    public sealed override ElementaryFunction<T> Drawn(ulong? seed)
    {
        var drawn = (RandomFunction<T>)MemberwiseClone();
        drawn._seed = (uint)((seed ?? 0) + _seed);
        return drawn;
    }

    [SkipLocalsInit]
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var numbers = new MersenneTwister(_seed, stackalloc uint[MersenneTwister.Size]);
        Draw(ref numbers, inputs[0], prediction.Writable);
    }

    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        result.Writable.Clear();

    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (long)Flops.Transcendental * prediction.Length;

    /// <summary>Draws the values.</summary>
    protected abstract void Draw(ref MersenneTwister numbers, Tensor<T> input, Span<T> result);
}

/// <summary>ONNX RandomUniformLike: numbers between low (0) and high (1), as many as the input has elements.</summary>
internal sealed class RandomUniformLike<T>(OperatorSettings settings) : RandomFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _low = settings.Float("low");
    private readonly double _width = settings.Float("high") - settings.Float("low");

    protected override void Draw(ref MersenneTwister numbers, Tensor<T> input, Span<T> result)
    {
        foreach (ref var element in result)
            element = Precision.Narrow<T>(double.FusedMultiplyAdd(numbers.NextDouble(), _width, _low));
    }
}

/// <summary>ONNX RandomNormalLike: normally distributed numbers of a mean (0) and a standard deviation, scale (1), as
/// many as the input has elements.</summary>
/// <remarks>By Marsaglia's polar method, two at a time, as NumPy's <c>RandomState</c> draws them.</remarks>
internal sealed class RandomNormalLike<T>(OperatorSettings settings) : RandomFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _mean = settings.Float("mean");
    private readonly double _scale = settings.Float("scale");

    protected override void Draw(ref MersenneTwister numbers, Tensor<T> input, Span<T> result)
    {
        for (var i = 0; i < result.Length; i += 2)
        {
            double u, v, square;
            do
            {
                u = (2 * numbers.NextDouble()) - 1;
                v = (2 * numbers.NextDouble()) - 1;
                square = (u * u) + (v * v);
            }
            while (square >= 1 || square == 0);
            var factor = double.Sqrt(-2 * Logarithm.Log(square) / square);
            result[i] = Precision.Narrow<T>(_mean + (_scale * factor * v));
            if (i + 1 < result.Length) result[i + 1] = Precision.Narrow<T>(_mean + (_scale * factor * u));
        }
    }
}

/// <summary>ONNX Bernoulli: 1 with the probability that an element is, else 0.</summary>
internal sealed class Bernoulli<T>(OperatorSettings settings) : RandomFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Draw(ref MersenneTwister numbers, Tensor<T> input, Span<T> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = numbers.NextDouble() < Precision.Widen(input.Span[i]) ? T.One : T.Zero;
    }
}

/// <summary>ONNX Multinomial: classes drawn by their logarithmic weights, sample_size (1) for each row.</summary>
internal sealed class Multinomial<T>(OperatorSettings settings) : RandomFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _samples = (int)settings.Integer("sample_size");

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0] is { Rank: 2 } x && (x[1] > 0 || x[0] == 0)
            ? new Shape(x[0], _samples)
            : throw Misfit($"X is {inputs[0]}; it must be [batch, classes]");
    }

    protected override void Draw(ref MersenneTwister numbers, Tensor<T> input, Span<T> result)
    {
        var classes = input.Shape[1];
        for (var i = 0; i < result.Length; i++)
        {
            var row = input.Span.Slice(i / _samples * classes, classes);
            var largest = double.NegativeInfinity;
            foreach (var logarithm in row) largest = Math.Max(largest, Precision.Widen(logarithm));
            var sum = 0.0;
            foreach (var logarithm in row) sum += Exponential.Exp(Precision.Widen(logarithm) - largest);
            var left = numbers.NextDouble() * sum;
            var chosen = 0;
            for (; chosen < classes - 1; chosen++)
            {
                left -= Exponential.Exp(Precision.Widen(row[chosen]) - largest);
                if (left < 0) break;
            }
            result[i] = T.CreateChecked(chosen);
        }
    }
}
