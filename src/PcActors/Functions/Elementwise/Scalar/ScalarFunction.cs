using System.Numerics;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>A map carried out on each element: computed in float64 and rounded once, whatever T is.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TMap">The map.</typeparam>
internal sealed class ScalarFunction<T, TMap>(Attributes attributes) : UnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TMap : struct, IScalarMap<TMap>
{
    private readonly TMap _map = TMap.From(attributes);

    /// <inheritdoc/>
    public override string OperatorType => TMap.OperatorType;

    /// <inheritdoc/>
    public override Attributes Attributes { get; } = attributes;

    /// <inheritdoc/>
    protected override int ElementCost => TMap.Cost;

    /// <inheritdoc/>
    public override bool IsDifferentiable(int input) => TMap.IsDifferentiable;

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu)
    {
        var map = _map;
        for (var i = 0; i < mu.Length; i++) mu[i] = Precision.Narrow<T>(map.Value(Precision.Widen(x[i])));
    }

    /// <inheritdoc/>
    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        if (!TMap.IsDifferentiable)
        {
            result.Clear();
            return;
        }
        var map = _map;
        for (var i = 0; i < result.Length; i++)
        {
            var slope = map.Slope(Precision.Widen(x[i]), Precision.Widen(mu[i]));
            result[i] = Precision.Narrow<T>(slope * Precision.Widen(error[i]));
        }
    }
}
