using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>The four arithmetic operations on a run, where either operand may be one element that serves the whole run.</summary>
/// <remarks>Each is one correctly rounded operation an element, so its bits do not depend on the vector width.</remarks>
internal static class Elements
{
    /// <summary>x + y.</summary>
    public static void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length == y.Length) TensorPrimitives.Add(x, y, result);
        else if (y.Length == 1) TensorPrimitives.Add(x, y[0], result);
        else TensorPrimitives.Add(y, x[0], result);
    }

    /// <summary>x - y.</summary>
    public static void Subtract<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length == y.Length) TensorPrimitives.Subtract(x, y, result);
        else if (y.Length == 1) TensorPrimitives.Subtract(x, y[0], result);
        else TensorPrimitives.Subtract(x[0], y, result);
    }

    /// <summary>x y.</summary>
    public static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length == y.Length) TensorPrimitives.Multiply(x, y, result);
        else if (y.Length == 1) TensorPrimitives.Multiply(x, y[0], result);
        else TensorPrimitives.Multiply(y, x[0], result);
    }

    /// <summary>x / y.</summary>
    public static void Divide<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length == y.Length) TensorPrimitives.Divide(x, y, result);
        else if (y.Length == 1) TensorPrimitives.Divide(x, y[0], result);
        else TensorPrimitives.Divide(x[0], y, result);
    }
}
