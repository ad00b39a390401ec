using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>The attributes that Conv and ConvTranspose share.</summary>
/// <remarks>kernel_shape (the weight's), strides, dilations (1), pads (0; those before each axis, then those after), auto_pad
/// (NOTSET), group (1).</remarks>
internal sealed class ConvolutionAttributes
{
    private readonly int[]? _kernel;
    private readonly int[]? _strides;
    private readonly int[]? _dilations;
    private readonly int[]? _pads;

    /// <summary>Reads the attributes.</summary>
    /// <exception cref="AttributeException">One is out of range, or both pads and auto_pad are given.</exception>
    public ConvolutionAttributes(Attributes attributes)
    {
        _kernel = List(attributes, "kernel_shape", 1);
        _strides = List(attributes, "strides", 1);
        _dilations = List(attributes, "dilations", 1);
        _pads = List(attributes, "pads", 0);
        var group = attributes.Integer("group", 1);
        if (group is < 1 or > int.MaxValue) throw new AttributeException($"group is {group}; it must be positive");
        Group = (int)group;
        var text = attributes.Text("auto_pad", "NOTSET");
        AutoPad = text switch
        {
            "NOTSET" => AutoPad.NotSet,
            "VALID" => AutoPad.Valid,
            "SAME_UPPER" => AutoPad.SameUpper,
            "SAME_LOWER" => AutoPad.SameLower,
            _ => throw new AttributeException($"auto_pad is '{text}'; it is NOTSET, SAME_UPPER, SAME_LOWER or VALID"),
        };
        // Some exporters write pads of 0 beside it, which say nothing.
        if (AutoPad != AutoPad.NotSet && _pads?.Any(pad => pad != 0) == true)
            throw new AttributeException($"pads is [{string.Join(", ", _pads)}] and auto_pad is '{text}'; only one of them may be set");
    }

    public int Group { get; }

    public AutoPad AutoPad { get; }

    /// <summary>The distance of an axis's neighbouring outputs.</summary>
    public int Stride(int axis) => _strides?[axis] ?? 1;

    /// <summary>The distance of an axis's neighbouring taps.</summary>
    public int Dilation(int axis) => _dilations?[axis] ?? 1;

    /// <summary>Zeros before an axis by the attribute pads.</summary>
    public int Before(int axis) => _pads?[axis] ?? 0;

    /// <summary>Zeros after it.</summary>
    public int After(int axis) => _pads?[axis + (_pads.Length / 2)] ?? 0;

    /// <summary>From the first element that the kernel's taps read to the end of the last.</summary>
    public long Reach(int axis, int kernel) => ((kernel - 1L) * Dilation(axis)) + 1;

    /// <summary>What is wrong with the attributes for a weight, or null when they fit.</summary>
    public string? Misfit(Shape weight)
    {
        var axes = weight.Rank - 2;
        var kernel = weight.Dimensions[2..];
        if (_kernel is not null && !kernel.SequenceEqual(_kernel))
            return $"kernel_shape is [{string.Join(", ", _kernel)}] and the weight's shape is {weight}; its last extents must be these";
        return WrongLength("strides", _strides, axes, "one") ?? WrongLength("dilations", _dilations, axes, "one")
            ?? WrongLength("pads", _pads, 2 * axes, "two");
    }

    /// <summary>A list of numbers that no shape exceeds, or null when it is not set.</summary>
    /// <exception cref="AttributeException">A number is smaller than the least.</exception>
    public static int[]? List(Attributes attributes, string name, int least)
    {
        // An empty list is how exporters leave one out.
        if (attributes.Integers(name) is not { Length: > 0 } list) return null;
        if (list.Any(number => number < least || number > int.MaxValue))
            throw new AttributeException($"{name} is [{string.Join(", ", list)}]; each must be at least {least} and below 2^31");
        return Array.ConvertAll(list, number => (int)number);
    }

    /// <summary>What is wrong with a list's length, or null.</summary>
    public static string? WrongLength(string name, int[]? list, int length, string wanted) => list is null || list.Length == length
        ? null
        : $"{name} is [{string.Join(", ", list)}]; there must be {wanted} for each spatial axis, {length} in all";
}
