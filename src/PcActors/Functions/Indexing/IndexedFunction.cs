using System.Globalization;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A function that reads or writes blocks of its first input at places that its second one, of indices, names.</summary>
/// <remarks>Indices are whole numbers, negative to count from the end of their axis; nothing is pulled back to them.</remarks>
public abstract class IndexedFunction<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected IndexedFunction(Attributes attributes) => Attributes = attributes;

    /// <inheritdoc/>
    public sealed override Attributes Attributes { get; }

    /// <inheritdoc/>
    public sealed override bool IsDifferentiable(int input) => input != 1;

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 0;

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;

    /// <summary>How many elements lie together at a place, and how many places the indices name.</summary>
    private protected abstract (int Block, int Places) Layout(Shape data, Shape indices);

    /// <summary>Finds the places.</summary>
    /// <param name="data">The shape of what is read or written.</param>
    /// <param name="indices">The indices.</param>
    /// <param name="offsets">Receives, for each place, where its block begins in the data.</param>
    /// <exception cref="IndexException">An index is outside its axis.</exception>
    private protected abstract void Locate(Shape data, Tensor<T> indices, Span<int> offsets);

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
        $"{OperatorType}: the index {index} is outside axis {axis} of the shape {data}; it must lie in [{-data[axis]}, {data[axis] - 1}]"));
}
