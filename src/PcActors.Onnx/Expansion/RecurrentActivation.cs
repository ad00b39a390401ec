using PcActors.Functions;
using PcActors.Onnx.Import;
using PcActors.Tensors;

namespace PcActors.Onnx.Expansion;

/// <summary>An activation function of a recurrent operator, with the factors that some of them have.</summary>
/// <param name="Name">ONNX's name of it.</param>
/// <param name="Alpha">Its first factor; null for its default.</param>
/// <param name="Beta">Its second factor; null for its default.</param>
internal sealed record RecurrentActivation(string Name, double? Alpha, double? Beta)
{
    // Which factors each function has.
    private static readonly Dictionary<string, (string Name, bool Alpha, bool Beta)> Known = new(
        StringComparer.OrdinalIgnoreCase)
    {
        ["Affine"] = ("Affine", true, true),
        ["Elu"] = ("Elu", true, false),
        ["HardSigmoid"] = ("HardSigmoid", true, true),
        ["LeakyRelu"] = ("LeakyRelu", true, false),
        ["Relu"] = ("Relu", false, false),
        ["ScaledTanh"] = ("ScaledTanh", true, true),
        ["Sigmoid"] = ("Sigmoid", false, false),
        ["Softplus"] = ("Softplus", false, false),
        ["Softsign"] = ("Softsign", false, false),
        ["Tanh"] = ("Tanh", false, false),
        ["ThresholdedRelu"] = ("ThresholdedRelu", true, false),
    };

    /// <summary>Takes the activations of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="defaults">Those of one direction when the node names none.</param>
    /// <param name="directions">How many directions it has.</param>
    public static RecurrentActivation[] Take(ImportNode node, string[] defaults, int directions)
    {
        var names = node.Take<string[]?>("activations", null)
            ?? [.. Enumerable.Repeat(defaults, directions).SelectMany(d => d)];
        if (names.Length != defaults.Length * directions)
            throw node.Error($"it has {names.Length} activations",
                $"{defaults.Length} for each of {directions} directions are needed");
        // Factors are listed for the functions that have them, in order.
        var alphas = new Queue<double>(node.Take<double[]>("activation_alpha", []));
        var betas = new Queue<double>(node.Take<double[]>("activation_beta", []));
        return Array.ConvertAll(names, name => Known.TryGetValue(name, out var known)
            ? new RecurrentActivation(known.Name, Next(known.Alpha, alphas), Next(known.Beta, betas))
            : throw node.Error($"its activation '{name}' is not known", $"known are {string.Join(", ", Known.Keys)}"));
    }

    /// <summary>The activation of a value.</summary>
    public Value Apply(IEmitter emitter, Value x, string name)
    {
        switch (Name)
        {
            case "Affine":
                var scaled = Scale(emitter, "Mul", x, Alpha ?? 1, emitter.Unique($"{name}/scaled"));
                return Scale(emitter, "Add", scaled, Beta ?? 0, name);
            case "ScaledTanh":
                var inner = Scale(emitter, "Mul", x, Beta ?? 1, emitter.Unique($"{name}/scaled"));
                var tanh = emitter.Apply("Tanh", [inner], Attributes.Empty, emitter.Unique($"{name}/tanh"));
                return Scale(emitter, "Mul", tanh, Alpha ?? 1, name);
            default:
                return emitter.Apply(Name, [x], Attributes.Of(("alpha", Alpha), ("beta", Beta)), name);
        }
    }

    private static Value Scale(IEmitter emitter, string operatorType, Value x, double factor, string name)
    {
        var constant = OnnxTensor.Of(x.Type, Tensor<double>.Scalar(factor));
        return emitter.Apply(operatorType, [x, new ConstantValue(emitter.Unique($"{name}/factor"), constant)],
            Attributes.Empty, name);
    }

    private static double? Next(bool has, Queue<double> factors) =>
        has && factors.TryDequeue(out var factor) ? factor : null;
}
