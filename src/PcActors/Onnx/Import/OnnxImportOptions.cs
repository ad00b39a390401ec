namespace PcActors.Onnx;

/// <summary>What a model file leaves open.</summary>
public sealed record OnnxImportOptions
{
    /// <summary>Samples in one micro-batch: the extent of every input's first dimension that is a symbol or open. An input whose
    /// dimensions are all fixed must have this first one. Null when the model fixes it, or <see cref="Dimensions"/> does.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Extents of symbolic dimensions, by symbol. They come before <see cref="BatchSize"/>.</summary>
    public IReadOnlyDictionary<string, int> Dimensions { get; init; } = new Dictionary<string, int>();

    /// <summary>Names of initializers that do not learn.</summary>
    public IReadOnlyCollection<string> Frozen { get; init; } = [];

    /// <summary>Inputs that always have the same value, by name: they become constants. Inputs that decide shapes must be among
    /// them.</summary>
    public IReadOnlyDictionary<string, OnnxTensor> FixedInputs { get; init; } = new Dictionary<string, OnnxTensor>();

    /// <summary>The output that becomes the root. What does not lead to it is left out. Null when the model has only one.</summary>
    public string? Output { get; init; }
}
