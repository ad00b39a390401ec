using PcActors.Functions;

namespace PcActors.Onnx.Import;

/// <summary>How a vertex came about.</summary>
internal sealed record PartOrigin(string OperatorType, Value[] Inputs, Attributes Attributes, int Depth)
{
    private int[]? _starts;

    /// <summary>Along which a Concat joins.</summary>
    public int Axis(Value whole) => whole.Shape.Axis(checked((int)Attributes.Integer("axis", 0)));

    /// <summary>The part in which a place lies, or one of no elements before it.</summary>
    public int FirstAt(int axis, int place)
    {
        var first = Array.BinarySearch(StartsAlong(axis), place);
        return first < 0 ? ~first - 1 : first;
    }

    /// <summary>Where each part begins.</summary>
    public int[] StartsAlong(int axis)
    {
        if (_starts is not null) return _starts;
        var (starts, at) = (new int[Inputs.Length], 0);
        for (var i = 0; i < starts.Length; at += Inputs[i++].Shape[axis]) starts[i] = at;
        return _starts = starts;
    }
}
