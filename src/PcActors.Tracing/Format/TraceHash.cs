using System.IO.Hashing;
using System.Numerics;
using PcActors.Functions;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Tracing.Format;

/// <summary>The hash of what a message carries: XXH3 (64 bits) of the tensor's bytes, row-major, little-endian, with seed 0. Of several
/// tensors, each is hashed with the hash of the one before as its seed: a sum's first term, then left and right factors.</summary>
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
        foreach (var product in payload.Products) hash = Append(Append(hash, product.Left.Elements), product.Right.Elements);
        return hash;
    }

    private static ulong Append<T>(ulong hash, FactoredProduct<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Append(Append(hash, Parameters.LittleEndian(product.Left)), Parameters.LittleEndian(product.Right));

    private static ulong Append(ulong hash, ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes, unchecked((long)hash));
}
