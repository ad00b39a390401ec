using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>Layers of JPC's examples, whose values lie before the nonlinearity: weights and biases uniform on 1 /
/// sqrt(inputs) around 0, as Equinox draws them, or those that a run has arrived at.</summary>
/// <param name="builder">Of the network that they become part of.</param>
/// <param name="hasBias">Whether they have biases.</param>
/// <param name="seed">Decides what is drawn.</param>
/// <param name="trained">What a run has arrived at, by name; null to draw.</param>
internal sealed class JpcLayers(
    GraphBuilder<float> builder, bool hasBias, int seed, IReadOnlyDictionary<string, Tensor<float>>? trained)
{
    /// <summary>A layer: scale (input W + b).</summary>
    public Node<float> Layer(Node<float> input, string name, int units, double scale = 1)
    {
        var inputs = input.Shape[1];
        List<Node<float>> parameters = [Parameter($"{name}/weight", new Shape(inputs, units))];
        if (hasBias) parameters.Add(Parameter($"{name}/bias", new Shape(units)));
        return input.Apply("Gemm", [.. parameters],
            Attributes.Of(("alpha", (float)scale), ("beta", (float)scale)), name);

        Node<float> Parameter(string parameter, Shape shape) => builder.Parameter(parameter,
            trained?[parameter] ?? Initializer.Uniform(1 / Math.Sqrt(inputs))
                .Create<float>(shape, inputs, units, (ulong)seed, parameter));
    }

    /// <summary>All parameters of a network, by name.</summary>
    public static async Task<IReadOnlyDictionary<string, Tensor<float>>> ParametersOfAsync(INetwork<float> network) =>
        (await network.ParametersAsync().ConfigureAwait(false)).ToDictionary(p => p.Name, p => p.Value);
}
