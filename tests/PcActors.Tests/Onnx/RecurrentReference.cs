namespace PcActors.Tests.Onnx;

/// <summary>ONNX's recurrent operators as loops over numbers, straight from their definitions.</summary>
internal sealed class RecurrentReference(string kind, int directions, bool linearBeforeReset = false,
    bool coupled = false)
{
    public required double[,,] X { get; init; }

    public required Func<int, int, int, double> W { get; init; }

    public required Func<int, int, int, double> R { get; init; }

    public Func<int, int, double> B { get; init; } = (_, _) => 0;

    public Func<int, int, double> P { get; init; } = (_, _) => 0;

    public Func<int, int, int, double> InitialH { get; init; } = (_, _, _) => 0;

    public Func<int, int, int, double> InitialC { get; init; } = (_, _, _) => 0;

    public bool Reverse { get; init; }

    /// <summary>How many steps each sequence has; Y is 0 after them.</summary>
    public Func<int, int>? Length { get; init; }

    public required int Units { get; init; }

    public Func<double, double> F { get; init; } = x => 1 / (1 + Math.Exp(-x));

    public Func<double, double> G { get; init; } = Math.Tanh;

    public Func<double, double> H { get; init; } = Math.Tanh;

    /// <summary>Y [steps, directions, batch, units], the last h and the last c [directions, batch, units].</summary>
    public (double[,,,] Y, double[,,] LastH, double[,,] LastC) Run()
    {
        var (steps, batch) = (X.GetLength(0), X.GetLength(1));
        var y = new double[steps, directions, batch, Units];
        var (lastH, lastC) = (new double[directions, batch, Units], new double[directions, batch, Units]);
        for (var d = 0; d < directions; d++)
        {
            for (var n = 0; n < batch; n++)
            {
                double[] h = [.. Enumerable.Range(0, Units).Select(u => InitialH(d, n, u))];
                double[] c = [.. Enumerable.Range(0, Units).Select(u => InitialC(d, n, u))];
                var length = Length?.Invoke(n) ?? steps;
                for (var s = 0; s < length; s++)
                {
                    var t = Reverse || d == 1 ? length - 1 - s : s;
                    (h, c) = Step(d, n, t, h, c);
                    for (var u = 0; u < Units; u++) y[t, d, n, u] = h[u];
                }
                for (var u = 0; u < Units; u++) (lastH[d, n, u], lastC[d, n, u]) = (h[u], c[u]);
            }
        }
        return (y, lastH, lastC);
    }

    private (double[] H, double[] C) Step(int d, int n, int t, double[] h, double[] c)
    {
        var gates = kind switch { "LSTM" => 4, "GRU" => 3, _ => 1 };
        double In(int gate, int u) =>
            B(d, (gate * Units) + u)
                + Enumerable.Range(0, X.GetLength(2)).Sum(i => X[t, n, i] * W(d, (gate * Units) + u, i));
        double Back(int gate, int u, double[] from) =>
            B(d, ((gates + gate) * Units) + u)
                + Enumerable.Range(0, Units).Sum(i => from[i] * R(d, (gate * Units) + u, i));
        double[] All(Func<int, double> of) => [.. Enumerable.Range(0, Units).Select(of)];
        if (kind == "RNN") return (All(u => G(In(0, u) + Back(0, u, h))), c);
        if (kind == "GRU")
        {
            var z = All(u => F(In(0, u) + Back(0, u, h)));
            var r = All(u => F(In(1, u) + Back(1, u, h)));
            double[] reset = All(u => r[u] * h[u]);
            var candidate = All(
                u => linearBeforeReset ? G(In(2, u) + (r[u] * Back(2, u, h))) : G(In(2, u) + Back(2, u, reset)));
            return (All(u => ((1 - z[u]) * candidate[u]) + (z[u] * h[u])), c);
        }
        var input = All(u => F(In(0, u) + Back(0, u, h) + (P(d, u) * c[u])));
        var forget = All(u => coupled ? 1 - input[u] : F(In(2, u) + Back(2, u, h) + (P(d, (2 * Units) + u) * c[u])));
        var cell = All(u => (forget[u] * c[u]) + (input[u] * G(In(3, u) + Back(3, u, h))));
        var output = All(u => F(In(1, u) + Back(1, u, h) + (P(d, Units + u) * cell[u])));
        return (All(u => output[u] * H(cell[u])), cell);
    }
}
