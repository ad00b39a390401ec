using System.Globalization;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx;

/// <summary>A recurrent operator, unrolled: every product, gate and state of every time step is a vertex.</summary>
/// <remarks>Inputs: X [steps, batch, inputs], W [directions, gates units, inputs], R [directions, gates units, units], B
/// [directions, 2 gates units], sequence_lens, initial_h [directions, batch, units]. With layout = 1 the batch comes first in
/// X, Y and the states.</remarks>
internal abstract class RecurrentExpansion
{
    private const int X = 0;
    private const int W = 1;
    private const int R = 2;
    private const int B = 3;
    private const int SequenceLengths = 4;
    private const int BatchFirst = 1;

    private readonly int _gates;
    private readonly long _layout;
    private readonly string[] _directions;
    private readonly RecurrentActivation[] _activations;
    private readonly Value?[] _steps;

    /// <summary>Reads a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="emitter">Receives the vertices.</param>
    /// <param name="gates">How many gates, or products, a step has.</param>
    /// <param name="activations">The activations of one direction when the node names none.</param>
    protected RecurrentExpansion(ImportNode node, IEmitter emitter, int gates, params string[] activations)
    {
        (Node, Emitter, _gates) = (node, emitter, gates);
        var x = node.Required(X).Shape;
        var r = node.Required(R).Shape;
        if (x.Rank != 3) throw node.Error($"its input X has the shape {x}", "three axes are needed: steps, batch, inputs");
        if (r.Rank != 3) throw node.Error($"its input R has the shape {r}", "[directions, gates * units, units] is needed");
        _layout = node.Take("layout", 0L);
        _directions = node.Take("direction", "forward") switch
        {
            "forward" => ["forward"],
            "reverse" => ["reverse"],
            "bidirectional" => ["forward", "reverse"],
            var other => throw node.Error($"its direction is '{other}'", "forward, reverse and bidirectional are possible"),
        };
        (Steps, Batch, Inputs, Units) = (x[_layout == BatchFirst ? 1 : 0], x[_layout == BatchFirst ? 0 : 1], x[2], r[2]);
        _steps = new Value?[Steps];
        _activations = RecurrentActivation.Take(node, activations, _directions.Length);
        Check(node.Take("hidden_size", (long)Units));
    }

    /// <summary>Outputs and final states of one direction: Y's by step, then one for each of the other outputs.</summary>
    protected sealed record Pass(Value[] Hidden, Value[] Final);

    protected ImportNode Node { get; }

    protected IEmitter Emitter { get; }

    protected int Steps { get; }

    protected int Batch { get; }

    protected int Units { get; }

    private int Inputs { get; }

    /// <summary>Which direction is being unrolled.</summary>
    protected int Direction { get; private set; }

    /// <summary>W of the direction: [gates units, inputs].</summary>
    protected Value Weight { get; private set; } = null!;

    /// <summary>R of the direction: [gates units, units].</summary>
    protected Value Recurrence { get; private set; } = null!;

    /// <summary>The first half of B of the direction: [gates units]; null when there is none.</summary>
    protected Value? InputBias { get; private set; }

    /// <summary>The second half of B.</summary>
    protected Value? RecurrenceBias { get; private set; }

    /// <summary>Unrolls the node.</summary>
    protected void Expand()
    {
        var passes = new Pass[_directions.Length];
        for (Direction = 0; Direction < passes.Length; Direction++)
        {
            Weight = OfDirection(Node.Required(W), "W");
            Recurrence = OfDirection(Node.Required(R), "R");
            (InputBias, RecurrenceBias) = Node.Input(B) is { } bias ? Halves(OfDirection(bias, "B")) : (null, null);
            passes[Direction] = Unroll(_directions[Direction] == "reverse");
        }
        for (var output = 0; output < Node.Outputs.Count; output++)
        {
            var name = Node.Outputs[output];
            if (Emitter.IsRead(name)) Emitter.Define(output == 0 ? JoinSteps(name, passes) : JoinStates(name, passes, output - 1));
        }
    }

    /// <summary>Unrolls one direction.</summary>
    /// <param name="backwards">Whether it runs from the last step to the first.</param>
    protected abstract Pass Unroll(bool backwards);

    /// <summary>The steps in the order in which the direction takes them.</summary>
    protected IEnumerable<int> Order(bool backwards) =>
        backwards ? Enumerable.Range(0, Steps).Reverse() : Enumerable.Range(0, Steps);

    /// <summary>X at a step: [batch, inputs].</summary>
    protected Value StepInput(int step)
    {
        if (_steps[step] is { } known) return known;
        var axis = _layout == BatchFirst ? 1 : 0;
        var name = string.Create(CultureInfo.InvariantCulture, $"{Node.Prefix}/x/{step}");
        var slice = Emitter.Apply("Slice", [Node.Required(X)], Range(axis, step, step + 1), Emitter.Unique($"{name}/slice"));
        return _steps[step] = View(slice, Emitter.Unique(name), Batch, Inputs);
    }

    /// <summary>A state before the first step, [batch, units]: zeros when the node has none.</summary>
    protected Value InitialState(int input, string name)
    {
        if (Node.Input(input) is not { } state)
        {
            var zeros = OnnxTensor.Of(Node.Required(X).Type, new Tensor<double>(new Shape(Batch, Units)));
            return new ConstantValue(Emitter.Unique(Name(name)), zeros);
        }
        if (_layout == BatchFirst)
            state = Emitter.Apply("Transpose", [state], Attributes.Of(("perm", new[] { 1, 0, 2 })), Emitter.Unique(Name($"{name}/transposed")));
        return OfDirection(state, name);
    }

    /// <summary>The direction's part of an input whose first axis is the directions'.</summary>
    protected Value OfDirection(Value input, string name)
    {
        var shape = input.Shape;
        if (shape.Rank < 2 || shape[0] != _directions.Length)
            throw Node.Error($"its input {name} has the shape {shape}", $"it has {_directions.Length} directions");
        if (shape[0] > 1) input = Emitter.Apply("Slice", [input], Range(0, Direction, Direction + 1), Emitter.Unique(Name($"{name}/slice")));
        return View(input, Emitter.Unique(Name(name)), shape.Dimensions[1..]);
    }

    /// <summary>The activation of a value.</summary>
    /// <param name="which">Which one of the direction's.</param>
    /// <param name="x">The value.</param>
    /// <param name="name">The vertex's name.</param>
    protected Value Activate(int which, Value x, string name) =>
        _activations[(Direction * _activations.Length / _directions.Length) + which].Apply(Emitter, x, Emitter.Unique(Name(name)));

    /// <summary>x weight^T + addend.</summary>
    protected Value Product(Value x, Value weight, Value? addend, string name) =>
        Apply("Gemm", name, Attributes.Of(("transB", true)), addend is null ? [x, weight] : [x, weight, addend]);

    /// <summary>Units from a gate on, out of [..., gates units].</summary>
    protected Value Gates(Value gates, int first, int count, string name) =>
        Apply("Slice", name, Range(gates.Shape.Rank - 1, first * Units, (first + count) * Units), gates);

    /// <summary>Rows of gates, out of [gates units, ...].</summary>
    protected Value GateRows(Value gates, int first, int count, string name) =>
        Apply("Slice", name, Range(0, first * Units, (first + count) * Units), gates);

    protected Value Apply(string operatorType, string name, params ReadOnlySpan<Value> inputs) =>
        Apply(operatorType, name, Attributes.Empty, inputs);

    /// <summary>The name of a vertex of the direction.</summary>
    protected string Name(string name) => $"{Node.Prefix}/{_directions[Math.Min(Direction, _directions.Length - 1)]}/{name}";

    /// <summary>Refuses attributes that the expansion has not taken.</summary>
    protected void RequireNoOthers()
    {
        if (Node.Attributes.ContainsKey("clip")) throw Node.Error("it clips its activations", "only recurrent layers without clip are supported");
        if (Node.Attributes.Count > 0) throw Node.Error($"its attribute '{Node.Attributes.Keys.First()}' is not known");
    }

    private static Attributes Range(int axis, int start, int end) =>
        Attributes.Of(("starts", new[] { start }), ("ends", new[] { end }), ("axes", new[] { axis }));

    private Value Apply(string operatorType, string name, Attributes attributes, params ReadOnlySpan<Value> inputs) =>
        Emitter.Apply(operatorType, inputs, attributes, Emitter.Unique(Name(name)));

    private Value View(Value x, string name, params ReadOnlySpan<int> shape) =>
        Emitter.Apply("Reshape", [x], Attributes.Of(("shape", shape.ToArray()), ("allowzero", true)), name);

    private (Value Input, Value Recurrence) Halves(Value bias) =>
        (GateRows(bias, 0, _gates, "Wb"), GateRows(bias, _gates, _gates, "Rb"));

    /// <summary>Y: [steps, directions, batch, units].</summary>
    private Value JoinSteps(string output, Pass[] passes)
    {
        var parts = new Value[passes.Length];
        for (var d = 0; d < parts.Length; d++)
        {
            var rows = Emitter.Apply("Concat", passes[d].Hidden, Attributes.Of(("axis", 0)), Emitter.Unique($"{output}/{_directions[d]}/rows"));
            parts[d] = View(rows, PartName(output, d), Steps, 1, Batch, Units);
        }
        return Join(output, parts, axis: 1, batchFirst: [2, 0, 1, 3]);
    }

    /// <summary>A final state: [directions, batch, units].</summary>
    private Value JoinStates(string output, Pass[] passes, int state)
    {
        var parts = new Value[passes.Length];
        for (var d = 0; d < parts.Length; d++) parts[d] = View(passes[d].Final[state], PartName(output, d), 1, Batch, Units);
        return Join(output, parts, axis: 0, batchFirst: [1, 0, 2]);
    }

    private string PartName(string output, int direction) =>
        _directions.Length == 1 && _layout != BatchFirst ? output : Emitter.Unique($"{output}/{_directions[direction]}");

    private Value Join(string output, Value[] parts, int axis, int[] batchFirst)
    {
        var isLast = _layout != BatchFirst;
        var joined = parts.Length == 1
            ? parts[0]
            : Emitter.Apply("Concat", parts, Attributes.Of(("axis", axis)), isLast ? output : Emitter.Unique($"{output}/joined"));
        return isLast ? joined : Emitter.Apply("Transpose", [joined], Attributes.Of(("perm", batchFirst)), output);
    }

    private void Check(long hiddenSize)
    {
        RequireShape(W, "W", _directions.Length, _gates * Units, Inputs);
        RequireShape(R, "R", _directions.Length, _gates * Units, Units);
        if (Node.Input(B) is not null) RequireShape(B, "B", _directions.Length, 2 * _gates * Units);
        if (hiddenSize != Units) throw Node.Error($"its hidden_size is {hiddenSize}", $"its input R has {Units} units");
        if (Steps == 0) throw Node.Error("its input X has no steps");
        var lengths = Node.Constant(SequenceLengths, "sequence_lens")?.ToIntegers() ?? [];
        if (lengths.Any(length => length != Steps))
            throw Node.Error($"its sequence_lens are [{string.Join(", ", lengths)}]", $"only sequences of all {Steps} steps are supported");
    }

    private void RequireShape(int input, string name, params ReadOnlySpan<int> wanted)
    {
        var shape = Node.Required(input).Shape;
        if (!shape.Equals(new Shape(wanted))) throw Node.Error($"its input {name} has the shape {shape}", $"it must be {new Shape(wanted)}");
    }
}
