using System.Numerics;
using PcActors.Tensors.Kernels;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>The parts of a GRU's step behind its products, as model files spell them out in a dozen nodes. The gates z
/// (update) and r (reset) lie side by side before the candidate: in ONNX's order, zr, or in PyTorch's, rz.</summary>
internal static class GruCellOperators
{
    public const string Gates = "GruGates";
    public const string Candidate = "GruCandidate";
    public const string State = "GruState";

    /// <summary>The attribute that says in which order the gates are.</summary>
    public const string Order = "gates";

    /// <summary>The attribute that says how the state is made: as n + z (h - n), or as (1 - z) n + z h.</summary>
    public const string Form = "form";

    /// <summary>ONNX's order.</summary>
    public const string UpdateFirst = "zr";

    /// <summary>PyTorch's order.</summary>
    public const string ResetFirst = "rz";

    /// <summary>n + z (h - n).</summary>
    public const string Difference = "difference";

    /// <summary>(1 - z) n + z h.</summary>
    public const string Shares = "shares";

    private static OperatorAttribute OrderOfGates => Text(Order, UpdateFirst, ResetFirst);

    public static Operator[] All =>
    [
        new(Gates, typeof(GruGates<>)) { Inputs = ["A", "B"], ElementCost = Flops.Transcendental },
        new(Candidate, typeof(GruCandidate<>))
        {
            Inputs = ["G", "A", "B"], Attributes = [OrderOfGates], ElementCost = Flops.Transcendental,
        },
        new(State, typeof(GruState<>))
        {
            Inputs = ["G", "N", "H"], Attributes = [OrderOfGates, Text(Form, Difference, Shares)], ElementCost = 6,
        },
    ];
}

/// <summary>The gates of a GRU, side by side: sigmoid(a + b) of the first two blocks of two products.</summary>
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
/// <remarks>Inputs: G, the gates, [..., 2 units], A and B, [..., 3 units]. Attribute: gates (zr), their order. mu is
/// [..., units].</remarks>
internal sealed class GruCandidate<T>(OperatorSettings settings) : CellFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Candidate = 2;

    private readonly int _reset = settings.Text(GruCellOperators.Order) == GruCellOperators.ResetFirst ? 0 : 1;

    protected override int Blocks => 1;

    protected override int BlocksOf(int input) => input == 0 ? 2 : 3;

    protected override void Predict(CellRow<T> row, Span<T> mu, Span<T> spare)
    {
        Elements.Multiply(row.Of(0, _reset), row.Of(2, Candidate), spare);
        Elements.Add(row.Of(1, Candidate), spare, mu);
        Transcendental.Tanh<T>(mu, mu);
    }

    protected override void PullBack(int input, CellRow<T> row, ReadOnlySpan<T> mu, ReadOnlySpan<T> error,
        Span<T> result, Span<T> spare)
    {
        var pulled = row.Of(result, input == 0 ? _reset : Candidate);
        Arithmetic.TanhPullBack(mu, error, pulled);
        if (input == 0) Elements.Multiply(pulled, row.Of(2, Candidate), pulled);
        else if (input == 2) Elements.Multiply(pulled, row.Of(0, _reset), pulled);
    }
}

/// <summary>The next state of a GRU: n + z (h - n), or (1 - z) n + z h.</summary>
/// <remarks>Inputs: G, the gates, [..., 2 units], N, the candidate, and H, the state before, [..., units], as mu is.
/// Attributes: gates (zr), their order, and form (difference, or shares), which of the two it is, to the bit.</remarks>
internal sealed class GruState<T>(OperatorSettings settings) : CellFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _update = settings.Text(GruCellOperators.Order) == GruCellOperators.ResetFirst ? 1 : 0;
    private readonly bool _hasShares = settings.Text(GruCellOperators.Form) == GruCellOperators.Shares;

    protected override int Blocks => 1;

    protected override int BlocksOf(int input) => input == 0 ? 2 : 1;

    protected override void Predict(CellRow<T> row, Span<T> mu, Span<T> spare)
    {
        var z = row.Of(0, _update);
        var n = row.Of(1);
        var h = row.Of(2);
        if (_hasShares)
        {
            Elements.Subtract([T.One], z, spare);
            Elements.Multiply(spare, n, spare);
            Elements.Multiply(z, h, mu);
            Elements.Add<T>(spare, mu, mu);
            return;
        }
        Elements.Subtract(h, n, spare);
        Elements.Multiply(z, spare, spare);
        Elements.Add(n, spare, mu);
    }

    protected override void PullBack(int input, CellRow<T> row, ReadOnlySpan<T> mu, ReadOnlySpan<T> error,
        Span<T> result, Span<T> spare)
    {
        if (input == 0) PullBackToGate(row, error, row.Of(result, _update), spare);
        else if (input == 1 && _hasShares)
        {
            Elements.Subtract([T.One], row.Of(0, _update), spare);
            Elements.Multiply(error, spare, result);
        }
        else
        {
            Elements.Multiply(error, row.Of(0, _update), result);
            if (input == 1) Elements.Subtract(error, result, result);
        }
    }

    private void PullBackToGate(CellRow<T> row, ReadOnlySpan<T> error, Span<T> result, Span<T> spare)
    {
        var n = row.Of(1);
        var h = row.Of(2);
        if (_hasShares)
        {
            // e h from z h, and -e n from (1 - z) n.
            Elements.Multiply(error, h, result);
            Elements.Multiply(error, n, spare);
            Elements.Subtract(result, spare, result);
            return;
        }
        Elements.Subtract(h, n, spare);
        Elements.Multiply(error, spare, result);
    }
}
