using PcActors.Functions;
using PcActors.Onnx.Import.Expansion;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Operators that choose by constants: what they choose is known when the model is read.</summary>
internal static class SelectionRules
{
    public static void Compress(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var x = node.Required(0);
        var axis = node.Take<long?>("axis", null);
        make.RequireNoOthers();
        var condition = node.RequiredConstant(1, "condition").Values;
        if (axis is null)
        {
            x = make.View(x, "list", x.Shape.Length);
            axis = 0;
        }
        int[] chosen = [.. Enumerable.Range(0, Math.Min(condition.Length, x.Shape[(int)axis]))
            .Where(i => condition.Span[i] != 0)];
        var indices = make.Constant("chosen", OnnxElementType.Int64, new Shape(chosen.Length), i => chosen[i]);
        make.Give(0, "Gather", Attributes.Of(("axis", axis)), x, indices);
    }

    /// <summary>An operator whose second input is indices along an axis: constant ones are checked before anything
    /// runs.</summary>
    public static void Indexed(ImportNode node, IEmitter emitter)
    {
        if (node.Input(0) is { } x && node.Input(1) is ConstantValue indices
            && (!node.Attributes.TryGetValue("axis", out var given) || given is long)
            && (given as long? ?? 0) is var axis && axis >= -x.Shape.Rank && axis < x.Shape.Rank)
        {
            var extent = x.Shape[(int)(axis < 0 ? axis + x.Shape.Rank : axis)];
            foreach (var index in indices.Tensor.ToIntegers())
            {
                if (index >= -extent && index < extent) continue;
                throw node.Error($"the index {index} is outside axis {axis} of the shape {x.Shape}",
                    $"it must lie in [{-extent}, {extent - 1}]");
            }
        }
        emitter.Import(node);
    }

    /// <summary>The first part of each sample's sequence, backwards.</summary>
    public static void ReverseSequence(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var x = node.Required(0);
        var (time, batch) = ((int)node.Take("time_axis", 0L), (int)node.Take("batch_axis", 1L));
        make.RequireNoOthers();
        var lengths = node.Required(1);
        if (x.Shape.Rank < 2 || (time, batch) is not ((0, 1) or (1, 0)) || lengths.Shape.Length != x.Shape[batch]
            || (lengths is ConstantValue known && known.Tensor.ToIntegers().Any(l => l < 0 || l > x.Shape[time])))
            throw node.Error($"its input has the shape {x.Shape}, and there are {lengths.Shape.Length} lengths",
                "one of axes 0 and 1 is time, the other the batch, with a length for each sample");
        int[] order = [batch, time, .. Enumerable.Range(2, x.Shape.Rank - 2)];
        var samples = batch == 0 ? x : make.Transpose(x, "samples", order);
        var steps = x.Shape[time];
        var ends = make.View(lengths, "lengths", lengths.Shape.Length, 1, 1);
        var places = make.Constant("places", OnnxElementType.Int64, new Shape(1, steps, 1), i => i);
        var last = make.Constant("last", OnnxElementType.Int64, new Shape(1, steps, 1), i => i + 1);
        var indices = make.Apply("Where", "sources", OnnxElementType.Int64, Attributes.Empty,
            make.Apply("Less", "moves", places, ends), make.Apply("Sub", "mirrored", ends, last), places);
        var attributes = Attributes.Of(("batch_dims", 1));
        if (batch == 0) make.Give(0, "GatherND", attributes, samples, indices);
        else make.Give(0, "Transpose", Attributes.Of(("perm", order)),
            make.Apply("GatherND", "reversed", attributes, samples, indices));
    }

    /// <summary>The different elements, or slices along an axis, of a constant, where each is first, which each one is,
    /// and how many there are.</summary>
    public static void Unique(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var axis = node.Take<long?>("axis", null);
        var isSorted = node.Take("sorted", 1L) != 0;
        make.RequireNoOthers();
        var x = node.RequiredConstant(0, "X");
        var slices = Slices(x.Values, axis);
        // Equal slices lie together, the first of them first.
        int[] order = [.. Enumerable.Range(0, slices.Length)
            .Order(Comparer<int>.Create((a, b) => slices[a].AsSpan().SequenceCompareTo(slices[b])))];
        var groups = new List<List<int>>();
        foreach (var i in order)
        {
            if (groups.Count == 0 || !slices[groups[^1][0]].AsSpan().SequenceEqual(slices[i])) groups.Add([]);
            groups[^1].Add(i);
        }
        if (!isSorted) groups.Sort((a, b) => a[0].CompareTo(b[0]));
        var inverse = new double[slices.Length];
        foreach (var (number, group) in groups.Index())
        {
            foreach (var i in group) inverse[i] = number;
        }
        var list = axis is null ? make.View(node.Required(0), "list", x.Shape.Length) : node.Required(0);
        var first = make.Constant("first", OnnxElementType.Int64, new Shape(groups.Count), i => groups[i][0]);
        if (make.IsRead(0)) make.Give(0, "Gather", Attributes.Of(("axis", axis ?? 0)), list, first);
        make.Pass(1, first);
        if (make.IsRead(2))
            make.Pass(2, make.Constant("inverse", OnnxElementType.Int64, new Shape(inverse.Length), i => inverse[i]));
        if (make.IsRead(3))
            make.Pass(3,
                make.Constant("counts", OnnxElementType.Int64, new Shape(groups.Count), i => groups[i].Count));
    }

    private static double[][] Slices(Tensor<double> values, long? axis)
    {
        if (axis is null) return Array.ConvertAll(values.Span.ToArray(), v => new[] { v });
        var at = values.Shape.Axis((int)axis);
        var (extent, inner) = (values.Shape[at], values.Shape.LengthOf(at + 1, values.Shape.Rank));
        var slices = new double[extent][];
        for (var i = 0; i < extent; i++) slices[i] = new double[values.Length / extent];
        // Of each slice the elements follow one another, in runs of what lies behind the axis.
        for (var run = 0; run * inner < values.Length; run++)
            values.Span.Slice(run * inner, inner).CopyTo(slices[run % extent].AsSpan(run / extent * inner));
        return slices;
    }
}
