using PcActors.Onnx.Files;
namespace PcActors.Onnx;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements; null when the model does not say, or it is no tensor of a type that is read.</param>
/// <param name="Dimensions">Its extents, outermost first; null when the model does not say.</param>
public sealed record OnnxValue(string Name, OnnxElementType? Type, IReadOnlyList<OnnxDimension>? Dimensions)
{
    /// <summary>For example <c>x: float[N, 784]</c>.</summary>
    public override string ToString() =>
        $"{Name}: {Type?.Name() ?? "?"}{(Dimensions is null ? "" : $"[{string.Join(", ", Dimensions)}]")}";
}

/// <summary>An extent of an input or output: a number, a symbol that stands for one, or neither.</summary>
/// <param name="Extent">The number; null when it is open.</param>
/// <param name="Symbol">The symbol, such as <c>N</c>; null when there is none.</param>
public readonly record struct OnnxDimension(int? Extent, string? Symbol)
{
    /// <summary>The number, the symbol, or a question mark.</summary>
    public override string ToString() => Extent?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
