using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Graphs;

/// <summary>The distribution of a parameter's initial values.</summary>
/// <remarks>A parameter draws from a sequence seeded by the graph's seed and its own name,
/// so its values do not depend on the other parameters nor on their order.</remarks>
public sealed class Initializer
{
    private readonly Func<SeededRandom, int, int, double> _draw;

    private Initializer(Func<SeededRandom, int, int, double> draw) => _draw = draw;

    /// <summary>Uniform on [-a, a], a = sqrt(6 / (fanIn + fanOut)): Glorot and Bengio, AISTATS 2010, eq. 16.</summary>
    public static Initializer GlorotUniform { get; } =
        new((random, fanIn, fanOut) => Math.Sqrt(6.0 / (fanIn + fanOut)) * ((2 * random.NextDouble()) - 1));

    /// <summary>Normal with variance 2 / fanIn, for rectifiers: He et al., ICCV 2015, eq. 10.</summary>
    public static Initializer HeNormal { get; } =
        new((random, fanIn, _) => Math.Sqrt(2.0 / fanIn) * random.NextGaussian());

    /// <summary>Normal with mean 0 and the given standard deviation.</summary>
    public static Initializer Normal(double deviation) => new((random, _, _) => deviation * random.NextGaussian());

    /// <summary>Uniform on [-<paramref name="bound"/>, <paramref name="bound"/>].</summary>
    public static Initializer Uniform(double bound) => new((random, _, _) => bound * ((2 * random.NextDouble()) - 1));

    /// <summary>One value everywhere.</summary>
    public static Initializer Constant(double value) => new((_, _, _) => value);

    /// <summary>A parameter's initial value.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="fanIn">Inputs that one output unit sums.</param>
    /// <param name="fanOut">Output units that one input feeds.</param>
    /// <param name="seed">The graph's seed.</param>
    /// <param name="name">The parameter's name.</param>
    public Tensor<T> Create<T>(Shape shape, int fanIn, int fanOut, ulong seed, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new SeededRandom(seed, $"initial value of {name}");
        var tensor = new Tensor<T>(shape);
        foreach (ref var element in tensor.Writable) element = T.CreateChecked(_draw(random, fanIn, fanOut));
        return tensor;
    }
}
