using System.Globalization;
using PcActors.Onnx.Import;

namespace PcActors.Onnx.Expansion;

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
            var sum = Product(reset, candidateRecurrence, Gates(input, 2, 1, $"{name}/candidate/input"), $"{name}/candidate/sum");
            return (z, Activate(1, sum, $"{name}/candidate"));
        };
    }

    private Func<Value, Value, string, (Value Z, Value Candidate)> LinearBeforeReset() => (x, hidden, name) =>
    {
        var input = Product(x, Weight, InputBias, $"{name}/input");
        var recurrence = Product(hidden, Recurrence, RecurrenceBias, $"{name}/recurrence");
        var sums = Apply(
            "Add", $"{name}/gates/sum", Gates(input, 0, 2, $"{name}/gates/input"), Gates(recurrence, 0, 2, $"{name}/gates/recurrence"));
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
