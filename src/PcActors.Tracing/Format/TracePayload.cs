using System.Numerics;
using System.Runtime.InteropServices;
using PcActors.Functions;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Tracing.Format;

/// <summary>The elements that a message carried, copied at its arrival: a whole tensor, or products to be carried out and added,
/// left to right, to a first term if there is one.</summary>
/// <param name="Whole">The tensor, or a sum's first term; row-major, little-endian. Null when there is none.</param>
/// <param name="Products">Products; empty for a whole tensor.</param>
public sealed record TracePayload(byte[]? Whole, IReadOnlyList<TraceProduct> Products)
{
    /// <summary>A whole tensor's payload.</summary>
    public static TracePayload Of<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(Parameters.LittleEndian(tensor).ToArray(), []);

    /// <summary>A pull-back's payload.</summary>
    public static TracePayload Of<T>(PullBack<T> error)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (error.Whole is { } whole) return Of(whole);
        if (error.Factors is { } factors) return new TracePayload(null, [TraceProduct.Of(factors)]);
        var (start, terms) = error.Sum!.Parts();
        return new TracePayload(start is null ? null : Of(start).Whole, [.. terms.Select(TraceProduct.Of)]);
    }

    /// <summary>The tensor of a whole payload.</summary>
    /// <param name="shape">Its shape, from the record.</param>
    /// <exception cref="InvalidOperationException">The payload is factored.</exception>
    /// <exception cref="ShapeException">The bytes do not fill the shape.</exception>
    public Tensor<T> ToTensor<T>(Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Whole is not null && Products.Count == 0
            ? TensorOf<T>(shape, Whole)
            : throw new InvalidOperationException("the payload is factored");

    /// <summary>The pull-back, in the form in which it travelled.</summary>
    /// <param name="shape">Its shape, from the record.</param>
    /// <exception cref="ShapeException">The bytes do not fill the shape.</exception>
    public PullBack<T> ToPullBack<T>(Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Products.Count == 0) return new PullBack<T>(ToTensor<T>(shape), null);
        var products = Products.Select(p => p.ToProduct<T>(shape)).ToList();
        if (Whole is null && products is [var only]) return new PullBack<T>(null, only);
        return new PullBack<T>(null, null, FactoredSum<T>.Of(Whole is null ? null : TensorOf<T>(shape, Whole), [.. products]));
    }

    internal static Tensor<T> TensorOf<T>(Shape shape, byte[] bytes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var elements = MemoryMarshal.Cast<byte, T>(bytes);
        if (BitConverter.IsLittleEndian) return Tensor<T>.From(shape, elements);
        var reversed = bytes.ToArray();
        var size = reversed.Length / Math.Max(elements.Length, 1);
        for (var i = 0; i < reversed.Length; i += size) reversed.AsSpan(i, size).Reverse();
        return Tensor<T>.From(shape, MemoryMarshal.Cast<byte, T>(reversed));
    }
}

/// <summary>A product that has not been carried out: op(left) op(right), as in <see cref="FactoredProduct{T}"/>.</summary>
public sealed record TraceProduct(TraceFactor Left, TraceFactor Right)
{
    internal static TraceProduct Of<T>(FactoredProduct<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(
            TraceFactor.Of(product.Left, product.LeftRows, product.TransposeLeft),
            TraceFactor.Of(product.Right, product.RightRows, product.TransposeRight));

    internal FactoredProduct<T> ToProduct<T>(Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(Left.ToTensor<T>(), Left.Rows, Left.Transposed, Right.ToTensor<T>(), Right.Rows, Right.Transposed, shape);
}

/// <summary>One factor.</summary>
/// <param name="Rows">Rows of the matrix as it lies in memory.</param>
/// <param name="Transposed">Whether it enters the product transposed.</param>
/// <param name="Shape">The tensor's shape.</param>
/// <param name="Elements">Row-major, little-endian.</param>
public sealed record TraceFactor(int Rows, bool Transposed, Shape Shape, byte[] Elements)
{
    internal static TraceFactor Of<T>(Tensor<T> tensor, int rows, bool transposed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(rows, transposed, tensor.Shape, Parameters.LittleEndian(tensor).ToArray());

    internal Tensor<T> ToTensor<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TracePayload.TensorOf<T>(Shape, Elements);
}
