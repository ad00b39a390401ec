using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>A deep residual network without biases, whose values are those of the residual stream: z1 = a1 W1 x, then
/// z = z' + a W relu(z'), then the output b W relu(z). muPC's and PC-ALM's.</summary>
/// <param name="Matrices">Weight matrices, at least 2.</param>
/// <param name="Width">Units of the stream.</param>
internal sealed record ResidualChain(int Matrices, int Width)
{
    /// <summary>Whether sums are scaled as muPC has it (depth-muP): by 1 / sqrt(inputs), 1 / sqrt(width * matrices) and
    /// 1 / width. Otherwise they are not.</summary>
    public bool IsScaled { get; init; } = true;

    /// <summary>The network.</summary>
    /// <param name="batch">Samples a step.</param>
    /// <param name="inputs">Pixels.</param>
    /// <param name="classes">Outputs.</param>
    /// <param name="weight">The initial value of a weight [outputs, inputs], by its number from 0.</param>
    public Graph<float> Create(int batch, int inputs, int classes, Func<int, Shape, Tensor<float>> weight)
    {
        var builder = new GraphBuilder<float>();
        var stream = Product(builder.Data("input", new Shape(batch, inputs)), 0, Width, 1 / Math.Sqrt(inputs))
            .Latent();
        for (var number = 1; number < Matrices - 1; number++)
        {
            var branch = Product(stream.Relu(), number, Width, 1 / Math.Sqrt((double)Width * Matrices));
            stream = stream.Add(branch, $"stream{number}").Latent();
        }
        return builder.Build(Product(stream.Relu(), Matrices - 1, classes, 1.0 / Width));

        Node<float> Product(Node<float> from, int number, int units, double scale)
        {
            var parameter = builder.Parameter(NameOf(number), weight(number, new Shape(units, from.Shape[1])));
            return from.Apply("Gemm", [parameter],
                Attributes.Of(("transB", 1), ("alpha", IsScaled ? (float)scale : 1f)), $"layer{number}");
        }
    }

    /// <summary>A weight's name.</summary>
    public static string NameOf(int number) => $"layer{number}/weight";
}
