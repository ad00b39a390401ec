using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>ONNX Cast: the elements as another type.</summary>
/// <remarks>
/// <para>Attributes: to, which must be set; element_type ("float"), the input's; saturate, which float8 alone would need.
/// Both types are named by text, as "int64" or "bool".</para>
/// <para>T serves for every floating-point type, so a cast to one changes nothing. A cast to whole numbers truncates, and
/// wraps round beyond the type's range, NaN and infinity becoming 0; a cast to bool gives 1 for everything but 0. Between floating-point
/// types the pull-back is the error; elsewhere there is none.</para>
/// </remarks>
public sealed class Cast<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ElementType _from;
    private readonly ElementType _to;

    /// <summary>A Cast with the attributes given.</summary>
    /// <exception cref="AttributeException">The type is missing or unknown.</exception>
    public Cast(Attributes attributes)
    {
        Attributes = attributes;
        if (!attributes.Has("to")) throw new AttributeException("the attribute 'to' is missing");
        _from = ElementType.Of(attributes);
        _to = ElementType.Of(attributes, "to");
    }

    /// <inheritdoc/>
    public override string OperatorType => "Cast";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override int MinInputs => 1;

    /// <inheritdoc/>
    public override bool IsView => _from.IsFloat && _to.IsFloat;

    /// <inheritdoc/>
    public override bool IsDifferentiable(int input) => IsView;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0];
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0].Span;
        var mu = prediction.Writable;
        if (_to.IsFloat) x.CopyTo(mu);
        else if (_to.IsBool)
        {
            for (var i = 0; i < mu.Length; i++) mu[i] = x[i] != T.Zero ? T.One : T.Zero;
        }
        else
        {
            for (var i = 0; i < mu.Length; i++) mu[i] = Precision.Narrow<T>(Whole(Precision.Widen(x[i])));
        }
    }

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (IsView) error.Span.CopyTo(result.Writable);
        else result.Writable.Clear();
    }

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => IsView ? 0 : prediction.Length;

    private double Whole(double x)
    {
        if (!double.IsFinite(x)) return 0;
        var whole = double.Truncate(x);
        var range = 2.0 * (1UL << (_to.Bits - 1));
        var low = _to.IsSigned ? -range / 2 : 0;
        return whole - (range * double.Floor((whole - low) / range));
    }
}
