using System.Numerics;
using PcActors.Tensors.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Functions of one element that have kernels of their own.</summary>
internal static class ElementKernelOperators
{
    public static Operator[] All =>
    [
        new("Abs", typeof(Abs<>)),
        new("Erf", typeof(Erf<>)) { ElementCost = 2 * Flops.Transcendental, Since = 9 },
        new("Exp", typeof(Exp<>)) { ElementCost = Flops.Transcendental },
        new("Log", typeof(Log<>)) { ElementCost = Flops.Transcendental },
        new("Neg", typeof(Neg<>)),
        new("Reciprocal", typeof(Reciprocal<>)),
        new("Relu", typeof(Relu<>)),
        new("Sigmoid", typeof(Sigmoid<>)) { ElementCost = Flops.Transcendental },
        new("Sqrt", typeof(Sqrt<>)),
        new("Tanh", typeof(Tanh<>)) { ElementCost = Flops.Transcendental },
    ];
}

/// <summary>ONNX Abs: |x| of each element. The pull-back is the error with x's sign, and 0 where x is 0.</summary>
internal sealed class Abs<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => TensorPrimitives.Abs(x, mu);

    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = x[i] > T.Zero ? error[i] : x[i] < T.Zero ? -error[i] : T.Zero;
    }
}

/// <summary>ONNX Erf: the error function of each element. The pull-back is 2 / sqrt(pi) e^(-x^2) error.</summary>
internal sealed class Erf<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => NormalKernels.Erf(x, mu);

    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        NormalKernels.ErfSlope(x, result);
        TensorPrimitives.Multiply(result, error, result);
    }
}

/// <summary>ONNX Exp: e^x of each element. The pull-back is mu error.</summary>
internal sealed class Exp<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected override int PullBackElementCost => Flops.OfValue;

    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => Transcendental.Exp(x, mu);

    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        TensorPrimitives.Multiply(mu, error, result);
}

/// <summary>ONNX Log: the natural logarithm of each element. The pull-back is error / x.</summary>
internal sealed class Log<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected override int PullBackElementCost => Flops.OfValue;

    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => Transcendental.Log(x, mu);

    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        TensorPrimitives.Divide(error, x, result);
}

/// <summary>ONNX Neg: -x of each element. The pull-back is -error.</summary>
internal sealed class Neg<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => TensorPrimitives.Negate(x, mu);

    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        TensorPrimitives.Negate(error, result);
}

/// <summary>ONNX Reciprocal: 1 / x of each element. The pull-back is -mu^2 error.</summary>
internal sealed class Reciprocal<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => TensorPrimitives.Divide(T.One, x, mu);

    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        TensorPrimitives.Multiply(mu, mu, result);
        TensorPrimitives.Multiply(error, result, result);
        TensorPrimitives.Negate(result, result);
    }
}

/// <summary>ONNX Relu: max(x, 0) of each element. The pull-back is the error where x &gt; 0, and 0 elsewhere.</summary>
internal sealed class Relu<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => Arithmetic.Relu(x, mu);

    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        Arithmetic.ReluPullBack(x, error, result);
}

/// <summary>ONNX Sigmoid: 1 / (1 + e^-x) of each element. The pull-back is mu (1 - mu) error.</summary>
internal sealed class Sigmoid<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected override int PullBackElementCost => Flops.OfValue;

    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => Transcendental.Sigmoid(x, mu);

    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        Arithmetic.SigmoidPullBack(mu, error, result);
}

/// <summary>ONNX Sqrt: the square root of each element. The pull-back is error / (2 mu).</summary>
internal sealed class Sqrt<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => TensorPrimitives.Sqrt(x, mu);

    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        TensorPrimitives.Add(mu, mu, result);
        TensorPrimitives.Divide(error, result, result);
    }
}

/// <summary>ONNX Tanh: the hyperbolic tangent of each element. The pull-back is (1 - mu^2) error.</summary>
internal sealed class Tanh<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected override int PullBackElementCost => Flops.OfValue;

    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => Transcendental.Tanh(x, mu);

    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        Arithmetic.TanhPullBack(mu, error, result);
}
