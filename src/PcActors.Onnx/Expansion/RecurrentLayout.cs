using PcActors.Onnx.Import;
using PcActors.Tensors;

namespace PcActors.Onnx.Expansion;

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
    /// <exception cref="OnnxException">An input's shape or an attribute does not fit the others.</exception>
    public RecurrentLayout(ImportNode node, int gates)
    {
        (_node, Gates) = (node, gates);
        var x = node.Required(X).Shape;
        var r = node.Required(R).Shape;
        if (x.Rank != 3) throw node.Error($"its input X has the shape {x}", "three axes are needed: steps, batch, inputs");
        if (r.Rank != 3) throw node.Error($"its input R has the shape {r}", "[directions, gates * units, units] is needed");
        BatchFirst = node.Take("layout", 0L) == 1;
        Directions = node.Take("direction", "forward") switch
        {
            "forward" => ["forward"],
            "reverse" => ["reverse"],
            "bidirectional" => ["forward", "reverse"],
            var other => throw node.Error($"its direction is '{other}'", "forward, reverse and bidirectional are possible"),
        };
        (Steps, Batch, Inputs, Units) = (x[StepAxis], x[1 - StepAxis], x[2], r[2]);
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
        if (hiddenSize != Units) throw _node.Error($"its hidden_size is {hiddenSize}", $"its input R has {Units} units");
        if (Steps == 0) throw _node.Error("its input X has no steps");
        if (_node.Input(SequenceLengths) is null) return;
        RequireShape(SequenceLengths, "sequence_lens", Batch);
        if (_node.Input(SequenceLengths) is ConstantValue known && known.Tensor.ToIntegers() is var lengths && lengths.Any(l => l < 0 || l > Steps))
            throw _node.Error($"its sequence_lens are [{string.Join(", ", lengths)}]", $"they must be from 0 to the {Steps} steps of X");
    }

    private void RequireShape(int input, string name, params ReadOnlySpan<int> wanted)
    {
        var shape = _node.Required(input).Shape;
        if (!shape.Equals(new Shape(wanted))) throw _node.Error($"its input {name} has the shape {shape}", $"it must be {new Shape(wanted)}");
    }
}
