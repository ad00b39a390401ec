using System.Collections.Immutable;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>A sequence of values, of which it is known how many there are. It is there while a model is read: what
/// reads its elements reads the values themselves.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Elements">The values.</param>
internal sealed record SequenceValue(string Name, ImmutableList<Value> Elements)
    : Value(Name, Elements.Count > 0 ? Elements[0].Type : OnnxElementType.Float, Shape.Scalar)
{
    private static readonly HashSet<string> Readers = new(StringComparer.Ordinal)
    {
        "ConcatFromSequence", "Identity", "If", "Loop", "Optional", "OptionalGetElement", "OptionalHasElement",
        "SequenceAt", "SequenceErase", "SequenceInsert", "SequenceLength", "SequenceMap",
    };

    /// <summary>Refuses a node that reads a sequence where it needs a tensor.</summary>
    /// <exception cref="OnnxException">It does.</exception>
    public static void RequireNone(ImportNode node)
    {
        if (Readers.Contains(node.OperatorType)) return;
        if (node.Inputs.OfType<SequenceValue>().FirstOrDefault() is { } sequence)
            throw node.Error($"it reads '{sequence.Name}', a sequence of {sequence.Elements.Count} tensors",
                "it needs a tensor");
    }
}
