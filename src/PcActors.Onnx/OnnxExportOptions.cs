using PcActors.Data;

namespace PcActors.Onnx;

/// <summary>What an exported model has besides the network and its parameters.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>What is done to the data of inputs, by their names: a Sub and a Mul at the input, so that the model
    /// takes data as they are.</summary>
    public IReadOnlyDictionary<string, Standardization> Inputs { get; init; } =
        new Dictionary<string, Standardization>();

    /// <summary>What was done to what the output is to be like: a Mul and an Add at the output undo it, so that the
    /// model predicts data as they are. Null for nothing.</summary>
    public Standardization? Output { get; init; }

    /// <summary>Entries of the model's <c>metadata_props</c>. Others that it has are kept.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
