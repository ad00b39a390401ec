using System.Numerics;
using PcActors.Tensors.Kernels;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>The parts of an LSTM's step behind its product, as model files spell them out in a dozen nodes.</summary>
internal static class LstmCellOperators
{
    public const string Gates = "LstmGates";
    public const string State = "LstmState";
    public const string Output = "LstmOutput";

    public static Operator[] All =>
    [
        new(Gates, typeof(LstmGates<>))
        {
            Inputs = ["S"], Attributes = [Text(GateOrder.Attribute).Required], ElementCost = Flops.Transcendental,
        },
        new(State, typeof(LstmState<>))
        {
            Inputs = ["G", "C"], Attributes = [Text(GateOrder.Attribute).Required], ElementCost = 6,
        },
        new(Output, typeof(LstmOutput<>))
        {
            Inputs = ["G", "C"], Attributes = [Text(GateOrder.Attribute).Required], ElementCost = Flops.Transcendental,
        },
    ];
}

/// <summary>The four gates of an LSTM from their sums, side by side: sigmoid, and tanh of the candidate's.</summary>
/// <remarks>S and mu are [..., 4 units]. Attribute: gates, their order (<see cref="GateOrder"/>).</remarks>
internal sealed class LstmGates<T>(OperatorSettings settings) : CellFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GateOrder _order = new(settings.Text(GateOrder.Attribute));

    protected override int Blocks => 4;

    protected override int BlocksOf(int input) => 4;

    protected override void Predict(CellRow<T> row, Span<T> mu, Span<T> spare)
    {
        var (before, behind) = (_order.Candidate, _order.Candidate + 1);
        Transcendental.Sigmoid(row.Of(0, 0, before), row.Of(mu, 0, before));
        Transcendental.Tanh(row.Of(0, before), row.Of(mu, before));
        Transcendental.Sigmoid(row.Of(0, behind, Blocks - behind), row.Of(mu, behind, Blocks - behind));
    }

    protected override void PullBack(int input, CellRow<T> row, ReadOnlySpan<T> mu, ReadOnlySpan<T> error,
        Span<T> result, Span<T> spare)
    {
        var (before, behind) = (_order.Candidate, _order.Candidate + 1);
        var rest = Blocks - behind;
        Arithmetic.SigmoidPullBack(row.Of(mu, 0, before), row.Of(error, 0, before), row.Of(result, 0, before));
        Arithmetic.TanhPullBack(row.Of(mu, before), row.Of(error, before), row.Of(result, before));
        Arithmetic.SigmoidPullBack(
            row.Of(mu, behind, rest), row.Of(error, behind, rest), row.Of(result, behind, rest));
        // The sum of what slices pull back has no -0.
        Elements.Add<T>(result, [T.Zero], result);
    }
}

/// <summary>The next state of an LSTM: f c + i c~.</summary>
/// <remarks>Inputs: G, the gates, [..., 4 units], and C, the state before, [..., units]. Attribute: gates, their order.
/// mu is [..., units].</remarks>
internal sealed class LstmState<T>(OperatorSettings settings) : CellFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GateOrder _order = new(settings.Text(GateOrder.Attribute));

    protected override int Blocks => 1;

    protected override int BlocksOf(int input) => input == 0 ? 4 : 1;

    protected override void Predict(CellRow<T> row, Span<T> mu, Span<T> spare)
    {
        Elements.Multiply(row.Of(0, _order.Forget), row.Of(1), mu);
        Elements.Multiply(row.Of(0, _order.Input), row.Of(0, _order.Candidate), spare);
        Elements.Add<T>(mu, spare, mu);
    }

    protected override void PullBack(int input, CellRow<T> row, ReadOnlySpan<T> mu, ReadOnlySpan<T> error,
        Span<T> result, Span<T> spare)
    {
        if (input == 1)
        {
            Elements.Multiply(error, row.Of(0, _order.Forget), result);
            return;
        }
        Elements.Multiply(error, row.Of(1), row.Of(result, _order.Forget));
        Elements.Multiply(error, row.Of(0, _order.Candidate), row.Of(result, _order.Input));
        Elements.Multiply(error, row.Of(0, _order.Input), row.Of(result, _order.Candidate));
    }
}

/// <summary>What an LSTM puts out: o tanh(c).</summary>
/// <remarks>Inputs: G, the gates, [..., 4 units], and C, the state, [..., units]. Attribute: gates, their order. mu is
/// [..., units].</remarks>
internal sealed class LstmOutput<T>(OperatorSettings settings) : CellFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GateOrder _order = new(settings.Text(GateOrder.Attribute));

    protected override int Blocks => 1;

    // tanh(c) is computed again.
    protected override int PullBackElementCost => Flops.Transcendental;

    protected override int BlocksOf(int input) => input == 0 ? 4 : 1;

    protected override void Predict(CellRow<T> row, Span<T> mu, Span<T> spare)
    {
        Transcendental.Tanh(row.Of(1), spare);
        Elements.Multiply(row.Of(0, _order.Output), spare, mu);
    }

    protected override void PullBack(int input, CellRow<T> row, ReadOnlySpan<T> mu, ReadOnlySpan<T> error,
        Span<T> result, Span<T> spare)
    {
        Transcendental.Tanh(row.Of(1), spare);
        if (input == 0)
        {
            Elements.Multiply(error, spare, row.Of(result, _order.Output));
            return;
        }
        Elements.Multiply(error, row.Of(0, _order.Output), result);
        Arithmetic.TanhPullBack(spare, result, result);
    }
}
