using System.Text.RegularExpressions;
using PcActors.Onnx.Files;

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
        "mean", "std", "cos", "sin", "pos_table", "stride", "strides",
        // Spectral normalisation's vectors, of PyTorch's parametrizations.
        "_u", "_v",
    };

    private readonly Dictionary<string, string> _uses = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, OnnxTensor> _initializers;

    /// <summary>Looks at how a model uses its initializers.</summary>
    /// <param name="model">The model.</param>
    public BufferSigns(OnnxModel model)
    {
        _initializers = model.Initializers;
        // What a value is but for its shape and type: an input, a number, or an initializer.
        var raw = model.Inputs.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        var constants = new HashSet<string>(StringComparer.Ordinal);
        var stored = _initializers.Keys.ToDictionary(name => name, StringComparer.Ordinal);
        // PyTorch has a number of the code in a Constant, or names it so.
        var isPyTorch = model.Proto.ProducerName == "pytorch";
        foreach (var proto in model.Nodes.Select(n => n.Proto))
        {
            if (proto.Output.Count == 0) continue;
            var (first, second) = (proto.Input.ElementAtOrDefault(0) ?? "", proto.Input.ElementAtOrDefault(1) ?? "");
            switch (proto.OpType)
            {
                case "Constant":
                    constants.Add(proto.Output[0]);
                    break;
                case "Identity" or "Cast" or "Reshape" or "Unsqueeze" or "Squeeze" or "Expand" or "Transpose":
                    if (raw.Contains(first)) raw.Add(proto.Output[0]);
                    if (stored.TryGetValue(first, out var same)) stored[proto.Output[0]] = same;
                    break;
                case "Add" or "Sub" or "Mul" or "Div" when raw.Contains(first) && constants.Contains(second):
                    raw.Add(proto.Output[0]);
                    break;
                case "Sub" or "Div" when raw.Contains(first) && stored.TryGetValue(second, out var name)
                    && !IsOfWeight(name):
                    _uses[name] = "it normalises the input";
                    raw.Add(proto.Output[0]);
                    break;
                case "Pow" when _initializers.TryGetValue(second, out var exponent)
                    && (!isPyTorch || IsOfConstant(second))
                    && exponent.Type.IsFloat() && exponent.Shape.Length <= 1
                    && exponent.Values.Span.ToArray().All(e => e == Math.Round(e) || Math.Abs(e) == 0.5):
                    _uses[second] = "it is the exponent of a power or a root";
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
        return BufferElements.SignOf(tensor);
    }

    private static bool IsOfWeight(string name) => name.EndsWith("weight", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("bias", StringComparison.OrdinalIgnoreCase);

    private static bool IsOfConstant(string name) =>
        name.Contains("Constant", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("_output_0", StringComparison.Ordinal)
        || name.StartsWith("onnx::", StringComparison.Ordinal)
        || name.StartsWith("_val_", StringComparison.Ordinal)
        || name.StartsWith("val_", StringComparison.Ordinal)
        || name.StartsWith("const_", StringComparison.Ordinal)
        || name.All(char.IsAsciiDigit);

    /// <summary>A mask's name: mask, attn_mask, mask1. A token for what is masked is a weight.</summary>
    [GeneratedRegex(@"(^|_)masks?\d*$", RegexOptions.IgnoreCase)]
    private static partial Regex Mask();
}
