using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Reshape: the input's elements under another shape.</summary>
/// <remarks>Attributes: shape, in which one extent may be -1, to be inferred, and 0 keeps the input's extent of that axis;
/// allowzero (0): whether 0 means an extent of 0 instead.</remarks>
public sealed class Reshape<T> : ViewFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long[] _shape;
    private readonly bool _allowZero;

    /// <summary>A Reshape to the attribute's shape.</summary>
    /// <exception cref="AttributeException">The shape is missing, or no input can have it.</exception>
    public Reshape(Attributes attributes)
    {
        Attributes = attributes;
        _shape = attributes.RequiredIntegers("shape");
        _allowZero = attributes.Flag("allowzero", false);
        if (_shape.Any(extent => extent is < -1 or > int.MaxValue))
            throw new AttributeException($"shape is {Wanted}; extents are 0 or more, or -1 for the one to be inferred");
        if (_shape.Count(extent => extent == -1) > 1)
            throw new AttributeException($"shape is {Wanted}; only one extent may be -1");
        if (_allowZero && _shape.Contains(-1) && _shape.Contains(0))
            throw new AttributeException($"shape is {Wanted}; with allowzero it may not have both 0 and -1");
    }

    /// <inheritdoc/>
    public override string OperatorType => "Reshape";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    private string Wanted => $"[{string.Join(", ", _shape)}]";

    /// <inheritdoc/>
    protected override Shape View(Shape input)
    {
        var extents = new int[_shape.Length];
        long known = 1;
        for (var axis = 0; axis < extents.Length; axis++)
        {
            extents[axis] = Extent(input, axis);
            if (extents[axis] >= 0) known *= extents[axis];
        }
        var inferred = Array.IndexOf(extents, -1);
        if (inferred >= 0 && known > 0 && input.Length % known == 0) extents[inferred] = (int)(input.Length / known);
        else if (inferred >= 0 || known != input.Length)
            throw Misfit($"the input's shape {input} has {input.Length} elements, which do not fill the shape {Wanted}");
        return new Shape(extents);
    }

    private int Extent(Shape input, int axis)
    {
        if (_shape[axis] != 0 || _allowZero) return (int)_shape[axis];
        return axis < input.Rank
            ? input[axis]
            : throw Misfit($"shape {Wanted} keeps the extent of axis {axis}, which the input's shape {input} does not have");
    }
}
