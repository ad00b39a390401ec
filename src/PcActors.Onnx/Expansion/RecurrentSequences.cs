using System.Globalization;
using PcActors.Functions;
using PcActors.Onnx.Import;
using PcActors.Tensors;

namespace PcActors.Onnx.Expansion;

/// <summary>The sequences of a batch, which may be of several lengths: the first steps of X are theirs,
/// whatever the direction.</summary>
/// <param name="layout">The node's extents.</param>
/// <param name="node">The node; its sequence_lens [batch] may be constant, or depend on data.</param>
/// <param name="emitter">Receives the vertices.</param>
internal sealed class RecurrentSequences(RecurrentLayout layout, ImportNode node, IEmitter emitter)
{
    private readonly Value?[] _running = new Value?[layout.Steps];
    private readonly Value? _lengths = LengthsOf(layout, node);

    /// <summary>A state [batch, units] after a step: where the sequence is over, what it was before.</summary>
    public Value State(int step, Value next, Value before) =>
        IsRunning(step) is { } running ? Choose(running, next, before, $"{next.Name}/state") : next;

    /// <summary>What a step [batch, units] contributes to Y: zeros where the sequence is over.</summary>
    public Value Output(int step, Value next)
    {
        if (IsRunning(step) is not { } running) return next;
        var zero = new ConstantValue(emitter.Unique($"{next.Name}/zero"),
            OnnxTensor.Of(next.Type, Tensor<double>.Scalar(0)));
        return Choose(running, next, zero, $"{next.Name}/output");
    }

    private static Value? LengthsOf(RecurrentLayout layout, ImportNode node)
    {
        var lengths = node.Input(RecurrentLayout.SequenceLengths);
        return lengths is ConstantValue known && known.Tensor.ToIntegers().All(l => l == layout.Steps) ? null : lengths;
    }

    private Value Choose(Value running, Value yes, Value no, string name) =>
        emitter.Apply("Where", [running, yes, no], Attributes.Empty, emitter.Unique(name));

    /// <summary>Truth values [batch, 1], which all units and directions share; null when no
    /// sequence is ever over.</summary>
    private Value? IsRunning(int step)
    {
        if (_lengths is not { } lengths) return null;
        if (_running[step] is { } known) return known;
        var name = string.Create(CultureInfo.InvariantCulture, $"{node.Prefix}/running/{step}");
        var column = emitter.Apply(
            "Reshape", [lengths], Attributes.Of(("shape", new[] { layout.Batch, 1 }), ("allowzero", true)),
            emitter.Unique($"{name}/lengths"));
        var now = new ConstantValue(emitter.Unique($"{name}/step"),
            OnnxTensor.Of(lengths.Type, Tensor<double>.Scalar(step)));
        return _running[step] = emitter.Apply("Greater", [column, now], Attributes.Empty, emitter.Unique(name));
    }
}
