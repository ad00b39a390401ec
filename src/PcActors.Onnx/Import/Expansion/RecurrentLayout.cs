using System.Globalization;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Expansion;

/// <summary>The extents and directions of a recurrent node, checked against all of its inputs.</summary>
internal sealed class RecurrentLayout
{
    public const int X = 0;
    public const int W = 1;
    public const int R = 2;
    public const int B = 3;
    public const int SequenceLengths = 4;

    private readonly ImportNode _node;

    /// <summary>Takes the attributes that decide it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="gates">How many gates, or products, a step has.</param>
    /// <param name="mostSteps">How many steps may be unrolled.</param>
    /// <exception cref="OnnxException">An input's shape or an attribute does not fit the others.</exception>
    public RecurrentLayout(ImportNode node, int gates, int mostSteps)
    {
        (_node, Gates) = (node, gates);
        var x = node.Required(X).Shape;
        var r = node.Required(R).Shape;
        if (x.Rank != 3)
            throw node.Error($"its input X has the shape {x}", "three axes are needed: steps, batch, inputs");
        if (r.Rank != 3)
            throw node.Error($"its input R has the shape {r}", "[directions, gates * units, units] is needed");
        BatchFirst = node.Take("layout", 0L) == 1;
        Directions = node.Take("direction", "forward") switch
        {
            "forward" => ["forward"],
            "reverse" => ["reverse"],
            "bidirectional" => ["forward", "reverse"],
            var other =>
                throw node.Error($"its direction is '{other}'", "forward, reverse and bidirectional are possible"),
        };
        (Steps, Batch, Inputs, Units) = (x[StepAxis], x[1 - StepAxis], x[2], r[2]);
        if (Steps > mostSteps)
            throw node.Error(string.Create(CultureInfo.InvariantCulture, $"its input X has {Steps} steps"),
                string.Create(CultureInfo.InvariantCulture, $"up to {mostSteps} are unrolled"));
        Check(node.Take("hidden_size", (long)Units));
    }

    public int Gates { get; }

    /// <summary>forward, reverse, or both.</summary>
    public string[] Directions { get; }

    /// <summary>Whether the batch's axis comes before the steps' and the directions'.</summary>
    public bool BatchFirst { get; }

    /// <summary>X's axis of the steps.</summary>
    public int StepAxis => BatchFirst ? 1 : 0;

    public int Steps { get; }

    public int Batch { get; }

    public int Inputs { get; }

    public int Units { get; }

    private void Check(long hiddenSize)
    {
        RequireShape(W, "W", Directions.Length, Gates * Units, Inputs);
        RequireShape(R, "R", Directions.Length, Gates * Units, Units);
        if (_node.Input(B) is not null) RequireShape(B, "B", Directions.Length, 2 * Gates * Units);
        if (hiddenSize != Units)
            throw _node.Error($"its hidden_size is {hiddenSize}", $"its input R has {Units} units");
        if (Steps == 0) throw _node.Error("its input X has no steps");
        if (_node.Input(SequenceLengths) is null) return;
        RequireShape(SequenceLengths, "sequence_lens", Batch);
        if (_node.Input(SequenceLengths) is ConstantValue known && known.Tensor.ToIntegers() is var lengths
            && lengths.Any(l => l < 0 || l > Steps))
            throw _node.Error($"its sequence_lens are [{string.Join(", ", lengths)}]",
                $"they must be from 0 to the {Steps} steps of X");
    }

    private void RequireShape(int input, string name, params ReadOnlySpan<int> wanted)
    {
        var shape = _node.Required(input).Shape;
        if (!shape.Equals(new Shape(wanted)))
            throw _node.Error($"its input {name} has the shape {shape}", $"it must be {new Shape(wanted)}");
    }
}

/// <summary>Joins what the steps and directions of a recurrent node have given to its outputs.</summary>
/// <param name="layout">The node's extents.</param>
/// <param name="emitter">Receives the vertices.</param>
internal sealed class RecurrentOutputs(RecurrentLayout layout, IEmitter emitter)
{
    /// <summary>Y: [steps, directions, batch, units].</summary>
    /// <param name="output">Its name.</param>
    /// <param name="hidden">The hidden states [batch, units], by direction and step.</param>
    public Value Steps(string output, Value[][] hidden)
    {
        var parts = new Value[hidden.Length];
        for (var d = 0; d < parts.Length; d++)
        {
            var rows = emitter.Apply("Concat", hidden[d], Attributes.Of(("axis", 0)),
                emitter.Unique($"{output}/{layout.Directions[d]}/rows"));
            parts[d] = View(rows, PartName(output, d), layout.Steps, 1, layout.Batch, layout.Units);
        }
        return Join(output, parts, axis: 1, batchFirst: [2, 0, 1, 3]);
    }

    /// <summary>A final state: [directions, batch, units].</summary>
    /// <param name="output">Its name.</param>
    /// <param name="states">The states [batch, units], by direction.</param>
    public Value Final(string output, Value[] states)
    {
        var parts = new Value[states.Length];
        for (var d = 0; d < parts.Length; d++)
            parts[d] = View(states[d], PartName(output, d), 1, layout.Batch, layout.Units);
        return Join(output, parts, axis: 0, batchFirst: [1, 0, 2]);
    }

    private string PartName(string output, int direction) => layout.Directions.Length == 1 && !layout.BatchFirst
        ? output
        : emitter.Unique($"{output}/{layout.Directions[direction]}");

    private Value Join(string output, Value[] parts, int axis, int[] batchFirst)
    {
        var joined = parts.Length == 1
            ? parts[0]
            : emitter.Apply("Concat", parts, Attributes.Of(("axis", axis)),
                layout.BatchFirst ? emitter.Unique($"{output}/joined") : output);
        return layout.BatchFirst
            ? emitter.Apply("Transpose", [joined], Attributes.Of(("perm", batchFirst)), output)
            : joined;
    }

    private Value View(Value x, string name, params ReadOnlySpan<int> shape) =>
        emitter.Apply("Reshape", [x], Attributes.Of(("shape", shape.ToArray()), ("allowzero", true)), name);
}
