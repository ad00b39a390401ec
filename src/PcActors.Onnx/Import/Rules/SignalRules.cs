using PcActors.Functions;
using PcActors.Onnx.Files;
using PcActors.Onnx.Import.Expansion;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Signals: windows are constants, and Fourier transforms are products with known matrices.</summary>
internal static class SignalRules
{
    public static void HannWindow(ImportNode node, IEmitter emitter) => Window(node, emitter, 0.5, 0.5, 0);

    public static void HammingWindow(ImportNode node, IEmitter emitter) =>
        Window(node, emitter, 25.0 / 46, 21.0 / 46, 0);

    public static void BlackmanWindow(ImportNode node, IEmitter emitter) => Window(node, emitter, 0.42, 0.5, 0.08);

    public static void Dft(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var x = node.Required(0);
        var axis = node.Whole(2, "axis") ?? node.Take("axis", node.Opset < 20 ? 1L : -2L);
        var (inverse, oneSided) = (node.Take("inverse", 0L) != 0, node.Take("onesided", 0L) != 0);
        var length = node.Whole(1, "dft_length");
        make.RequireNoOthers();
        Transform(make, x, x.Shape.Axis((int)axis), length, inverse, oneSided);
    }

    /// <summary>Frames of the signal, times the window, each transformed.</summary>
    public static void Stft(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var x = node.Required(0);
        var oneSided = node.Take("onesided", 1L) != 0;
        make.RequireNoOthers();
        var step = (int)(node.Whole(1, "frame_step") ?? throw node.Error("its input 'frame_step' is missing"));
        if (x.Shape.Rank != 3 || step <= 0)
            throw node.Error($"its signal has the shape {x.Shape}, and frame_step is {step}",
                "[batch, length, 1 or 2] and a positive step are needed");
        var window = node.Input(2);
        var length = (int)(node.Whole(3, "frame_length") ?? window?.Shape.Length ?? x.Shape[1]);
        if (length <= 0 || length > x.Shape[1] || (window is not null && window.Shape.Length != length))
            throw node.Error($"frames have {length} samples, the window {window?.Shape.Length ?? length}, and the "
                + $"signal's shape is {x.Shape}", "a frame is as long as the window, and not longer than the signal");
        var frames = ((x.Shape[1] - length) / step) + 1;
        var places = make.Constant("places", OnnxElementType.Int64, new Shape(frames, length),
            i => (i / length * step) + (i % length));
        var framed = make.Apply("Gather", "frames", Attributes.Of(("axis", 1)), x, places);
        if (window is not null)
            framed = make.Apply("Mul", "windowed", framed, make.View(window, "window", length, 1));
        Transform(make, framed, 2, null, inverse: false, oneSided && x.Shape[2] == 1);
    }

    private static void Window(ImportNode node, IEmitter emitter, double mean, double first, double second)
    {
        var make = new Composition(node, emitter);
        var size = node.Whole(0, "size") ?? throw node.Error("its input 'size' is missing");
        var periodic = node.Take("periodic", 1L) != 0;
        var number = (int)node.Take("output_datatype", (long)OnnxElementType.Float);
        make.RequireNoOthers();
        if (!ElementTypes.TryParse(number, out var type))
            throw node.Error($"it gives {ElementTypes.NameOfUnread(number)}", $"{ElementTypes.Read} are read");
        if (size is < 0 or > int.MaxValue) throw node.Error($"its size is {size}");
        var period = periodic ? size : size - 1;
        var window = make.Constant("window", type, new Shape((int)size), i =>
        {
            var angle = 2 * Math.PI * i / period;
            return mean - (first * Trigonometric.Cos(angle)) + (second * Trigonometric.Cos(2 * angle));
        });
        make.Give(0, type, "Identity", Attributes.Empty, window);
    }

    /// <summary>The transform along an axis of [..., 1 or 2], as a product with one matrix for real and imaginary
    /// parts.</summary>
    private static void Transform(Composition make, Value x, int axis, long? wanted, bool inverse, bool oneSided)
    {
        var last = x.Shape.Rank - 1;
        var parts = x.Shape.Rank > 1 ? x.Shape[last] : 0;
        if (axis == last || parts is not (1 or 2))
            throw make.Node.Error($"its input has the shape {x.Shape}, and its axis is {axis}",
                "the last axis must have 1 part or 2, and is not the one that is transformed");
        var isReal = inverse && oneSided;
        var length = checked((int)(wanted ?? (isReal ? 2 * (x.Shape[axis] - 1) : x.Shape[axis])));
        if (length <= 0) throw make.Node.Error($"its length is {length}", "at least 1 is needed");
        var taken = Math.Min(x.Shape[axis], isReal ? (length / 2) + 1 : length);
        var given = oneSided && !inverse ? (length / 2) + 1 : length;
        var results = isReal ? 1 : 2;
        if (taken < x.Shape[axis]) x = make.Slice(x, "taken", axis, 0, taken);
        // The other axes, then parts and places.
        int[] order = [.. Enumerable.Range(0, last).Where(a => a != axis), last, axis];
        int[] others = [.. order[..^2].Select(a => x.Shape[a])];
        var rows = make.View(make.Transpose(x, "parts", order), "rows", [.. others, parts * taken]);
        var matrix = make.Constant("matrix", x.Type, new Shape(parts * taken, results * given), i =>
        {
            var ((partIn, from), (partOut, to)) = (Math.DivRem(i / (results * given), taken),
                Math.DivRem(i % (results * given), given));
            // The mirror image of a frequency counts with it.
            var weight = isReal && from > 0 && 2 * from != length ? 2 : 1;
            return (inverse ? (double)weight / length : 1) * Factor(from, to, length, inverse, partIn, partOut);
        });
        var product = make.View(make.Apply("MatMul", "transformed", rows, matrix), "results",
            [.. others, results, given]);
        var back = new int[order.Length];
        for (var i = 0; i < order.Length; i++) back[order[i]] = i;
        make.Give(0, "Transpose", Attributes.Of(("perm", back)), product);
    }

    /// <summary>What a part (real 0, imaginary 1) of one place adds to a part of another.</summary>
    private static double Factor(int from, int to, int length, bool inverse, int partIn, int partOut)
    {
        var angle = 2 * Math.PI * ((long)from * to % length) / length;
        if (partIn == partOut) return Trigonometric.Cos(angle);
        var sine = inverse ? Trigonometric.Sin(angle) : -Trigonometric.Sin(angle);
        return partOut == 1 ? sine : -sine;
    }
}
