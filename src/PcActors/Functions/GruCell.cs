using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>The parts of a GRU's step behind its products, as model files spell them out in a dozen nodes. Gates lie
/// side by side in ONNX's order: z (update), r (reset) and the candidate.</summary>
internal static class GruCellOperators
{
    public const string Gates = "GruGates";
    public const string Candidate = "GruCandidate";
    public const string State = "GruState";

    public static Operator[] All =>
    [
        new(Gates, typeof(GruGates<>)) { Inputs = ["A", "B"], ElementCost = Flops.Transcendental },
        new(Candidate, typeof(GruCandidate<>)) { Inputs = ["G", "A", "B"], ElementCost = Flops.Transcendental },
        new(State, typeof(GruState<>)) { Inputs = ["G", "N", "H"], ElementCost = 6 },
    ];
}

/// <summary>The gates z and r of a GRU, side by side: sigmoid(a + b) of the first two blocks of two products.</summary>
/// <remarks>A and B are [..., 3 units], mu is [..., 2 units].</remarks>
internal sealed class GruGates<T>(OperatorSettings settings) : CellFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override int Blocks => 2;

    protected override int BlocksOf(int input) => 3;

    protected override void Predict(CellRow<T> row, Span<T> mu, Span<T> spare)
    {
        Elements.Add(row.Of(0, 0, 2), row.Of(1, 0, 2), mu);
        Transcendental.Sigmoid<T>(mu, mu);
    }

    protected override void PullBack(int input, CellRow<T> row, ReadOnlySpan<T> mu, ReadOnlySpan<T> error,
        Span<T> result, Span<T> spare) => Arithmetic.SigmoidPullBack(mu, error, row.Of(result, 0, 2));
}

/// <summary>The candidate of a GRU whose reset gate comes behind the product: tanh(a + r b) of the third block of two
/// products.</summary>
/// <remarks>Inputs: G, the gates z and r, [..., 2 units], A and B, [..., 3 units]. mu is [..., units].</remarks>
internal sealed class GruCandidate<T>(OperatorSettings settings) : CellFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Reset = 1;
    private const int Candidate = 2;

    protected override int Blocks => 1;

    protected override int BlocksOf(int input) => input == 0 ? 2 : 3;

    protected override void Predict(CellRow<T> row, Span<T> mu, Span<T> spare)
    {
        Elements.Multiply(row.Of(0, Reset), row.Of(2, Candidate), spare);
        Elements.Add(row.Of(1, Candidate), spare, mu);
        Transcendental.Tanh<T>(mu, mu);
    }

    protected override void PullBack(int input, CellRow<T> row, ReadOnlySpan<T> mu, ReadOnlySpan<T> error,
        Span<T> result, Span<T> spare)
    {
        var pulled = row.Of(result, input == 0 ? Reset : Candidate);
        Arithmetic.TanhPullBack(mu, error, pulled);
        if (input == 0) Elements.Multiply(pulled, row.Of(2, Candidate), pulled);
        else if (input == 2) Elements.Multiply(pulled, row.Of(0, Reset), pulled);
    }
}

/// <summary>The next state of a GRU: n + z (h - n).</summary>
/// <remarks>Inputs: G, the gates z and r, [..., 2 units], N, the candidate, and H, the state before, [..., units], as
/// mu is.</remarks>
internal sealed class GruState<T>(OperatorSettings settings) : CellFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override int Blocks => 1;

    protected override int BlocksOf(int input) => input == 0 ? 2 : 1;

    protected override void Predict(CellRow<T> row, Span<T> mu, Span<T> spare)
    {
        Elements.Subtract(row.Of(2), row.Of(1), spare);
        Elements.Multiply(row.Of(0), spare, spare);
        Elements.Add(row.Of(1), spare, mu);
    }

    protected override void PullBack(int input, CellRow<T> row, ReadOnlySpan<T> mu, ReadOnlySpan<T> error,
        Span<T> result, Span<T> spare)
    {
        if (input == 0)
        {
            Elements.Subtract(row.Of(2), row.Of(1), spare);
            Elements.Multiply(error, spare, row.Of(result, 0));
            return;
        }
        Elements.Multiply(error, row.Of(0), result);
        if (input == 1) Elements.Subtract(error, result, result);
    }
}
