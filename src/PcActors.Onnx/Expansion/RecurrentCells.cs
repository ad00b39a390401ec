using System.Globalization;
using PcActors.Onnx.Import;
using PcActors.Tensors;

namespace PcActors.Onnx.Expansion;

/// <summary>RNN: h_t = f(x_t W^T + h_{t-1} R^T + b), f being tanh unless the node says otherwise.</summary>
internal sealed class RnnExpansion : RecurrentExpansion
{
    private const int InitialHidden = 5;

    private RnnExpansion(ImportNode node, IEmitter emitter)
        : base(node, emitter, gates: 1, "Tanh") => RequireNoOthers();

    public static void Import(ImportNode node, IEmitter emitter) => new RnnExpansion(node, emitter).Expand();

    protected override Pass Unroll(bool backwards)
    {
        var bias = InputBias is null ? null : Apply("Add", "bias", InputBias, RecurrenceBias!);
        var hidden = InitialState(InitialHidden, "initial_h");
        var all = new Value[Steps];
        foreach (var t in Order(backwards))
        {
            var step = t.ToString(CultureInfo.InvariantCulture);
            var input = Product(StepInput(t), Weight, bias, $"{step}/input");
            var next = Activate(0, Product(hidden, Recurrence, input, $"{step}/sum"), $"{step}/h");
            all[t] = Sequences.Output(t, next);
            hidden = Sequences.State(t, next, hidden);
        }
        return new Pass(all, [hidden]);
    }
}

/// <summary>GRU, with gates in the order z, r, h: z = f(x W_z^T + h R_z^T + b_z), likewise r;
/// h~ = g(x W_h^T + (r h) R_h^T + b_h), or with linear_before_reset = 1, g(x W_h^T + wb_h + r (h R_h^T + rb_h));
/// h' = (1 - z) h~ + z h, computed as h~ + z (h - h~).</summary>
/// <remarks>The functions are sigmoid and tanh unless the node says otherwise.</remarks>
internal sealed class GruExpansion : RecurrentExpansion
{
    private const int InitialHidden = 5;

    private readonly bool _linearBeforeReset;

    private GruExpansion(ImportNode node, IEmitter emitter)
        : base(node, emitter, gates: 3, "Sigmoid", "Tanh")
    {
        _linearBeforeReset = node.Take("linear_before_reset", 0L) != 0;
        RequireNoOthers();
    }

    public static void Import(ImportNode node, IEmitter emitter) => new GruExpansion(node, emitter).Expand();

    protected override Pass Unroll(bool backwards)
    {
        var step = _linearBeforeReset ? LinearBeforeReset() : ResetBeforeLinear();
        var hidden = InitialState(InitialHidden, "initial_h");
        var all = new Value[Steps];
        foreach (var t in Order(backwards))
        {
            var name = t.ToString(CultureInfo.InvariantCulture);
            var (z, candidate) = step(StepInput(t), hidden, name);
            var difference = Apply("Sub", $"{name}/difference", hidden, candidate);
            var next = Apply("Add", $"{name}/h", candidate, Apply("Mul", $"{name}/kept", z, difference));
            all[t] = Sequences.Output(t, next);
            hidden = Sequences.State(t, next, hidden);
        }
        return new Pass(all, [hidden]);
    }

    private Func<Value, Value, string, (Value Z, Value Candidate)> ResetBeforeLinear()
    {
        var bias = InputBias is null ? null : Apply("Add", "bias", InputBias, RecurrenceBias!);
        var gateRecurrence = GateRows(Recurrence, 0, 2, "R/gates");
        var candidateRecurrence = GateRows(Recurrence, 2, 1, "R/candidate");
        return (x, hidden, name) =>
        {
            var input = Product(x, Weight, bias, $"{name}/input");
            var sums = Product(hidden, gateRecurrence, Gates(input, 0, 2, $"{name}/gates/input"), $"{name}/gates/sum");
            var (z, r) = ZAndR(sums, name);
            var reset = Apply("Mul", $"{name}/reset", r, hidden);
            var sum = Product(reset, candidateRecurrence, Gates(input, 2, 1, $"{name}/candidate/input"),
                $"{name}/candidate/sum");
            return (z, Activate(1, sum, $"{name}/candidate"));
        };
    }

    private Func<Value, Value, string, (Value Z, Value Candidate)> LinearBeforeReset() => (x, hidden, name) =>
    {
        var input = Product(x, Weight, InputBias, $"{name}/input");
        var recurrence = Product(hidden, Recurrence, RecurrenceBias, $"{name}/recurrence");
        var sums = Apply(
            "Add", $"{name}/gates/sum", Gates(input, 0, 2, $"{name}/gates/input"),
            Gates(recurrence, 0, 2, $"{name}/gates/recurrence"));
        var (z, r) = ZAndR(sums, name);
        var reset = Apply("Mul", $"{name}/reset", r, Gates(recurrence, 2, 1, $"{name}/candidate/recurrence"));
        var sum = Apply("Add", $"{name}/candidate/sum", Gates(input, 2, 1, $"{name}/candidate/input"), reset);
        return (z, Activate(1, sum, $"{name}/candidate"));
    };

    private (Value Z, Value R) ZAndR(Value sums, string name)
    {
        var gates = Activate(0, sums, $"{name}/gates");
        return (Gates(gates, 0, 1, $"{name}/z"), Gates(gates, 1, 1, $"{name}/r"));
    }
}

/// <summary>LSTM, with gates in the order i, o, f, c, and peepholes p:
/// i = f(x W_i^T + h R_i^T + p_i c + b_i), likewise f with p_f; c~ = g(x W_c^T + h R_c^T + b_c); c' = f c + i c~;
/// o = f(x W_o^T + h R_o^T + p_o c' + b_o); h' = o h(c').</summary>
/// <remarks>The functions are sigmoid, tanh and tanh unless the node says otherwise. With
/// input_forget = 1, f is 1 - i.</remarks>
internal sealed class LstmExpansion : RecurrentExpansion
{
    private const int InitialHidden = 5;
    private const int InitialCell = 6;
    private const int Peepholes = 7;

    private readonly bool _coupled;

    private LstmExpansion(ImportNode node, IEmitter emitter)
        : base(node, emitter, gates: 4, "Sigmoid", "Tanh", "Tanh")
    {
        _coupled = node.Take("input_forget", 0L) != 0;
        RequireNoOthers();
    }

    public static void Import(ImportNode node, IEmitter emitter) => new LstmExpansion(node, emitter).Expand();

    protected override Pass Unroll(bool backwards)
    {
        var bias = InputBias is null ? null : Apply("Add", "bias", InputBias, RecurrenceBias!);
        var peepholes = Node.Input(Peepholes) is { } p ? OfDirection(p, "P") : null;
        var (hidden, cell) = (InitialState(InitialHidden, "initial_h"), InitialState(InitialCell, "initial_c"));
        var all = new Value[Steps];
        foreach (var t in Order(backwards))
        {
            var step = t.ToString(CultureInfo.InvariantCulture);
            var input = Product(StepInput(t), Weight, bias, $"{step}/input");
            var sums = Product(hidden, Recurrence, input, $"{step}/sums");
            var i = Gate(sums, 0, "i", peepholes, 0, cell, step);
            var f = _coupled
                ? Apply("Sub", $"{step}/f", One(step), i)
                : Gate(sums, 2, "f", peepholes, 2, cell, step);
            var candidate = Activate(1, Gates(sums, 3, 1, $"{step}/c/sum"), $"{step}/c/candidate");
            var kept = Apply("Mul", $"{step}/c/kept", f, cell);
            var nextCell = Apply("Add", $"{step}/c", kept, Apply("Mul", $"{step}/c/added", i, candidate));
            var o = Gate(sums, 1, "o", peepholes, 1, nextCell, step);
            var next = Apply("Mul", $"{step}/h", o, Activate(2, nextCell, $"{step}/c/activation"));
            all[t] = Sequences.Output(t, next);
            (hidden, cell) = (Sequences.State(t, next, hidden), Sequences.State(t, nextCell, cell));
        }
        return new Pass(all, [hidden, cell]);
    }

    private Value Gate(Value sums, int gate, string name, Value? peepholes, int peephole, Value cell, string step)
    {
        var sum = Gates(sums, gate, 1, $"{step}/{name}/sum");
        if (peepholes is not null)
        {
            var weight = Gates(peepholes, peephole, 1, $"{step}/{name}/P");
            sum = Apply("Add", $"{step}/{name}/seen", sum, Apply("Mul", $"{step}/{name}/peephole", weight, cell));
        }
        return Activate(0, sum, $"{step}/{name}");
    }

    private ConstantValue One(string step) => new(
        Emitter.Unique(Name($"{step}/one")), OnnxTensor.Of(OnnxElementType.Double, Tensor<double>.Scalar(1)));
}
