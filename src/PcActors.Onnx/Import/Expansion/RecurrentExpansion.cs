using System.Globalization;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Expansion;

/// <summary>A recurrent operator, unrolled: every product, gate and state of every time step is a vertex, of which
/// rewriting makes fewer.</summary>
/// <remarks>Inputs: X [steps, batch, inputs], W [directions, gates units, inputs], R
/// [directions, gates units, units], B [directions, 2 gates units], sequence_lens [batch], initial_h [directions,
/// batch, units]. With layout = 1 the batch comes first in X, Y and the states.</remarks>
internal abstract class RecurrentExpansion
{
    private readonly RecurrentLayout _layout;
    private readonly RecurrentActivation[] _activations;
    private readonly double? _clip;
    private readonly Value?[] _inputs;
    private int _direction;

    /// <summary>Reads a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="emitter">Receives the vertices.</param>
    /// <param name="gates">How many gates, or products, a step has.</param>
    /// <param name="activations">The activations of one direction when the node names none.</param>
    protected RecurrentExpansion(ImportNode node, IEmitter emitter, int gates, params string[] activations)
    {
        (Node, Emitter) = (node, emitter);
        _layout = new RecurrentLayout(node, gates, emitter.Budget.Limits.Trips);
        _activations = RecurrentActivation.Take(node, activations, _layout.Directions.Length);
        _clip = node.Take<double?>("clip", null);
        if (_clip is <= 0)
            throw node.Error(string.Create(CultureInfo.InvariantCulture, $"its clip is {_clip}"), "it must be above 0");
        _inputs = new Value?[_layout.Steps];
        Sequences = new RecurrentSequences(_layout, node, emitter);
    }

    /// <summary>What one direction gives: the hidden state after every step, and those states that are outputs
    /// after the last one.</summary>
    protected sealed record Pass(Value[] Hidden, Value[] Final);

    protected ImportNode Node { get; }

    protected IEmitter Emitter { get; }

    protected int Steps => _layout.Steps;

    /// <summary>Which sequences are not over at a step.</summary>
    protected RecurrentSequences Sequences { get; }

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
        var passes = new Pass[_layout.Directions.Length];
        for (_direction = 0; _direction < passes.Length; _direction++)
        {
            Weight = OfDirection(Node.Required(RecurrentLayout.W), "W");
            Recurrence = OfDirection(Node.Required(RecurrentLayout.R), "R");
            (InputBias, RecurrenceBias) = Node.Input(RecurrentLayout.B) is { } bias
                ? Halves(OfDirection(bias, "B"))
                : (null, null);
            passes[_direction] = Unroll(_layout.Directions[_direction] == "reverse");
        }
        var outputs = new RecurrentOutputs(_layout, Emitter);
        for (var output = 0; output < Node.Outputs.Count; output++)
        {
            var (name, state) = (Node.Outputs[output], output - 1);
            if (!Emitter.IsRead(name)) continue;
            Emitter.Define(output == 0
                ? outputs.Steps(name, Array.ConvertAll(passes, p => p.Hidden))
                : outputs.Final(name, Array.ConvertAll(passes, p => p.Final[state])));
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
        if (_inputs[step] is { } known) return known;
        var name = string.Create(CultureInfo.InvariantCulture, $"{Node.Prefix}/x/{step}");
        var slice = Emitter.Apply(
            "Slice", [Node.Required(RecurrentLayout.X)], Range(_layout.StepAxis, step, step + 1),
            Emitter.Unique($"{name}/slice"));
        return _inputs[step] = View(slice, Emitter.Unique(name), _layout.Batch, _layout.Inputs);
    }

    /// <summary>A state before the first step, [batch, units]: zeros when the node has none.</summary>
    protected Value InitialState(int input, string name)
    {
        if (Node.Input(input) is not { } state)
        {
            var shape = new Shape(_layout.Batch, _layout.Units);
            Emitter.Budget.TakeConstant(shape, $"the {name} of {Node.What}");
            var zeros = new Tensor<double>(shape);
            return new ConstantValue(Emitter.Unique(Name(name)),
                OnnxTensor.Of(Node.Required(RecurrentLayout.X).Type, zeros));
        }
        var axis = _layout.BatchFirst ? 0 : 1;
        if (Emitter.Widening is { } widening && state.Shape.Rank == 3 && state.Shape[axis] == 1)
            state = widening.Repeat(Emitter, state, axis);
        return OfDirection(
            _layout.BatchFirst
                ? Apply("Transpose", $"{name}/transposed", Attributes.Of(("perm", new[] { 1, 0, 2 })), state)
                : state, name);
    }

    /// <summary>The direction's part of an input whose first axis is the directions'.</summary>
    protected Value OfDirection(Value input, string name)
    {
        var shape = input.Shape;
        if (shape.Rank < 2 || shape[0] != _layout.Directions.Length)
            throw Node.Error($"its input {name} has the shape {shape}",
                $"it has {_layout.Directions.Length} directions");
        if (shape[0] > 1) input = Apply("Slice", $"{name}/slice", Range(0, _direction, _direction + 1), input);
        return View(input, Emitter.Unique(Name(name)), shape.Dimensions[1..]);
    }

    /// <summary>The activation of a value, which is clipped before when the node says so.</summary>
    /// <param name="which">Which one of the direction's.</param>
    /// <param name="x">The value.</param>
    /// <param name="name">The vertex's name.</param>
    protected Value Activate(int which, Value x, string name)
    {
        if (_clip is { } clip) x = Apply("Clip", $"{name}/clipped", Attributes.Of(("min", -clip), ("max", clip)), x);
        return _activations[(_direction * _activations.Length / _layout.Directions.Length) + which].Apply(Emitter, x,
            Emitter.Unique(Name(name)));
    }

    /// <summary>x weight^T + addend.</summary>
    protected Value Product(Value x, Value weight, Value? addend, string name) =>
        Apply("Gemm", name, Attributes.Of(("transB", true)), addend is null ? [x, weight] : [x, weight, addend]);

    /// <summary>Units from a gate on, out of [..., gates units].</summary>
    protected Value Gates(Value gates, int first, int count, string name) =>
        Apply("Slice", name, Range(gates.Shape.Rank - 1, first * _layout.Units, (first + count) * _layout.Units),
            gates);

    /// <summary>Rows of gates, out of [gates units, ...].</summary>
    protected Value GateRows(Value gates, int first, int count, string name) =>
        Apply("Slice", name, Range(0, first * _layout.Units, (first + count) * _layout.Units), gates);

    protected Value Apply(string operatorType, string name, params ReadOnlySpan<Value> inputs) =>
        Apply(operatorType, name, Attributes.Empty, inputs);

    /// <summary>The name of a vertex of the direction.</summary>
    protected string Name(string name) => $"{Node.Prefix}/{_layout.Directions[_direction]}/{name}";

    /// <summary>Refuses attributes that the expansion has not taken.</summary>
    protected void RequireNoOthers()
    {
        if (Node.Attributes.Count > 0) throw Node.Error($"its attribute '{Node.Attributes.Keys.First()}' is not known");
    }

    private static Attributes Range(int axis, int start, int end) =>
        Attributes.Of(("starts", new[] { start }), ("ends", new[] { end }), ("axes", new[] { axis }));

    private Value Apply(string operatorType, string name, Attributes attributes, params ReadOnlySpan<Value> inputs) =>
        Emitter.Apply(operatorType, inputs, attributes, Emitter.Unique(Name(name)));

    private Value View(Value x, string name, params ReadOnlySpan<int> shape) =>
        Emitter.Apply("Reshape", [x], Attributes.Of(("shape", shape.ToArray()), ("allowzero", true)), name);

    private (Value Input, Value Recurrence) Halves(Value bias) =>
        (GateRows(bias, 0, _layout.Gates, "Wb"), GateRows(bias, _layout.Gates, _layout.Gates, "Rb"));
}
