using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>The first elements in order.</summary>
internal static class TopKOperators
{
    private static Operator Values => new("TopK", typeof(TopK<>))
    {
        Inputs = ["X", Of(Integer("k", null, 0, int.MaxValue).Required, since: 10)],
        Attributes = [Axis("axis", -1), Flag("largest", true), Flag("sorted", true)],
        Remark = "the error to the elements that are chosen",
    };

    public static Operator[] All =>
    [
        Values,
        Values with { Name = "TopK:Indices", Function = typeof(TopKIndices<>), Output = OutputKind.Indices },
    ];
}

/// <summary>ONNX TopK: the k largest or smallest elements along an axis, in order. The pull-back is the error to the
/// elements that were chosen, and 0 to the others.</summary>
/// <remarks>Attributes: k, which must be set; axis (-1); largest (1); sorted (1), which changes nothing: they always
/// are. Of equal elements the first comes first, NaN before all when the largest are wanted and after all
/// otherwise.</remarks>
internal sealed class TopK<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SortedPlaces<T> _places = new(settings);

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var axis = AxisOf(inputs[0], _places.Axis);
        return _places.Count <= inputs[0].Dimensions[axis]
            ? inputs[0].With(axis, _places.Count)
            : throw Misfit(
                $"k is {_places.Count}, and the input's shape {inputs[0]} has {inputs[0].Dimensions[axis]} along axis "
                + $"{axis}");
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        _places.Visit(inputs[0], new Copy { From = inputs[0].Span, To = prediction.Writable });

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        result.Writable.Clear();
        _places.Visit(inputs[0], new Spread { From = error.Span, To = result.Writable });
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (long)inputs[0].Length * (1 + BitOperations.Log2((uint)inputs[0].Dimensions[inputs[0].Axis(_places.Axis)] | 1));

    private readonly ref struct Copy : IPlaceVisitor
    {
        public ReadOnlySpan<T> From { get; init; }

        public Span<T> To { get; init; }

        public void Visit(int chosen, int place, int index) => To[chosen] = From[place];
    }

    private readonly ref struct Spread : IPlaceVisitor
    {
        public ReadOnlySpan<T> From { get; init; }

        public Span<T> To { get; init; }

        public void Visit(int chosen, int place, int index) => To[place] = From[chosen];
    }
}

/// <summary>The second output of ONNX TopK: the indices of the elements along the axis. Nothing is pulled
/// back.</summary>
/// <remarks>Attributes: as TopK's.</remarks>
internal sealed class TopKIndices<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TopK<T> _whole = new(settings);
    private readonly SortedPlaces<T> _places = new(settings);

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => _whole.InferShape(inputs);

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        _places.Visit(inputs[0], new Number { To = prediction.Writable });

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        result.Writable.Clear();

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => _whole.Cost(inputs, prediction);

    private readonly ref struct Number : IPlaceVisitor
    {
        public Span<T> To { get; init; }

        public void Visit(int chosen, int place, int index) => To[chosen] = T.CreateChecked(index);
    }
}

/// <summary>Is told of each element that is chosen.</summary>
internal interface IPlaceVisitor
{
    /// <summary>One of them.</summary>
    /// <param name="chosen">Where it stands among those that are chosen.</param>
    /// <param name="place">Where it stands in the input.</param>
    /// <param name="index">Its index along the axis.</param>
    void Visit(int chosen, int place, int index);
}

/// <summary>The places of the first elements of each slice along an axis, in order.</summary>
/// <remarks>Attributes: k, axis, largest.</remarks>
internal sealed class SortedPlaces<T>(OperatorSettings settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _largest = settings.Flag("largest");

    /// <summary>How many are wanted of a slice.</summary>
    public int Count { get; } = (int)settings.Integer("k");

    /// <summary>The axis, as it was given.</summary>
    public int Axis { get; } = settings.Axis("axis");

    /// <summary>Tells of all that are chosen, slice by slice.</summary>
    public void Visit<TVisitor>(Tensor<T> input, TVisitor visitor)
        where TVisitor : IPlaceVisitor, allows ref struct
    {
        var axis = input.Shape.Axis(Axis);
        var (extent, inner) = (input.Shape[axis], input.Shape.LengthOf(axis + 1, input.Shape.Rank));
        if (input.Length == 0 || Count == 0) return;
        var keys = ArrayPool<T>.Shared.Rent(extent);
        var indices = ArrayPool<int>.Shared.Rent(extent);
        for (var slice = 0; slice < input.Length / extent; slice++)
        {
            var start = (slice / inner * extent * inner) + (slice % inner);
            Sort(input.Span[start..], inner, keys.AsSpan(0, extent), indices.AsSpan(0, extent));
            for (var i = 0; i < Count; i++)
            {
                var chosen = (((slice / inner * Count) + i) * inner) + (slice % inner);
                visitor.Visit(chosen, start + (indices[i] * inner), indices[i]);
            }
        }
        ArrayPool<int>.Shared.Return(indices);
        ArrayPool<T>.Shared.Return(keys);
    }

    private void Sort(ReadOnlySpan<T> slice, int stride, Span<T> keys, Span<int> indices)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var x = slice[i * stride];
            // NaN is sorted before all other numbers.
            keys[i] = _largest ? -x : T.IsNaN(x) ? T.PositiveInfinity : x;
            indices[i] = i;
        }
        keys.Sort(indices);
        for (var start = 0; start < Math.Min(Count, keys.Length);)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end].Equals(keys[start])) end++;
            if (end - start > 1) indices[start..end].Sort();
            start = end;
        }
    }
}
