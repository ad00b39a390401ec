using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

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
    public static void Locate<T>(IndexedFunction<T> function, Shape data, Tensor<T> indices, int batch, Span<int> offsets)
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
