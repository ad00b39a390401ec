using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Tests.Graphs;

/// <summary>Small networks whose layers predict each other both ways, or themselves: every
/// cycle passes through a latent vertex.</summary>
internal static class CyclicGraph
{
    public static Graph<T> Create<T>(ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new SeededRandom(seed, "cyclic graph");
        var builder = new GraphBuilder<T>(seed);
        var (samples, width) = (2 + random.NextInt(2), 3);
        var layers = 2 + random.NextInt(3);
        builder.Data("x", new Shape(samples, width));
        for (var layer = 0; layer < layers; layer++)
        {
            var name = $"h{layer}";
            Weight($"{name}/w");
            var below = layer == 0 ? "x" : $"h{layer - 1}";
            builder.Declare($"{name}/up", "MatMul", [below, $"{name}/w"]);
            // From above, from itself, or both.
            var others = new List<string> { $"{name}/up" };
            if (layer + 1 < layers && random.NextInt(4) > 0) others.Add(Back($"{name}/down", $"h{layer + 1}"));
            if (random.NextInt(2) == 0) others.Add(Back($"{name}/self", name));
            var shape = new Shape(samples, width);
            if (others.Count == 1) builder.Declare(name, "Tanh", others, isLatent: true, shape: shape);
            else
            {
                builder.Declare($"{name}/sum", "Sum", others, shape: shape);
                builder.Declare(name, "Tanh", [$"{name}/sum"], isLatent: true, shape: shape);
            }
        }
        Weight("out/w");
        builder.Declare("out", "MatMul", [$"h{layers - 1}", "out/w"]);
        return builder.Build();

        string Back(string name, string from)
        {
            Weight($"{name}/w");
            builder.Declare(name, "MatMul", [from, $"{name}/w"]);
            return name;
        }

        void Weight(string name) =>
            builder.Parameter(name, new Shape(width, width), Initializer.GlorotUniform, width, width);
    }
}
