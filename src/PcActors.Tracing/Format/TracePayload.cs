using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using PcActors.Functions;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Tracing.Format;

/// <summary>The elements that a message carried, copied at its arrival: a whole tensor, or
/// products to be carried out and added, left to right, to a first term if there is one.</summary>
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
        return new PullBack<T>(null, null,
            FactoredSum<T>.Of(Whole is null ? null : TensorOf<T>(shape, Whole), [.. products]));
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

/// <summary>A product that has not been carried out: op(left) op(right), as in
/// <see cref="FactoredProduct{T}"/>.</summary>
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

/// <summary>What a parameter's optimizer had gathered when the message that carried it arrived.</summary>
/// <param name="Updates">Updates that the parameter had made.</param>
/// <param name="Hash">Of the elements.</param>
/// <param name="Elements">Of each of the optimizer's tensors, row-major, little-endian; all have
/// the parameter's shape.</param>
public sealed record TraceState(long Updates, ulong Hash, IReadOnlyList<byte[]> Elements)
{
    internal static TraceState Of<T>(ParameterSnapshot<T> snapshot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<byte[]> elements = [.. snapshot.OptimizerState.Select(t => Parameters.LittleEndian(t).ToArray())];
        return new TraceState(snapshot.Updates, TraceHash.Of(elements), elements);
    }

    /// <summary>What a parameter of a value goes on from.</summary>
    /// <exception cref="ShapeException">The bytes do not fill the value's shape.</exception>
    internal ParameterSnapshot<T> ToSnapshot<T>(Tensor<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(value, Updates, [.. Elements.Select(e => TracePayload.TensorOf<T>(value.Shape, e))]);
}

/// <summary>The hash of what a message carries: XXH3 (64 bits) of the tensor's bytes, row-major,
/// little-endian, with seed 0. Of several tensors, each is hashed with the hash of the one before as its seed: a sum's
/// first term, then left and right factors.</summary>
internal static class TraceHash
{
    /// <summary>A tensor's hash.</summary>
    public static ulong Of<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Append(0, Parameters.LittleEndian(tensor));

    /// <summary>A pull-back's hash, in the form in which it travels.</summary>
    public static ulong Of<T>(PullBack<T> error)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (error.Whole is { } whole) return Of(whole);
        if (error.Factors is { } factors) return Append(0, factors);
        var (start, terms) = error.Sum!.Parts();
        var hash = start is null ? 0 : Of(start);
        foreach (var term in terms) hash = Append(hash, term);
        return hash;
    }

    /// <summary>A recorded payload's hash.</summary>
    public static ulong Of(TracePayload payload)
    {
        var hash = payload.Whole is { } whole ? Append(0, whole) : 0;
        foreach (var product in payload.Products)
            hash = Append(Append(hash, product.Left.Elements), product.Right.Elements);
        return hash;
    }

    /// <summary>The hash of tensors' elements, one after the other.</summary>
    public static ulong Of(IReadOnlyList<byte[]> tensors) =>
        tensors.Aggregate(0UL, (hash, elements) => Append(hash, elements));

    private static ulong Append<T>(ulong hash, FactoredProduct<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Append(Append(hash, Parameters.LittleEndian(product.Left)), Parameters.LittleEndian(product.Right));

    private static ulong Append(ulong hash, ReadOnlySpan<byte> bytes) =>
        XxHash3.HashToUInt64(bytes, unchecked((long)hash));
}
