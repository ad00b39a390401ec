using PcActors.Tensors.Kernels;

namespace PcActors.Tests.Tensors.Kernels;

/// <summary>One of the functions, its oracles, and the accuracy it states.</summary>
internal sealed record TranscendentalFunction(
    Action<float[], float[], VectorWidth> Single, Action<double[], double[], VectorWidth> Double,
    Func<double, double> Reference, Func<double, Exact> Exact, double Ulps)
{
    public static IReadOnlyDictionary<string, TranscendentalFunction> All { get; } =
        new Dictionary<string, TranscendentalFunction>
        {
            ["Exp"] = new(
                (x, y, width) => Transcendental.Exp<float>(x, y, width),
                (x, y, width) => Transcendental.Exp<double>(x, y, width),
                Math.Exp, Kernels.Exact.Exp, 1),
            ["Log"] = new(
                (x, y, width) => Transcendental.Log<float>(x, y, width),
                (x, y, width) => Transcendental.Log<double>(x, y, width),
                Math.Log, Kernels.Exact.Log, 1),
            ["Tanh"] = new(
                (x, y, width) => Transcendental.Tanh<float>(x, y, width),
                (x, y, width) => Transcendental.Tanh<double>(x, y, width),
                Math.Tanh, Kernels.Exact.Tanh, 2.5),
            ["Sigmoid"] = new(
                (x, y, width) => Transcendental.Sigmoid<float>(x, y, width),
                (x, y, width) => Transcendental.Sigmoid<double>(x, y, width),
                x => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x)), Kernels.Exact.Sigmoid, 2.5),
        };

    public float[] Of(params float[] x)
    {
        var result = new float[x.Length];
        Single(x, result, VectorWidths.Widest);
        return result;
    }

    public double[] Of(params double[] x)
    {
        var result = new double[x.Length];
        Double(x, result, VectorWidths.Widest);
        return result;
    }
}
