using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Contractions.</summary>
internal static class EinsumOperators
{
    public static Operator[] All =>
    [
        new("Einsum", typeof(Einsum<>))
        {
            Inputs = ["inputs..."], Attributes = [Text("equation").Required], Since = 12, Remark = "any equation",
        },
    ];
}

/// <summary>ONNX Einsum: the sum of products of the inputs' elements over all labels of the equation
/// that its result lacks.</summary>
/// <remarks>Attribute: equation. Two operands are joined by the matrix product, after their axes are
/// brought into order; more than two from the first to the last. The pull-back to an input is an Einsum too: of the
/// other inputs and the error, to the input's labels.</remarks>
internal sealed class Einsum<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly EinsumEquation _equation;

    // A pure function of the shapes, remembered: whichever thread makes it, it is the same.
    private volatile EinsumPlan? _plan;

    /// <summary>An Einsum with the equation given.</summary>
    /// <exception cref="AttributeException">The equation is missing or is none.</exception>
    public Einsum(OperatorSettings settings)
        : base(settings)
    {
        _equation = new EinsumEquation(settings.Text("equation"));
    }

    public override int MinInputs => _equation.Operands.Length;

    public override int MaxInputs => MinInputs;

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

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        Plan(inputs).Contraction.Run(inputs, null, prediction.Writable);

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        Plan(inputs).PullBack(input).Run(inputs, error, result.Writable);

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        Plan(inputs).Contraction.Cost + prediction.Length;

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
