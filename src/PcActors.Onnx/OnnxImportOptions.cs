using PcActors.Tensors;

namespace PcActors.Onnx;

/// <summary>What a model file leaves open.</summary>
public sealed record OnnxImportOptions
{
    /// <summary>Samples in one micro-batch: the extent of every input's first dimension that is a symbol or open. An input whose
    /// dimensions are all fixed must have this first one. Null when the model fixes it, or <see cref="Dimensions"/> does.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Extents of symbolic dimensions, by symbol. They come before <see cref="BatchSize"/>.</summary>
    public IReadOnlyDictionary<string, int> Dimensions { get; init; } = new Dictionary<string, int>();

    /// <summary>Whole shapes of inputs, by name: those of arrays that are at hand. A symbol has one extent in all of them, and they
    /// come before <see cref="BatchSize"/>.</summary>
    public IReadOnlyDictionary<string, Shape> InputShapes { get; init; } = new Dictionary<string, Shape>();

    /// <summary>Names of initializers that do not learn.</summary>
    public IReadOnlyCollection<string> Frozen { get; init; } = [];

    /// <summary>Inputs that always have the same value, by name: they become constants. Inputs that decide shapes must be among
    /// them.</summary>
    public IReadOnlyDictionary<string, OnnxTensor> FixedInputs { get; init; } = new Dictionary<string, OnnxTensor>();

    /// <summary>The output that becomes the root. What does not lead to it is left out. Null when the model has only one.</summary>
    public string? Output { get; init; }

    /// <summary>Whether the elements of initializers that learn are given up in the model once they are in the graph, so that a
    /// large model is not held twice. It can be exported with new values then, but not imported again.</summary>
    public bool TakesOver { get; init; }
}
