using PcActors.Graphs;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>Layers as the libraries have them whose experiments are made again.</summary>
internal static class StudyLayers
{
    /// <summary>A dense layer whose weight and bias are uniform on 1 / sqrt(inputs) around 0: the default of PyTorch
    /// and Equinox.</summary>
    public static Node<float> UniformDense(this Node<float> input, string name, int units)
    {
        var inputs = input.Shape[1];
        var uniform = Initializer.Uniform(1 / Math.Sqrt(inputs));
        var weight = input.Builder.Parameter($"{name}/weight", new Shape(inputs, units), uniform, inputs, units);
        var bias = input.Builder.Parameter($"{name}/bias", new Shape(units), uniform, inputs, units);
        return input.Apply("Gemm", [weight, bias], null, name);
    }
}
