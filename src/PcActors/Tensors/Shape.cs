using System.Diagnostics.CodeAnalysis;

namespace PcActors.Tensors;

/// <summary>The extents of a dense, row-major array, outermost axis first. Rank 0 is a scalar. Immutable.</summary>
public sealed class Shape : IEquatable<Shape>
{
    /// <summary>The most axes that there can be, as in NumPy.</summary>
    internal const int LargestRank = 64;

    private readonly int[] _dimensions;

    /// <summary>A shape with the given extents.</summary>
    /// <param name="dimensions">Extents, each 0 or more, outermost first.</param>
    /// <exception cref="ShapeException">An extent is negative, or the array would exceed 2^31 - 1 elements
    /// or 64 axes.</exception>
    public Shape(params ReadOnlySpan<int> dimensions)
    {
        if (dimensions.Length > LargestRank)
            throw new ShapeException($"a shape has {dimensions.Length} axes; {LargestRank} are possible");
        _dimensions = dimensions.ToArray();
        long length = 1;
        foreach (var extent in dimensions)
        {
            if (extent < 0) throw new ShapeException($"the shape {Format(dimensions)} has a negative extent");
            length *= extent;
            if (length > int.MaxValue)
                throw new ShapeException($"the shape {Format(dimensions)} has more than 2^31 - 1 elements");
        }
        Length = (int)length;
    }

    /// <summary>The shape of a scalar: rank 0, one element.</summary>
    public static Shape Scalar { get; } = new();

    /// <summary>Number of axes.</summary>
    public int Rank => _dimensions.Length;

    /// <summary>Number of elements: the product of the extents, 1 for a scalar.</summary>
    public int Length { get; }

    /// <summary>The extents, outermost first.</summary>
    public ReadOnlySpan<int> Dimensions => _dimensions;

    /// <summary>The extent of an axis; negative axes count from the last.</summary>
    public int this[int axis] => _dimensions[Axis(axis)];

    /// <summary>The extent of an axis, counted from either end: <c>shape[^1]</c> is the last one's.</summary>
    public int this[Index axis] => _dimensions[axis];

    /// <summary>An axis as an index from 0, where negative ones count from the last, as in ONNX.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int Axis(int axis)
    {
        if (axis < -Rank || axis >= Rank)
            throw new ShapeException($"axis {axis} is outside the shape {this}; it must lie in [{-Rank}, {Rank - 1}]");
        return axis < 0 ? axis + Rank : axis;
    }

    /// <summary>Row-major strides in elements, one for each axis.</summary>
    public int[] Strides()
    {
        var strides = new int[Rank];
        var step = 1;
        for (var axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= _dimensions[axis];
        }
        return strides;
    }

    /// <summary>This shape with one extent replaced.</summary>
    public Shape With(int axis, int extent)
    {
        var dimensions = (int[])_dimensions.Clone();
        dimensions[Axis(axis)] = extent;
        return new Shape(dimensions);
    }

    /// <summary>The product of the extents of axes from <paramref name="start"/> up to
    /// <paramref name="end"/>, exclusive.</summary>
    public int LengthOf(int start, int end)
    {
        var length = 1;
        for (var axis = start; axis < end; axis++) length *= _dimensions[axis];
        return length;
    }

    /// <summary>The shape of the multidirectional broadcast of two shapes (ONNX, "Broadcasting").</summary>
    /// <exception cref="ShapeException">Two extents differ and neither is 1.</exception>
    public static Shape Broadcast(Shape a, Shape b)
    {
        if (a.Equals(b)) return a;
        var rank = Math.Max(a.Rank, b.Rank);
        var result = new int[rank];
        for (var axis = 1; axis <= rank; axis++)
        {
            var left = axis <= a.Rank ? a._dimensions[^axis] : 1;
            var right = axis <= b.Rank ? b._dimensions[^axis] : 1;
            if (left != right && left != 1 && right != 1)
                throw new ShapeException($"the shapes {a} and {b} cannot be broadcast together");
            result[^axis] = left == 1 ? right : left;
        }
        return new Shape(result);
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] Shape? other) =>
        other is not null && _dimensions.AsSpan().SequenceEqual(other._dimensions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var extent in _dimensions) hash.Add(extent);
        return hash.ToHashCode();
    }

    /// <summary>For example <c>[64, 784]</c>; <c>[]</c> is a scalar.</summary>
    public override string ToString() => Format(_dimensions);

    private static string Format(ReadOnlySpan<int> dimensions) => $"[{string.Join(", ", dimensions.ToArray())}]";
}

/// <summary>Shapes do not fit each other or the operation. The message says which and what would fit.</summary>
public sealed class ShapeException(string message) : Exception(message);
