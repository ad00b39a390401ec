using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Graphs;

/// <summary>Cuts parameters into blocks, each a parameter of its own, and puts them together again.</summary>
public static class ParameterBlocks
{
    /// <summary>A parameter's elements put together from its blocks.</summary>
    /// <param name="blocks">Each block's place and its elements; together they cover the parameter.</param>
    public static Tensor<T> Join<T>(IReadOnlyList<(ParameterBlock Place, Tensor<T> Value)> blocks)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var whole = new Tensor<T>(blocks[0].Place.Shape);
        foreach (var (place, value) in blocks)
        {
            foreach (var (at, run, start) in Runs(whole.Shape, value.Shape, place.Start))
                value.Span.Slice(at, run).CopyTo(whole.Writable[start..]);
        }
        return whole;
    }

    /// <summary>A block of a parameter as a parameter of its own.</summary>
    /// <param name="builder">Receives it.</param>
    /// <param name="parameter">The whole one.</param>
    /// <param name="name">The block's name.</param>
    /// <param name="shape">The block's shape, of the parameter's rank.</param>
    /// <param name="start">Where it starts, on each axis.</param>
    internal static Node<T> Cut<T>(GraphBuilder<T> builder, Vertex<T> parameter, string name, Shape shape, int[] start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var whole = parameter.Initial!;
        var block = new Tensor<T>(shape);
        foreach (var (at, run, from) in Runs(whole.Shape, shape, start))
            whole.Span.Slice(from, run).CopyTo(block.Writable[at..]);
        return builder.Parameter(name, block, parameter.Trainable,
            new ParameterBlock(parameter.Name, parameter.Shape, start));
    }

    /// <summary>The runs of elements that lie side by side in both a block and the whole.</summary>
    /// <returns>Where each starts in the block, how long it is, and where it starts in the whole.</returns>
    private static IEnumerable<(int At, int Run, int Start)> Runs(Shape whole, Shape block, IReadOnlyList<int> start)
    {
        if (block.Length == 0) yield break;
        // The last axis that is not whole: from it on, a block's elements are neighbours.
        var axis = whole.Rank - 1;
        while (axis > 0 && block[axis] == whole[axis]) axis--;
        var strides = whole.Strides();
        var run = block.LengthOf(Math.Max(axis, 0), block.Rank);
        for (var at = 0; at < block.Length; at += run)
        {
            var (rest, place) = (at / run, 0);
            for (var a = axis; a >= 0; a--)
            {
                var index = a == axis ? 0 : rest % block[a];
                if (a < axis) rest /= block[a];
                place += (start[a] + index) * strides[a];
            }
            yield return (at, run, place);
        }
    }
}
