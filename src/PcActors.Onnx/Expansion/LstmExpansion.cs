using System.Globalization;
using PcActors.Onnx.Import;
using PcActors.Tensors;

namespace PcActors.Onnx.Expansion;

/// <summary>LSTM, with gates in the order i, o, f, c, and peepholes p:
/// i = f(x W_i^T + h R_i^T + p_i c + b_i), likewise f with p_f; c~ = g(x W_c^T + h R_c^T + b_c); c' = f c + i c~;
/// o = f(x W_o^T + h R_o^T + p_o c' + b_o); h' = o h(c').</summary>
/// <remarks>The functions are sigmoid, tanh and tanh unless the node says otherwise. With input_forget = 1, f is 1 - i.</remarks>
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
