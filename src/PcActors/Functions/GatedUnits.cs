using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels;
using static PcActors.Functions.OperatorAttribute;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Units that let an element pass by its own size.</summary>
internal static class GatedUnitOperators
{
    public static Operator[] All =>
    [
        Operator.Elementwise<Shrink>("Shrink") with
        {
            Attributes = [Float("bias", 0), Float("lambd", 0.5)], Since = 9, ElementCost = 2,
        },
        new("Swish", typeof(Swish<>))
        {
            Attributes = [Float("alpha", 1)], Since = 24, ElementCost = Flops.Transcendental + 2,
        },
    ];
}

/// <summary>ONNX Shrink: elements beyond lambd, in magnitude, moved by bias towards 0, and 0 for the others.</summary>
/// <remarks>Attributes: lambd (0.5), bias (0). The pull-back is the error beyond lambd, and 0 elsewhere.</remarks>
internal readonly struct Shrink(double lambd, double bias) : IScalarMap<Shrink>
{
    public static Shrink From(OperatorSettings settings) => new(settings.Float("lambd"), settings.Float("bias"));

    public double Value(double x) => x < -lambd ? x + bias : x > lambd ? x - bias : 0;

    public double Slope(double x, double mu) => x < -lambd || x > lambd ? 1 : 0;
}

/// <summary>ONNX Swish: x times the sigmoid of alpha x. Attribute: alpha (1).</summary>
/// <remarks>With s that sigmoid, the pull-back is (s + alpha x s (1 - s)) error.</remarks>
internal sealed class Swish<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int PartLength = 512;

    private readonly T _alpha = T.CreateChecked(settings.Float("alpha"));

    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu)
    {
        for (var start = 0; start < x.Length; start += PartLength)
        {
            var part = x.Slice(start, Math.Min(PartLength, x.Length - start));
            var result = mu.Slice(start, part.Length);
            Gate(part, result);
            TensorPrimitives.Multiply(result, part, result);
        }
    }

    [SkipLocalsInit]
    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        Span<T> buffer = stackalloc T[PartLength];
        for (var start = 0; start < x.Length; start += PartLength)
        {
            var part = x.Slice(start, Math.Min(PartLength, x.Length - start));
            var gate = buffer[..part.Length];
            var slope = result.Slice(start, part.Length);
            Gate(part, gate);
            // s + (1 - s) alpha mu: mu is x s.
            TensorPrimitives.Subtract(T.One, gate, slope);
            TensorPrimitives.Multiply(slope, mu.Slice(start, part.Length), slope);
            if (_alpha != T.One) TensorPrimitives.Multiply(slope, _alpha, slope);
            TensorPrimitives.Add(slope, gate, slope);
            TensorPrimitives.Multiply(slope, error.Slice(start, part.Length), slope);
        }
    }

    private void Gate(ReadOnlySpan<T> x, Span<T> result)
    {
        if (_alpha == T.One)
        {
            Transcendental.Sigmoid(x, result);
            return;
        }
        TensorPrimitives.Multiply(x, _alpha, result);
        Transcendental.Sigmoid<T>(result, result);
    }
}
