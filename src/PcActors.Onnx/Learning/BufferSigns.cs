using System.Numerics.Tensors;
using System.Text.RegularExpressions;
using PcActors.Onnx.Files;
using PcActors.Onnx.Form;

namespace PcActors.Onnx.Learning;

/// <summary>Signs by which a tensor is taken for a part of the network's definition, and not for a weight, where the
/// file does not say which it is.</summary>
internal sealed partial class BufferSigns
{
    // Names that frameworks and their usual models give to what is registered as a buffer.
    private static readonly HashSet<string> Buffers = new(StringComparer.OrdinalIgnoreCase)
    {
        "running_mean", "running_var", "num_batches_tracked", "inv_freq", "pe", "position_ids", "token_type_ids",
        "cos_cached", "sin_cached", "freqs_cis", "freqs_cos", "freqs_sin", "cos_cache", "sin_cache",
        "relative_position_index", "relative_coords_table", "masked_bias", "anchors", "anchor_grid", "pixel_mean",
        "pixel_std", "image_mean", "image_std", "moving_mean", "moving_variance", "slopes", "alibi_slopes", "window",
        // Spectral normalisation's vectors, of PyTorch's parametrizations.
        "_u", "_v",
    };

    // Larger ones are not looked into.
    private const int MostElements = 1 << 24;
    private const double FarBelow = -1e4;

    private readonly Dictionary<string, string> _uses = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, OnnxTensor> _initializers;

    /// <summary>Looks at how a model uses its initializers.</summary>
    /// <param name="nodes">Its nodes, sorted.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="initializers">Its initializers.</param>
    public BufferSigns(IReadOnlyList<VersionedNode> nodes, IEnumerable<string> inputs,
        IReadOnlyDictionary<string, OnnxTensor> initializers)
    {
        _initializers = initializers;
        var raw = new HashSet<string>(inputs, StringComparer.Ordinal);
        foreach (var proto in nodes.Select(n => n.Proto))
        {
            if (proto.Output.Count == 0 || proto.Input.Count == 0) continue;
            switch (proto.OpType)
            {
                case "Identity" or "Cast" when raw.Contains(proto.Input[0]):
                    raw.Add(proto.Output[0]);
                    break;
                case "Sub" or "Div" when proto.Input.Count == 2 && raw.Contains(proto.Input[0])
                    && initializers.ContainsKey(proto.Input[1]):
                    _uses[proto.Input[1]] = "it normalises the input";
                    raw.Add(proto.Output[0]);
                    break;
                case "Pow" when proto.Input.Count == 2 && initializers.TryGetValue(proto.Input[1], out var exponent)
                    && exponent.Type.IsFloat() && exponent.Shape.Length <= 1
                    && exponent.Values.Span.ToArray().All(e => e == Math.Round(e) || Math.Abs(e) == 0.5):
                    _uses[proto.Input[1]] = "it is the exponent of a power or a root";
                    break;
            }
        }
    }

    /// <summary>Why a tensor is taken for no weight; null when there is no sign of it.</summary>
    public string? Of(string name, OnnxTensor tensor)
    {
        if (_uses.TryGetValue(name, out var use)) return use;
        var last = name[(name.LastIndexOfAny(['.', '/', ':']) + 1)..];
        if (Buffers.Contains(last) || Mask().IsMatch(last)) return $"'{last}' is a usual name of a buffer";
        if (name.EndsWith("_u", StringComparison.Ordinal) || name.EndsWith("_v", StringComparison.Ordinal))
        {
            if (_initializers.ContainsKey($"{name[..^2]}_orig"))
                return $"'{last}' is a vector of the spectral normalisation of '{name[..^2]}_orig'";
        }
        if (tensor.Shape.Length == 1 && tensor.Shape.Rank == 0 && IsOfConstant(name))
            return "it is a single number under a constant's name";
        return tensor.Shape.Length <= MostElements ? OfElements(tensor) : null;
    }

    private static bool IsOfConstant(string name) =>
        name.Contains("Constant", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("_output_0", StringComparison.Ordinal)
        || name.StartsWith("onnx::", StringComparison.Ordinal)
        || name.StartsWith("_val_", StringComparison.Ordinal)
        || name.StartsWith("val_", StringComparison.Ordinal)
        || name.StartsWith("const_", StringComparison.Ordinal)
        || name.All(char.IsAsciiDigit);

    private static string? OfElements(OnnxTensor tensor)
    {
        var values = tensor.Floats();
        if (!values.IsEmpty && !float.IsFinite(TensorPrimitives.MaxMagnitude(values)))
            return "it holds infinities or no numbers, as a mask does";
        if (IsFarBelow(values)) return "it is a mask of large numbers";
        return IsTriangle(values, tensor.Shape.Dimensions)
            ? "it is a triangle of ones, as a causal mask is"
            : null;
    }

    /// <summary>A mask's name: mask, attn_mask, mask1. A token for what is masked is a weight.</summary>
    [GeneratedRegex(@"(^|_)masks?\d*$", RegexOptions.IgnoreCase)]
    private static partial Regex Mask();

    /// <summary>Whether there are numbers far below zero, and besides them only zeros.</summary>
    private static bool IsFarBelow(ReadOnlySpan<float> values)
    {
        var any = false;
        foreach (var value in values)
        {
            if (value == 0) continue;
            if (value > FarBelow) return false;
            any = true;
        }
        return any;
    }

    /// <summary>Whether the last two axes hold ones up to the diagonal and zeros after it.</summary>
    private static bool IsTriangle(ReadOnlySpan<float> values, ReadOnlySpan<int> extents)
    {
        if (extents.Length < 2 || extents[^1] < 2 || extents[^1] != extents[^2]) return false;
        var n = extents[^1];
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] != (i % n <= i / n % n ? 1 : 0)) return false;
        }
        return values.Length > 0;
    }
}
