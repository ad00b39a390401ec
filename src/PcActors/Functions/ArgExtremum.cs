using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Where the largest and the smallest elements are.</summary>
internal static class ArgExtremumOperators
{
    public static Operator[] All => [Of("ArgMax"), Of("ArgMin")];

    private static Operator Of(string name) => new(name, typeof(ArgExtremum<>))
    {
        Inputs = ["data"],
        Attributes = [Axis("axis", 0), Flag("keepdims", true), Flag("select_last_index")],
        Output = OutputKind.Indices,
        Remark = "indices; nothing is pulled back",
    };
}

/// <summary>ONNX ArgMax and ArgMin: the index of the largest or smallest element along an axis. Nothing is pulled
/// back.</summary>
/// <remarks>Attributes: axis (0); keepdims (1): whether the axis stays, with extent 1; select_last_index (0): which of
/// equal elements it is, the first or the last. NaN counts as the extreme, as in NumPy.</remarks>
internal sealed class ArgExtremum<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis = settings.Axis("axis");
    private readonly bool _keepDimensions = settings.Flag("keepdims");
    private readonly bool _last = settings.Flag("select_last_index");
    private readonly bool _isMax = settings.Operator.Name == "ArgMax";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var axis = AxisOf(inputs[0], _axis);
        if (inputs[0].Dimensions[axis] == 0)
            throw Misfit($"the input's shape is {inputs[0]}; there is nothing along axis {axis} to choose from");
        return _keepDimensions
            ? inputs[0].With(axis, 1)
            : new Shape([.. inputs[0].Dimensions[..axis], .. inputs[0].Dimensions[(axis + 1)..]]);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var shape = inputs[0].Shape;
        var axis = shape.Axis(_axis);
        var x = inputs[0].Span;
        var mu = prediction.Writable;
        var (extent, inner) = (shape[axis], shape.LengthOf(axis + 1, shape.Rank));
        for (var i = 0; i < mu.Length; i++)
        {
            var start = (i / inner * extent * inner) + (i % inner);
            var best = 0;
            for (var at = 1; at < extent; at++)
            {
                if (Exceeds(x[start + (at * inner)], x[start + (best * inner)])) best = at;
            }
            mu[i] = T.CreateChecked(best);
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        result.Writable.Clear();

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => inputs[0].Length;

    private bool Exceeds(T x, T best) =>
        (_isMax ? x > best : x < best) || (T.IsNaN(x) && !T.IsNaN(best))
            || (_last && (x == best || (T.IsNaN(x) && T.IsNaN(best))));
}
