using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Runs;

/// <summary>What a vertex is clamped to.</summary>
/// <param name="Value">The value, samples along the outermost axis: of the root the
/// target, in the loss's form. Where it is free it starts there. Null to leave the vertex free.</param>
/// <param name="Mask">Of the value's shape: 1 where it is clamped, 0 where it is free; null for everywhere.</param>
public sealed record Clamp<T>(Tensor<T>? Value, Tensor<T>? Mask = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
