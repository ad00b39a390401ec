using System.Numerics;

namespace PcActors.Tensors.Kernels;

/// <summary>Element-wise exp, log, tanh and the logistic function.</summary>
public static class Transcendental
{
    /// <summary>e^x of each element.</summary>
    public static void Exp<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < x.Length; i++) result[i] = T.Exp(x[i]);
    }

    /// <summary>The natural logarithm of each element.</summary>
    public static void Log<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < x.Length; i++) result[i] = T.Log(x[i]);
    }

    /// <summary>tanh of each element.</summary>
    public static void Tanh<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < x.Length; i++) result[i] = T.Tanh(x[i]);
    }

    /// <summary>1 / (1 + e^-x) of each element.</summary>
    public static void Sigmoid<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < x.Length; i++) result[i] = T.One / (T.One + T.Exp(-x[i]));
    }
}
