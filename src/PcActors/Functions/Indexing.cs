using System.Globalization;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A function that reads or writes blocks of its first input at places that its second
/// one, of indices, names.</summary>
/// <remarks>Indices are whole numbers, negative to count from the end of their axis; nothing is
/// pulled back to them.</remarks>
internal abstract class IndexedFunction<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;

    /// <summary>How many elements lie together at a place, and how many places the indices name.</summary>
    protected abstract (int Block, int Places) Layout(Shape data, Shape indices);

    /// <summary>Finds the places.</summary>
    /// <param name="data">The shape of what is read or written.</param>
    /// <param name="indices">The indices.</param>
    /// <param name="offsets">Receives, for each place, where its block begins in the data.</param>
    /// <exception cref="IndexException">An index is outside its axis.</exception>
    protected abstract void Locate(Shape data, Tensor<T> indices, Span<int> offsets);

    /// <summary>An index as a number from 0.</summary>
    /// <exception cref="IndexException">It is outside the axis.</exception>
    internal int Resolve(T index, Shape data, int axis)
    {
        var extent = data.Dimensions[axis];
        var number = int.CreateSaturating(index);
        if (T.IsNaN(index) || number < -extent || number >= extent) throw Outside(index, data, axis);
        return number < 0 ? number + extent : number;
    }

    private IndexException Outside(T index, Shape data, int axis) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{OperatorType}: the index {index} is outside axis {axis} of the shape {data}; it must lie in "
        + $"[{-data[axis]}, {data[axis] - 1}]"));
}

/// <summary>The places of GatherElements and ScatterElements: an element's own indices, with
/// one axis's replaced.</summary>
internal static class ElementPlaces
{
    /// <summary>Why indices do not fit the data, or null when they do.</summary>
    public static string? WhyNot(Shape data, Shape indices, int axis)
    {
        var fits = data.Rank == indices.Rank;
        for (var i = 0; fits && i < data.Rank; i++) fits = i == axis || indices[i] <= data[i];
        return fits
            ? null
            : $"the indices' shape {indices} must have as many axes as the data's {data}, and, but for axis {axis}, "
                + "be no longer";
    }

    /// <summary>Finds the places, which are single elements.</summary>
    public static void Locate<T>(IndexedFunction<T> function, Shape data, Tensor<T> indices, int axis,
        Span<int> offsets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (offsets.IsEmpty) return;
        Span<int> strides = stackalloc int[data.Rank];
        StridedCopy.RowMajor(data, strides);
        var loop = new StridedLoop(1, stackalloc int[StridedLoop.Scratch(data.Rank, 1)]);
        for (var i = 0; i < data.Rank; i++) loop.Append(indices.Shape.Dimensions[i], i == axis ? 0 : strides[i]);
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                var own = function.Resolve(indices.Span[loop.Position + i], data, axis);
                offsets[loop.Position + i] = loop.Offset(0) + (i * loop.Stride(0)) + (own * strides[axis]);
            }
        }
        while (loop.Next());
    }
}

/// <summary>The places of GatherND and ScatterND: each row of the indices names the first axes of a block.</summary>
internal static class TuplePlaces
{
    /// <summary>How many elements lie at a place, and how many places there are.</summary>
    public static (int Block, int Places) Layout(Shape data, Shape indices, int batch)
    {
        var tuple = indices[^1];
        return (data.LengthOf(batch + tuple, data.Rank), indices.LengthOf(0, indices.Rank - 1));
    }

    /// <summary>Finds the places.</summary>
    /// <param name="function">Whose places they are.</param>
    /// <param name="data">The data's shape.</param>
    /// <param name="indices">The indices.</param>
    /// <param name="batch">How many first axes the data and the indices share.</param>
    /// <param name="offsets">Receives where each block begins.</param>
    public static void Locate<T>(IndexedFunction<T> function, Shape data, Tensor<T> indices, int batch,
        Span<int> offsets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tuple = indices.Shape[^1];
        Span<int> strides = stackalloc int[data.Rank];
        StridedCopy.RowMajor(data, strides);
        var share = data.LengthOf(batch, data.Rank);
        var perBatch = indices.Shape.LengthOf(batch, indices.Shape.Rank - 1);
        for (var place = 0; place < offsets.Length; place++)
        {
            var at = place / perBatch * share;
            for (var i = 0; i < tuple; i++)
                at += function.Resolve(indices.Span[(place * tuple) + i], data, batch + i) * strides[batch + i];
            offsets[place] = at;
        }
    }
}

/// <summary>An index among an operator's values lies outside the axis that it is for. The message
/// says which operator.</summary>
internal sealed class IndexException(string message) : Exception(message);
