using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Learning;

/// <summary>Parameters as their users know them: whole, by name.</summary>
public static class Parameters
{
    /// <summary>A graph's parameters with blocks joined, in graph order.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="value">The value of a parameter vertex, by id.</param>
    public static IReadOnlyList<NamedTensor<T>> Join<T>(Graph<T> graph, Func<int, Tensor<T>> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var whole = new List<NamedTensor<T>>();
        foreach (var group in graph.Parameters.GroupBy(v => v.Block?.Parameter ?? v.Name, StringComparer.Ordinal))
        {
            var parts = group.ToList();
            whole.Add(new NamedTensor<T>(group.Key, parts[0].Block is null
                ? value(parts[0].Id)
                : ParameterBlocks.Join([.. parts.Select(v => (v.Block!, value(v.Id)))])));
        }
        return whole;
    }

    /// <summary>SHA-256 of all parameters, in order, row-major, little-endian: the handle by which
    /// two runs are compared.</summary>
    public static string Sha256<T>(IEnumerable<NamedTensor<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in parameters) hash.AppendData(LittleEndian(parameter.Value));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A tensor's elements as bytes, row-major, little-endian.</summary>
    internal static ReadOnlySpan<byte> LittleEndian<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var bytes = MemoryMarshal.AsBytes(tensor.Span);
        if (BitConverter.IsLittleEndian) return bytes;
        var reversed = bytes.ToArray();
        var size = reversed.Length / Math.Max(tensor.Length, 1);
        for (var i = 0; i < reversed.Length; i += size) reversed.AsSpan(i, size).Reverse();
        return reversed;
    }
}

/// <summary>A parameter by its name.</summary>
public sealed record NamedTensor<T>(string Name, Tensor<T> Value)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
