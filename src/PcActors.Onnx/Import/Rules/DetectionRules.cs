using PcActors.Functions;
using PcActors.Onnx.Import.Expansion;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Operators of detectors.</summary>
internal static class DetectionRules
{
    /// <summary>Opset 10 knows one way to lay regions on elements only.</summary>
    public static void RoiAlign(ImportNode node, IEmitter emitter)
    {
        if (node.Opset < 16) node.Attributes["coordinate_transformation_mode"] = "output_half_pixel";
        emitter.Import(node);
    }

    /// <summary>The best boxes of each class, of which none covers much of a better one. How many there are depends on
    /// the boxes, so that these must be known.</summary>
    public static void NonMaxSuppression(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var centred = node.Take("center_point_box", 0L) != 0;
        make.RequireNoOthers();
        var (boxes, scores) = (node.RequiredConstant(0, "boxes"), node.RequiredConstant(1, "scores"));
        var (b, s) = (boxes.Shape, scores.Shape);
        if (b.Rank != 3 || b[2] != 4 || s.Rank != 3 || s[0] != b[0] || s[2] != b[1])
            throw node.Error($"its boxes have the shape {b}, and its scores {s}",
                "[batch, boxes, 4] and [batch, classes, boxes] are needed");
        var most = node.Whole(2, "max_output_boxes_per_class") ?? 0;
        var overlap = Number(node, 3, "iou_threshold") ?? 0;
        var least = Number(node, 4, "score_threshold") ?? double.NegativeInfinity;
        // Each box is compared with those that are kept.
        var pairs = (double)s[0] * s[1] * s[2] * (1 + Math.Clamp((double)most, 0, s[2]));
        emitter.Budget.TakeWork((long)Math.Min(16 * pairs, 1L << 62), $"what {node.What} chooses");
        var chosen = new List<int>();
        for (var row = 0; row < s[0] * s[1]; row++)
        {
            var of = boxes.Values.Span.Slice(row / s[1] * b[1] * 4, b[1] * 4).ToArray();
            var score = scores.Values.Span.Slice(row * s[2], s[2]).ToArray();
            var kept = new List<int>();
            var best = Enumerable.Range(0, score.Length).Where(i => score[i] > least).OrderByDescending(i => score[i]);
            foreach (var i in best)
            {
                if (kept.Count >= most) break;
                var box = Corners(of.AsSpan(i * 4, 4), centred);
                if (kept.All(k => Overlap(box, Corners(of.AsSpan(k * 4, 4), centred)) <= overlap)) kept.Add(i);
            }
            foreach (var i in kept) chosen.AddRange([row / s[1], row % s[1], i]);
        }
        make.Pass(0, make.Constant("chosen", OnnxElementType.Int64, new Shape(chosen.Count / 3, 3), i => chosen[i]));
    }

    /// <summary>A convolution whose elements are sampled at places that are moved: every tap of the kernel is sampled
    /// by GridSample, times the mask, and summed by a convolution with a kernel of one place.</summary>
    public static void DeformConv(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var (x, w, offset) = (node.Required(0), node.Required(1), node.Required(2));
        if (x.Shape.Rank != 4 || w.Shape.Rank != 4 || offset.Shape.Rank != 4)
            throw node.Error($"its inputs have the shapes {x.Shape}, {w.Shape} and {offset.Shape}",
                "pictures, [N, C, H, W], are supported");
        var (groups, parts) = (node.Take("group", 1L), checked((int)node.Take("offset_group", 1L)));
        int[] kernel = [w.Shape[2], w.Shape[3]];
        int[] strides = Pair(node, "strides"), dilations = Pair(node, "dilations");
        var pads = node.Take("pads", new long[4]);
        if (pads.Length != 4 || pads.Any(p => p is < 0 or > int.MaxValue))
            throw node.Error($"its pads are [{string.Join(", ", pads)}]", "four numbers, none below 0, are needed");
        long[] given = node.Take<long[]>("kernel_shape", []);
        if (given.Length > 0 && !given.SequenceEqual([kernel[0], kernel[1]]))
            throw node.Error($"its kernel_shape is [{string.Join(", ", given)}]", $"W has the shape {w.Shape}");
        make.RequireNoOthers();
        var (taps, samples, channels) = (checked(kernel[0] * kernel[1]), x.Shape[0], x.Shape[1]);
        int[] extents = [offset.Shape[2], offset.Shape[3]];
        int[] whole = [.. Enumerable.Range(0, 2).Select(a => checked((int)((x.Shape[2 + a] + pads[a] + pads[2 + a]
            - ((long)dilations[a] * (kernel[a] - 1)) - 1) / strides[a]) + 1))];
        if (parts < 1 || channels % parts != 0 || !extents.SequenceEqual(whole) || offset.Shape[1] != 2L * parts * taps
            || offset.Shape[0] != samples)
            throw node.Error($"its offset has the shape {offset.Shape}",
                $"[{samples}, {2L * parts * taps}, {whole[0]}, {whole[1]}] is needed");
        // [N, parts, taps, 2, H, W], and the places of taps that are not moved, both in units of a grid from -1 to 1.
        var moved = make.View(offset, "offset", samples * parts, taps, 2, extents[0], extents[1]);
        int[] order = [0, 1, 3, 4, 2];
        var places = extents[0] * extents[1];
        var moves = make.Apply("Mul", "moves/scaled", make.Transpose(moved, "moves", order),
            make.Constant("unit", x.Type, new Shape(2), a => 2.0 / x.Shape[2 + a]));
        var still = make.Constant("places", x.Type, new Shape(1, taps, extents[0], extents[1], 2), i =>
        {
            var (axis, place, tap) = (i % 2, i / 2 % places, i / 2 / places);
            var at = axis == 0 ? place / extents[1] : place % extents[1];
            var step = axis == 0 ? tap / kernel[1] : tap % kernel[1];
            var element = (at * strides[axis]) + (step * dilations[axis]) - pads[axis];
            return (((2.0 * element) + 1) / x.Shape[2 + axis]) - 1;
        });
        var grid = make.Apply("Add", "grid", moves, still);
        // GridSample has the last axis first.
        var turn = make.Constant("turn", OnnxElementType.Int64, new Shape(2), a => 1 - a);
        grid = make.Apply("Gather", "grid/turned", Attributes.Of(("axis", -1)), grid, turn);
        grid = make.View(grid, "grid/rows", samples * parts, taps * extents[0], extents[1], 2);
        var own = channels / parts;
        var sampled = make.Apply("GridSample", "sampled", Attributes.Of(("mode", "linear")),
            make.View(x, "parts", samples * parts, own, x.Shape[2], x.Shape[3]), grid);
        if (node.Input(4) is { } mask)
        {
            sampled = make.Apply("Mul", "masked", sampled,
                make.View(mask, "mask", samples * parts, 1, taps * extents[0], extents[1]));
        }
        var columns = make.View(sampled, "columns", samples, channels * taps, extents[0], extents[1]);
        var flat = make.View(w, "kernel", w.Shape[0], w.Shape[1] * taps, 1, 1);
        Value[] inputs = node.Input(3) is { } bias ? [columns, flat, bias] : [columns, flat];
        make.Give(0, "Conv", Attributes.Of(("group", groups)), inputs);
    }

    private static int[] Pair(ImportNode node, string name)
    {
        var given = node.Take(name, new long[] { 1, 1 });
        return given.Length == 2 && given.All(e => e is > 0 and <= int.MaxValue)
            ? [(int)given[0], (int)given[1]]
            : throw node.Error($"its {name} are [{string.Join(", ", given)}]", "two positive numbers are needed");
    }

    private static double? Number(ImportNode node, int input, string name) => node.Constant(input, name) switch
    {
        null => null,
        { Shape.Length: 1 } tensor => tensor.Values.Span[0],
        var other => throw node.Error($"its input '{name}' has the shape {other.Shape}", "one element is needed"),
    };

    private static Box Corners(ReadOnlySpan<double> box, bool centred) => centred
        ? new(box[1] - (box[3] / 2), box[0] - (box[2] / 2), box[1] + (box[3] / 2), box[0] + (box[2] / 2))
        : new(Math.Min(box[0], box[2]), Math.Min(box[1], box[3]), Math.Max(box[0], box[2]), Math.Max(box[1], box[3]));

    /// <summary>What two boxes share, over what they cover together.</summary>
    private static double Overlap(in Box a, in Box b)
    {
        var height = Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top);
        var width = Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left);
        if (height <= 0 || width <= 0) return 0;
        var shared = height * width;
        return shared / (a.Area + b.Area - shared);
    }

    private readonly record struct Box(double Top, double Left, double Bottom, double Right)
    {
        public double Area => (Bottom - Top) * (Right - Left);
    }
}
