using System.Collections.Immutable;
using System.Globalization;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Sequences of tensors, as exporters write lists: resolved while the model is read.</summary>
internal static class SequenceRules
{
    public static void Empty(ImportNode node, IEmitter emitter) => Define(node, emitter, []);

    public static void Construct(ImportNode node, IEmitter emitter) =>
        Define(node, emitter, [.. node.Inputs.Select((_, i) => Tensor(node, i))]);

    public static void Insert(ImportNode node, IEmitter emitter)
    {
        // Most of it is shared with the sequence before: a list that grows in a loop is not kept once for each trip.
        var elements = Elements(node);
        Define(node, emitter,
            elements.Insert(Place(node, 2, elements.Count, elements.Count + 1), Tensor(node, 1)));
    }

    public static void Erase(ImportNode node, IEmitter emitter)
    {
        var elements = Elements(node);
        Define(node, emitter, elements.RemoveAt(Place(node, 1, elements.Count - 1, elements.Count)));
    }

    public static void At(ImportNode node, IEmitter emitter)
    {
        var elements = Elements(node);
        node.Required(1);
        Bodies.Define(node, emitter, [elements[Place(node, 1, 0, elements.Count)]], 0);
    }

    public static void Length(ImportNode node, IEmitter emitter) => emitter.Define(
        new ConstantValue(node.Outputs[0], OnnxTensor.Of(Shape.Scalar, Elements(node).Count)));

    public static void Concat(ImportNode node, IEmitter emitter)
    {
        var elements = Elements(node);
        if (elements.Count == 0) throw node.Error("its sequence is empty", "at least one tensor is needed");
        var axis = checked((int)node.Take("axis", 0L));
        if (node.Take("new_axis", 0L) != 0)
            emitter.Define(Bodies.Stacked(emitter, elements, axis, node.Outputs[0]));
        else
            emitter.Define(emitter.Apply("Concat", [.. elements], Attributes.Of(("axis", axis)), node.Outputs[0]));
    }

    public static void Split(ImportNode node, IEmitter emitter)
    {
        var x = Tensor(node, 0);
        var axis = x.Shape.Axis(checked((int)node.Take("axis", 0L)));
        var keeps = node.Take("keepdims", 1L) != 0;
        var split = node.Constant(1, "split");
        var extents = Extents(node, split, x.Shape[axis]);
        var elements = new List<Value>();
        var start = 0L;
        foreach (var (i, extent) in extents.Index())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{node.Prefix}/{i}");
            elements.Add(split is null && !keeps
                ? Bodies.At(emitter, x, axis, i, name)
                : emitter.Apply("Slice", [x],
                    Attributes.Of(("starts", new[] { start }), ("ends", new[] { start + extent }),
                        ("axes", new[] { axis })), emitter.Unique(name)));
            start += extent;
        }
        Define(node, emitter, [.. elements]);
    }

    public static void Map(ImportNode node, IEmitter emitter)
    {
        var body = Bodies.Take(node, "body");
        var count = Elements(node).Count;
        if (node.Outputs.Count > body.Output.Count)
            throw node.Error(string.Create(CultureInfo.InvariantCulture, $"its body has {body.Output.Count} outputs"),
                string.Create(CultureInfo.InvariantCulture, $"the node has {node.Outputs.Count}"));
        var results = new List<Value>[node.Outputs.Count];
        for (var i = 0; i < results.Length; i++) results[i] = [];
        for (var place = 0; place < count; place++)
        {
            var at = place;
            var inputs = node.Inputs.Select((_, i) => node.Required(i) is not SequenceValue sequence ? node.Required(i)
                : sequence.Elements.Count == count ? sequence.Elements[at]
                : throw node.Error($"'{sequence.Name}' has {sequence.Elements.Count} tensors, and the first {count}"));
            var found = emitter.Expand(node, body, [.. inputs],
                string.Create(CultureInfo.InvariantCulture, $"{node.Prefix}/{place}"),
                [.. body.Output.Select(_ => BodyScope.Any)]);
            for (var i = 0; i < results.Length && i < found.Length; i++)
            {
                results[i].Add(found[i] is SequenceValue inner
                    ? throw node.Error(string.Create(CultureInfo.InvariantCulture,
                        $"'{inner.Name}' is a sequence of {inner.Elements.Count} tensors, and a tensor is needed"))
                    : found[i]!);
            }
        }
        Bodies.Define(node, emitter, [.. results.Select((r, i) => new SequenceValue(node.Outputs[i], [.. r]))], 0);
    }

    /// <summary>A sequence passes, a tensor is a vertex's.</summary>
    public static void Identity(ImportNode node, IEmitter emitter)
    {
        if (node.Required(0) is SequenceValue sequence) Define(node, emitter, sequence.Elements);
        else emitter.Import(node);
    }

    /// <summary>Optional and OptionalGetElement: what is there, as it is.</summary>
    public static void Element(ImportNode node, IEmitter emitter)
    {
        if (node.Input(0) is not { } value)
            throw node.Error("there is no element", "one that is there when the model is read");
        Bodies.Define(node, emitter, [value], 0);
    }

    public static void HasElement(ImportNode node, IEmitter emitter) => emitter.Define(new ConstantValue(
        node.Outputs[0],
        OnnxTensor.Of(OnnxElementType.Bool, Tensor<double>.Scalar(node.Input(0) is null ? 0 : 1))));

    private static void Define(ImportNode node, IEmitter emitter, ImmutableList<Value> elements) =>
        emitter.Define(new SequenceValue(node.Outputs[0], elements));

    private static ImmutableList<Value> Elements(ImportNode node) => node.Required(0) is SequenceValue sequence
        ? sequence.Elements
        : throw node.Error($"its input 0 ('{node.Required(0).Name}') is a tensor", "a sequence of tensors is needed");

    private static Value Tensor(ImportNode node, int index) => node.Required(index) is not SequenceValue sequence
        ? node.Required(index)
        : throw node.Error($"its input {index} ('{sequence.Name}') is a sequence", "a tensor is needed");

    private static int Place(ImportNode node, int input, int otherwise, int places)
    {
        var position = node.Whole(input, "position") ?? otherwise;
        var place = position < 0 ? position + Elements(node).Count : position;
        return place >= 0 && place < places
            ? (int)place
            : throw node.Error(string.Create(CultureInfo.InvariantCulture,
                $"its position is {position}, in a sequence of {Elements(node).Count} tensors"));
    }

    private static long[] Extents(ImportNode node, OnnxTensor? split, int extent)
    {
        if (split is { Shape.Rank: > 0 })
        {
            var given = split.ToIntegers();
            return given.All(e => e >= 0) && given.Sum() == extent
                ? [.. given]
                : throw node.Error(
                    $"it splits {extent} into [{string.Join(", ", given)}]", "their sum must be the same");
        }
        var size = split is null ? 1 : split.ToIntegers()[0];
        if (size < 1) throw node.Error($"it splits into parts of {size}", "1 or more are needed");
        size = Math.Min(size, Math.Max(extent, 1));
        return [.. Enumerable.Range(0, (int)((extent + size - 1) / size))
            .Select(i => Math.Min(size, extent - (i * size)))];
    }
}
