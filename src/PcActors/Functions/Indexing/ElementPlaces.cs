using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>The places of GatherElements and ScatterElements: an element's own indices, with one axis's replaced.</summary>
internal static class ElementPlaces
{
    /// <summary>Why indices do not fit the data, or null when they do.</summary>
    public static string? WhyNot(Shape data, Shape indices, int axis)
    {
        var fits = data.Rank == indices.Rank;
        for (var i = 0; fits && i < data.Rank; i++) fits = i == axis || indices[i] <= data[i];
        return fits ? null : $"the indices' shape {indices} must have as many axes as the data's {data}, and, but for axis {axis}, be no longer";
    }

    /// <summary>Finds the places, which are single elements.</summary>
    public static void Locate<T>(IndexedFunction<T> function, Shape data, Tensor<T> indices, int axis, Span<int> offsets)
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
