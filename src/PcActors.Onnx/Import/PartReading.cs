using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>Reads a range of what was joined from the parts that it lies in: a Slice or Gather of a Concat needs no
/// Concat, and what no other reader needs is not computed.</summary>
/// <remarks>The range is followed back through what only moves axes. Elements are moved, never computed, so values keep
/// their bits; the errors of a part come from its readers, and not through the whole.</remarks>
/// <param name="emitter">Receives the vertices.</param>
internal sealed class PartReading(IEmitter emitter)
{
    // Ranges are followed back from vertex to vertex on the stack.
    private const int Deepest = 1000;

    // A range of very many parts is cheaper as a range of the whole: else windows of T parts at T places make T^2.
    private const int MostParts = 4;

    private readonly Dictionary<string, PartOrigin> _origins = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, int Axis, int Start, int End), Value?> _known = [];

    /// <summary>Remembers what a vertex was made from, where ranges of it can be read elsewhere.</summary>
    public void Remember(string name, string operatorType, Value[] inputs, Attributes attributes)
    {
        if (operatorType is not ("Concat" or "Transpose" or "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten"
            or "Identity"))
            return;
        var depth = 1 + inputs.Max(v => _origins.TryGetValue(v.Name, out var origin) ? origin.Depth : 0);
        if (depth <= Deepest) _origins[name] = new PartOrigin(operatorType, inputs, attributes, depth);
    }

    /// <summary>What an operator gives, when it takes ranges of what was joined; null for any other.</summary>
    /// <param name="operatorType">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="name">The name of what it gives.</param>
    /// <param name="shape">The shape of that.</param>
    /// <param name="type">The type of its elements.</param>
    public Value? Read(string operatorType, Value[] inputs, Attributes attributes, string name, Shape shape,
        OnnxElementType type)
    {
        if (!_origins.ContainsKey(inputs[0].Name)) return null;
        var (part, isRead) = (inputs[0], false);
        var left = new List<(int Axis, int Start, int End)>();
        foreach (var range in RangesOf(operatorType, inputs, attributes))
        {
            if (Select(part, range.Axis, range.Start, range.End) is { } found) (part, isRead) = (found, true);
            else left.Add(range);
        }
        if (!isRead) return null;
        // What is left is small: ranges of the range that was found.
        foreach (var (axis, start, end) in left) part = Slice(part, axis, start, end);
        return View(part, shape, name, type);
    }

    // The ranges that are taken, one for each axis; none when it is not ranges that are taken.
    private static List<(int Axis, int Start, int End)> RangesOf(
        string operatorType, Value[] inputs, Attributes attributes)
    {
        var shape = inputs[0].Shape;
        if (operatorType == "Gather" && inputs is [_, ConstantValue { Tensor: var tensor }] && shape.Rank > 0)
        {
            var (axis, indices) = (shape.Axis(checked((int)attributes.Integer("axis", 0))), tensor.ToIntegers());
            if (tensor.Shape.Rank > 1 || indices.Length == 0) return [];
            var first = indices[0] < 0 ? indices[0] + shape[axis] : indices[0];
            var isRange = first >= 0 && first + indices.Length <= shape[axis]
                && indices.Index().All(i => (i.Item < 0 ? i.Item + shape[axis] : i.Item) == first + i.Index);
            return isRange ? [(axis, (int)first, (int)first + indices.Length)] : [];
        }
        if (operatorType != "Slice" || attributes.Integers("steps")?.Any(s => s != 1) == true) return [];
        if (attributes.Integers("starts") is not { } starts || attributes.Integers("ends") is not { } ends) return [];
        var axes = attributes.Integers("axes") ?? [.. Enumerable.Range(0, starts.Length).Select(a => (long)a)];
        if (axes.Length != starts.Length || ends.Length != starts.Length) return [];
        var ranges = new List<(int Axis, int Start, int End)>();
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = shape.Axis(checked((int)axes[i]));
            var (start, end) = (Place(starts[i], shape[axis]), Place(ends[i], shape[axis]));
            if (start >= end) return [];
            if (end - start < shape[axis]) ranges.Add((axis, start, end));
        }
        return ranges.DistinctBy(r => r.Axis).Count() == ranges.Count ? ranges : [];
    }

    private static int Place(long at, int extent) => (int)Math.Clamp(at < 0 ? at + extent : at, 0, extent);

    /// <summary>A range of a value, from the parts that it lies in; null when it lies in none.</summary>
    private Value? Select(Value value, int axis, int start, int end)
    {
        // Joined to what was joined before, and so on: nothing is kept for the way there.
        var isWithin = false;
        while (Within(value, axis, start, end) is { } part)
            (value, start, end, isWithin) = (part.Value, start - part.Start, end - part.Start, true);
        if (start == 0 && end == value.Shape[axis]) return value;
        var found = Known(value, axis, start, end);
        if (found is not null || !isWithin) return found;
        var key = (value.Name, axis, start, end);
        return _known.GetValueOrDefault(key) ?? (_known[key] = Slice(value, axis, start, end));
    }

    /// <summary>The part of a Concat that holds the whole range.</summary>
    private (Value Value, int Start)? Within(Value value, int axis, int start, int end)
    {
        if ((start == 0 && end == value.Shape[axis]) || !_origins.TryGetValue(value.Name, out var origin)
            || origin.OperatorType != "Concat" || origin.Axis(value) != axis)
            return null;
        var starts = origin.StartsAlong(axis);
        var at = origin.FirstAt(axis, start);
        // Parts of no elements begin where the next one does.
        while (at + 1 < starts.Length && starts[at + 1] <= start) at++;
        return end <= starts[at] + origin.Inputs[at].Shape[axis] ? (origin.Inputs[at], starts[at]) : null;
    }

    private Value? Known(Value value, int axis, int start, int end)
    {
        if (!_origins.TryGetValue(value.Name, out var origin)) return null;
        var key = (value.Name, axis, start, end);
        if (_known.TryGetValue(key, out var known)) return known;
        return _known[key] = origin.OperatorType switch
        {
            "Concat" => OfConcat(value, origin, axis, start, end),
            "Transpose" => OfTranspose(value, origin, axis, start, end),
            _ => OfView(value, origin.Inputs[0], axis, start, end),
        };
    }

    private Value? OfConcat(Value value, PartOrigin concat, int axis, int start, int end)
    {
        var joined = concat.Axis(value);
        if (joined != axis)
        {
            var ranges = Array.ConvertAll(concat.Inputs, p => Select(p, axis, start, end));
            return ranges.Count(r => r is null) > 1 || Array.TrueForAll(ranges, r => r is null)
                ? null
                : Join([.. ranges.Zip(concat.Inputs, (r, p) => r ?? Slice(p, axis, start, end))], joined, value);
        }
        var starts = concat.StartsAlong(axis);
        var first = concat.FirstAt(axis, start);
        if (first + MostParts < starts.Length && starts[first + MostParts] < end) return null;
        var parts = new List<Value>();
        for (var i = first; i < concat.Inputs.Length && starts[i] < end; i++)
        {
            var (part, from) = (concat.Inputs[i], Math.Max(start - starts[i], 0));
            var to = Math.Min(end - starts[i], part.Shape[axis]);
            if (from < to) parts.Add(Select(part, axis, from, to) ?? Slice(part, axis, from, to));
        }
        return Join([.. parts], axis, value);
    }

    private Value? OfTranspose(Value value, PartOrigin transpose, int axis, int start, int end)
    {
        var rank = value.Shape.Rank;
        var order = transpose.Attributes.Integers("perm")
            ?? [.. Enumerable.Range(0, rank).Select(a => (long)(rank - 1 - a))];
        return Select(transpose.Inputs[0], (int)order[axis], start, end) is { } range
            ? emitter.Apply("Transpose", [range], transpose.Attributes, NameOf(value), value.Type)
            : null;
    }

    // Elements keep their order: the range is one of an axis before the view, if as much lies before and behind it.
    private Value? OfView(Value value, Value viewed, int axis, int start, int end)
    {
        var (lead, inner) = Around(value.Shape, axis);
        for (var before = viewed.Shape.Rank - 1; before >= 0; before--)
        {
            var (leadBefore, innerBefore) = Around(viewed.Shape, before);
            if (lead != leadBefore || innerBefore == 0 || start * inner % innerBefore != 0
                || end * inner % innerBefore != 0)
                continue;
            if (Select(viewed, before, (int)(start * inner / innerBefore), (int)(end * inner / innerBefore))
                is { } range)
                return View(range, value.Shape.With(axis, end - start), NameOf(value), value.Type);
        }
        return null;
    }

    private static (long Lead, long Inner) Around(Shape shape, int axis)
    {
        var (lead, inner) = (1L, 1L);
        for (var a = 0; a < shape.Rank; a++)
        {
            if (a < axis) lead *= shape[a];
            else if (a > axis) inner *= shape[a];
        }
        return (lead, inner);
    }

    private Value Join(Value[] parts, int axis, Value whole) => parts.Length == 1
        ? parts[0]
        : emitter.Apply("Concat", parts, Attributes.Of(("axis", axis)), NameOf(whole), whole.Type);

    private Value Slice(Value value, int axis, int start, int end) => emitter.Apply("Slice", [value],
        Attributes.Of(("starts", new[] { start }), ("ends", new[] { end }), ("axes", new[] { axis })), NameOf(value),
        value.Type);

    private Value View(Value value, Shape shape, string name, OnnxElementType type) => emitter.Apply("Reshape", [value],
        Attributes.Of(("shape", shape.Dimensions.ToArray()), ("allowzero", true)), name, type);

    private string NameOf(Value whole) => emitter.Unique($"{whole.Name}/part");
}
