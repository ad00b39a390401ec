using System.Numerics;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>A condition on two inputs, element by element, with broadcasting: mu is 1 where it holds and 0 elsewhere.</summary>
/// <remarks>Nothing is pulled back.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TPredicate">The condition.</typeparam>
internal sealed class Condition<T, TPredicate> : BinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPredicate : struct, IPredicate
{
    /// <inheritdoc/>
    public override string OperatorType => TPredicate.OperatorType;

    /// <inheritdoc/>
    public override bool IsDifferentiable(int input) => false;

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu)
    {
        var (stepX, stepY) = (x.Length == 1 ? 0 : 1, y.Length == 1 ? 0 : 1);
        for (var i = 0; i < mu.Length; i++)
            mu[i] = TPredicate.Holds(Precision.Widen(x[i * stepX]), Precision.Widen(y[i * stepY])) ? T.One : T.Zero;
    }

    /// <inheritdoc/>
    protected override void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        result.Clear();
}
