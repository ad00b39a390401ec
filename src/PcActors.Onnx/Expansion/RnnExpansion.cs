using System.Globalization;
using PcActors.Onnx.Import;

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
