using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Functions;

/// <summary>A function of each element of one input by itself: mu and x have the same shape.</summary>
/// <remarks>An operator gives its map and its pull-back on spans of equal length. They may be called with
/// parts of the tensors, on several threads at once: an element's result depends on nothing but its own
/// operands.</remarks>
public abstract class UnaryFunction<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _cost = settings.Operator.ElementCost;

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var parts = KernelThreads.PartsOfFunction<T>(_cost, 2, prediction.Length, prediction.Length, IsScalar);
        if (parts == 1) Predict(inputs[0].Span, prediction.Writable);
        else Predict(parts, inputs[0], prediction);
    }

    /// <inheritdoc/>
    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var parts = KernelThreads.PartsOfFunction<T>(
            PullBackElementCost, 4, error.Length, error.Length, IsScalar);
        if (parts == 1) PullBack(inputs[0].Span, prediction.Span, error.Span, result.Writable);
        else PullBack(parts, inputs[0], prediction, error, result);
    }

    /// <inheritdoc/>
    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => (long)_cost * prediction.Length;

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (long)Flops.OfValue * prediction.Length;

    /// <summary>What an element's pull-back takes, in the unit of <see cref="Operator.ElementCost"/>: as much as its
    /// value, unless it is made of that.</summary>
    private protected virtual int PullBackElementCost => _cost;

    /// <summary>Whether it is carried out on one number at a time.</summary>
    internal virtual bool IsScalar => false;

    /// <summary>mu of each x, of a part of the elements.</summary>
    internal void Map(ReadOnlySpan<T> x, Span<T> mu) => Predict(x, mu);

    /// <summary>(dmu / dx) error of each element, of a part of them.</summary>
    internal void MapBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        PullBack(x, mu, error, result);

    /// <summary>mu of each x.</summary>
    protected abstract void Predict(ReadOnlySpan<T> x, Span<T> mu);

    /// <summary>(dmu / dx) error of each element.</summary>
    protected abstract void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result);

    private void Predict(int parts, Tensor<T> x, Tensor<T> prediction) => KernelThreads.Run(parts, part =>
    {
        var range = KernelThreads.RangeOf(part, parts, x.Length);
        Predict(x.Span[range], prediction.Writable[range]);
    });

    private void PullBack(int parts, Tensor<T> x, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        KernelThreads.Run(parts, part =>
        {
            var range = KernelThreads.RangeOf(part, parts, x.Length);
            PullBack(x.Span[range], prediction.Span[range], error.Span[range], result.Writable[range]);
        });
}

/// <summary>A function of one number with its derivative, in float64. A new element-wise
/// operator is such a struct.</summary>
/// <typeparam name="TSelf">The struct itself.</typeparam>
public interface IScalarMap<TSelf>
    where TSelf : struct, IScalarMap<TSelf>
{
    /// <summary>The function with the attributes given.</summary>
    static virtual TSelf From(OperatorSettings settings) => default;

    /// <summary>mu.</summary>
    double Value(double x);

    /// <summary>dmu / dx.</summary>
    double Slope(double x, double mu);
}

/// <summary>A map carried out on each element: computed in float64 and rounded once, whatever T is.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TMap">The map.</typeparam>
internal sealed class ScalarFunction<T, TMap>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TMap : struct, IScalarMap<TMap>
{
    private readonly TMap _map = TMap.From(settings);

    internal override bool IsScalar => true;

    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu)
    {
        var map = _map;
        for (var i = 0; i < mu.Length; i++) mu[i] = Precision.Narrow<T>(map.Value(Precision.Widen(x[i])));
    }

    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        if (!IsDifferentiable(0))
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
