using PcActors.Functions;
using PcActors.Onnx.Import.Expansion;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Operators on images that are others, once shapes are known.</summary>
internal static class ImageRules
{
    /// <summary>A grid of places, moved by a matrix for each sample.</summary>
    public static void AffineGrid(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var theta = node.Required(0);
        var corners = node.Take("align_corners", 0L) != 0;
        make.RequireNoOthers();
        int[] size = [.. node.RequiredConstant(1, "size").ToIntegers().Select(e => checked((int)e))];
        var rank = size.Length - 2;
        if (rank is not (2 or 3) || theta.Shape.Rank != 3 || theta.Shape[1] != rank || theta.Shape[2] != rank + 1)
            throw node.Error($"its size has {size.Length} extents, and theta the shape {theta.Shape}",
                "[N, C, H, W] and [N, 2, 3] are needed, or [N, C, D, H, W] and [N, 3, 4]");
        int[] extents = size[2..];
        var places = extents.Aggregate(1, (product, e) => checked(product * e));
        var strides = new Shape(extents).Strides();
        // A column of places along each axis, the last axis first, and one of ones.
        var grid = make.Constant("places", theta.Type, new Shape(places, rank + 1), i =>
        {
            var (place, column) = (i / (rank + 1), i % (rank + 1));
            if (column == rank) return 1;
            var axis = rank - 1 - column;
            var (at, extent) = (place / strides[axis] % extents[axis], extents[axis]);
            return corners ? extent == 1 ? 0 : (2.0 * at / (extent - 1)) - 1 : ((2.0 * at) + 1) / extent - 1;
        });
        var moved = make.Apply("MatMul", "moved", grid, make.Transpose(theta, "theta/transposed", 0, 2, 1));
        make.Give(0, "Reshape", Composition.ShapeOf([theta.Shape[0], .. extents, rank]), moved);
    }

    /// <summary>Cut or padded on both sides alike, one element more behind where the difference is odd.</summary>
    public static void CenterCropPad(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var x = node.Required(0);
        var shape = node.RequiredConstant(1, "shape").ToIntegers();
        var axes = node.Take("axes", Enumerable.Range(0, x.Shape.Rank).Select(a => (long)a).ToArray());
        make.RequireNoOthers();
        if (axes.Length != shape.Length)
            throw node.Error($"its shape has {shape.Length} extents for {axes.Length} axes");
        var extents = x.Shape.Dimensions.ToArray();
        for (var i = 0; i < axes.Length; i++) extents[x.Shape.Axis((int)axes[i])] = checked((int)shape[i]);
        var cut = x;
        for (var axis = 0; axis < extents.Length; axis++)
        {
            var surplus = x.Shape[axis] - extents[axis];
            if (surplus > 0)
                cut = make.Slice(cut, $"cut/{axis}", axis, surplus / 2, (surplus / 2) + extents[axis]);
        }
        int[] missing = [.. extents.Select((e, axis) => Math.Max(0, e - x.Shape[axis]))];
        make.Give(0, "Pad",
            Attributes.Of(("pads", (int[])[.. missing.Select(m => m / 2), .. missing.Select(m => m - (m / 2))])), cut);
    }

    /// <summary>Blocks laid over each other and summed: the convolution, transposed, with a kernel of ones and zeros
    /// for each element of a block.</summary>
    public static void Col2Im(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var x = node.Required(0);
        int[] image = [.. node.RequiredConstant(1, "image_shape").ToIntegers().Select(e => checked((int)e))];
        int[] block = [.. node.RequiredConstant(2, "block_shape").ToIntegers().Select(e => checked((int)e))];
        var rank = image.Length;
        var dilations = node.Take("dilations", Enumerable.Repeat(1L, rank).ToArray());
        var strides = node.Take("strides", Enumerable.Repeat(1L, rank).ToArray());
        var pads = node.Take("pads", new long[2 * rank]);
        make.RequireNoOthers();
        var taps = block.Aggregate(1, (product, e) => checked(product * e));
        if (block.Length != rank || dilations.Length != rank || strides.Length != rank || pads.Length != 2 * rank
            || x.Shape.Rank != 3 || taps <= 0 || x.Shape[1] % taps != 0 || strides.Any(s => s <= 0))
            throw node.Error($"its input has the shape {x.Shape}, and blocks are {new Shape(block)}",
                "[batch, channels times elements of a block, blocks] is needed, and numbers for each axis");
        int[] counts = [.. image.Select((e, a) => (int)(
            ((e + pads[a] + pads[rank + a] - (dilations[a] * (block[a] - 1)) - 1) / strides[a]) + 1))];
        var (columns, batch) = (x.Shape[1], x.Shape[0]);
        var kernel = make.Constant("kernel", x.Type, new Shape([columns, 1, .. block]),
            i => i / taps % taps == i % taps ? 1 : 0);
        // What no block reaches, behind the last one.
        int[] behind = [.. image.Select((e, a) => (int)(e + pads[a] + pads[rank + a]
            - ((counts[a] - 1) * strides[a]) - (dilations[a] * (block[a] - 1)) - 1))];
        var blocks = make.View(x, "blocks", [batch, columns, .. counts]);
        make.Give(0, "ConvTranspose", Attributes.Of(
            ("group", columns / taps), ("strides", strides), ("dilations", dilations), ("pads", pads),
            ("output_padding", behind)), blocks, kernel);
    }

    /// <summary>Each element in the place of a larger array that it came from.</summary>
    public static void MaxUnpool(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var (x, places) = (node.Required(0), node.Required(1));
        var kernel = node.Take<long[]>("kernel_shape", []);
        var strides = node.Take("strides", Enumerable.Repeat(1L, kernel.Length).ToArray());
        var pads = node.Take("pads", new long[2 * kernel.Length]);
        make.RequireNoOthers();
        if (kernel.Length != x.Shape.Rank - 2 || !places.Shape.Equals(x.Shape) || strides.Length != kernel.Length
            || pads.Length != 2 * kernel.Length)
            throw node.Error($"its input has the shape {x.Shape}, and its indices {places.Shape}",
                "they must be equal, with two axes more than the kernel, the strides and half the pads");
        int[] whole = [x.Shape[0], x.Shape[1], .. kernel.Select((k, a) => checked((int)(
            ((x.Shape[a + 2] - 1) * strides[a]) - pads[a] - pads[kernel.Length + a] + k)))];
        var length = new Shape(whole).Length;
        var zeros = make.Constant("zeros", x.Type, new Shape(length), _ => 0);
        var written = make.Apply("ScatterElements", "written", Attributes.Of(("axis", 0)), zeros,
            make.View(places, "places", places.Shape.Length), make.View(x, "elements", x.Shape.Length));
        if (node.Constant(2, "output_shape")?.ToIntegers() is not { } wanted)
        {
            make.Give(0, "Reshape", Composition.ShapeOf(whole), written);
            return;
        }
        if (wanted.Length != whole.Length)
            throw node.Error($"its output_shape has {wanted.Length} extents", $"{whole.Length} are needed");
        int[] pad = [.. Enumerable.Repeat(0, whole.Length), .. wanted.Select((e, a) => (int)e - whole[a])];
        make.Give(0, "Pad", Attributes.Of(("pads", pad)), make.View(written, "whole", whole));
    }

    /// <summary>Opset 16 has other names for two of the modes.</summary>
    public static void GridSample(ImportNode node, IEmitter emitter)
    {
        if (node.Has("mode", "bilinear")) node.Attributes["mode"] = "linear";
        if (node.Has("mode", "bicubic")) node.Attributes["mode"] = "cubic";
        emitter.Import(node);
    }
}
