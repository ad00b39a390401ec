using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>Indices as vectors.</summary>
internal static class OneHotOperators
{
    public static Operator[] All =>
    [
        new("OneHot", typeof(OneHot<>))
        {
            Inputs = [Indices("indices"), Of(Integer("depth", null, 0, int.MaxValue).Required), Setting("values")],
            Attributes = [Axis("axis", -1)], Output = OutputKind.AsLast, Since = 9, Remark = GatherOperators.Nothing,
        },
    ];
}

/// <summary>ONNX OneHot: a new axis along which an index's place holds one value and all others another.</summary>
/// <remarks>
/// <para>Inputs: the indices, negative to count from the end, and the two values, [off, on].
/// Attributes: depth, the new axis's extent, which must be set; axis (-1), where it stands in the result's shape. An
/// index outside the axis is nowhere on.</para>
/// <para>The pull-back to the values is the sum of the errors where each of them stands.</para>
/// </remarks>
internal sealed class OneHot<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _depth = (int)settings.Integer("depth");
    private readonly int _axis = settings.Axis("axis");

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var rank = inputs[0].Rank + 1;
        if (_axis < -rank || _axis >= rank) throw Misfit($"axis {_axis} is outside the result's {rank} axes");
        if (inputs[1].Length != 2) throw Misfit($"the values' shape is {inputs[1]}; there must be two, off and on");
        var axis = AxisIn(rank);
        return new Shape([.. inputs[0].Dimensions[..axis], _depth, .. inputs[0].Dimensions[axis..]]);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        mu.Fill(inputs[1].Span[0]);
        var inner = Inner(prediction.Shape);
        for (var i = 0; i < inputs[0].Length; i++)
        {
            var at = Place(inputs[0].Span[i], i, inner);
            if (at >= 0) mu[at] = inputs[1].Span[1];
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var pulled = result.Writable;
        pulled.Clear();
        if (input == 0 || error.Length == 0) return;
        var eps = error.Span;
        var inner = Inner(error.Shape);
        for (var i = 0; i < inputs[0].Length; i++)
        {
            var on = Place(inputs[0].Span[i], i, inner);
            var first = (i / inner * _depth * inner) + (i % inner);
            for (var at = first; at < first + (_depth * inner); at += inner) pulled[at == on ? 1 : 0] += eps[at];
        }
    }

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;

    private int AxisIn(int rank) => _axis < 0 ? _axis + rank : _axis;

    /// <summary>Elements of the result from one index of the new axis to the next.</summary>
    private int Inner(Shape result) => result.LengthOf(AxisIn(result.Rank) + 1, result.Rank);

    /// <summary>Where the i-th index is on, or -1.</summary>
    private int Place(T index, int i, int inner)
    {
        var number = int.CreateSaturating(index);
        if (T.IsNaN(index) || number < -_depth || number >= _depth) return -1;
        var own = number < 0 ? number + _depth : number;
        return (((i / inner * _depth) + own) * inner) + (i % inner);
    }
}
