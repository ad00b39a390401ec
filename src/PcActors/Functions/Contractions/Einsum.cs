using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Einsum: the sum of products of the inputs' elements over all labels of the equation that its result lacks.</summary>
/// <remarks>Attribute: equation. Two operands are joined by the matrix product, after their axes are brought into order; more than
/// two from the first to the last. The pull-back to an input is an Einsum too: of the other inputs and the error, to the input's
/// labels.</remarks>
public sealed class Einsum<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly EinsumEquation _equation;

    // A pure function of the shapes, remembered: whichever thread makes it, it is the same.
    private volatile EinsumPlan? _plan;

    /// <summary>An Einsum with the equation given.</summary>
    /// <exception cref="AttributeException">The equation is missing or is none.</exception>
    public Einsum(Attributes attributes)
    {
        Attributes = attributes;
        if (!attributes.Has("equation")) throw new AttributeException("the attribute 'equation' is missing");
        _equation = new EinsumEquation(attributes.Text("equation", ""));
    }

    /// <inheritdoc/>
    public override string OperatorType => "Einsum";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override int MinInputs => _equation.Operands.Length;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        try
        {
            return Plan(inputs).Shape;
        }
        catch (ShapeException misfit)
        {
            throw Misfit(misfit.Message);
        }
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        Plan(inputs).Contraction.Run(inputs, null, prediction.Writable);

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        Plan(inputs).PullBack(input).Run(inputs, error, result.Writable);

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => Plan(inputs).Contraction.Cost + prediction.Length;

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        Plan(inputs).PullBack(input).Cost + inputs[input].Length;

    private EinsumPlan Plan(ReadOnlySpan<Tensor<T>> inputs)
    {
        var plan = _plan;
        if (plan is not null && plan.IsFor(inputs)) return plan;
        var shapes = new Shape[inputs.Length];
        for (var i = 0; i < shapes.Length; i++) shapes[i] = inputs[i].Shape;
        return _plan = Plan(shapes);
    }

    private EinsumPlan Plan(ReadOnlySpan<Shape> shapes) => new(_equation, shapes);
}
