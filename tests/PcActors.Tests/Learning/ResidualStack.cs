using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>Blocks h + tanh(h W + b) that share W: skip connections at every depth.</summary>
internal static class ResidualStack
{
    public const int Units = 4;

    public static Graph<T> Build<T>(int blocks, ulong seed = 3)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var builder = new GraphBuilder<T>(seed);
        var h = builder.Data("x", new Shape(2, Units)).Dense("in", Units).Tanh();
        var shared = builder.Parameter("shared", new Shape(Units, Units), Initializer.GlorotUniform, Units, Units);
        for (var block = 1; block <= blocks; block++)
        {
            var bias = builder.Parameter($"bias{block}", new Shape(Units), Initializer.Uniform(0.1), Units, Units);
            h = h.Add(h.MatMul(shared).Add(bias).Tanh(), $"block{block}");
        }
        return builder.Build(h.Dense("out", 3));
    }
}
