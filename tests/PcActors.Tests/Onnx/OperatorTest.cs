using System.Numerics;
using PcActors.Functions;
using PcActors.Onnx;
using PcActors.Onnx.Files;
using PcActors.Onnx.Import;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx;

/// <summary>One of ONNX's operator tests: a folder with a model, and with its inputs and outputs.</summary>
internal static class OperatorTest
{
    // The tolerances with which ONNX compares backends.
    private const double Relative = 1e-3;
    private const double Absolute = 1e-7;
    private const double BFloat16Relative = 1.0 / 128;

    /// <summary>Runs it, and fails when an output is not the one that is stored.</summary>
    /// <returns>Why it is refused, in one line; null when it passes.</returns>
    public static string? Refusal(string folder)
    {
        try
        {
            var model = OnnxModel.Load(Path.Combine(folder, "model.onnx"));
            if (Unread(model) is { } what) return what;
            var sets = Directory.GetDirectories(folder, "test_data_set_*");
            Assert.NotEmpty(sets);
            foreach (var set in sets) Run(model, set);
            return IsDrawn(model) ? "numbers are drawn: their shapes alone were compared" : null;
        }
        catch (OnnxException refusal)
        {
            return refusal.Message;
        }
    }

    /// <summary>The operators of its model, in ordinal order.</summary>
    public static string[] Operators(string folder) =>
    [
        .. ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx"))).Graph.Node
            .Select(n => n.OpType).Distinct().Order(StringComparer.Ordinal),
    ];

    private static void Run(OnnxModel model, string set)
    {
        var types = model.Inputs.Concat(model.Outputs).Select(v => v.Type).OfType<OnnxElementType>();
        // Single precision holds whole numbers of up to 16 bits, too.
        if (types.All(t => t.IsFloat() ? t != OnnxElementType.Double : t.Bits() <= 16))
            Run<float>(model, set);
        else Run<double>(model, set);
    }

    private static void Run<T>(OnnxModel model, string set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var inputs =
            model.Inputs.Select((input, i) => (input.Name, Tensor: Load(set, $"input_{i}.pb", input.Type!.Value)))
            .ToDictionary(i => i.Name, i => i.Tensor);
        // A test gives everything as an input; what sets an operator up has to be known at import.
        var settings = model.Proto.Graph.Node
            .SelectMany(n => n.Input.Where((_, i) =>
                OnnxOperators.Input(n.OpType, i).Kind is InputKind.Setting or InputKind.Attribute)).ToHashSet();
        string[] open = [.. model.Inputs.Where(v => v.Dimensions?.All(d => d.Extent is not null) != true)
            .Select(v => v.Name)];
        for (var i = 0; i < model.Outputs.Count; i++)
        {
            var output = model.Outputs[i];
            var options = new OnnxImportOptions
            {
                Output = output.Name,
                FixedInputs = Fixed(inputs, n => settings.Contains(n)),
                InputShapes = open.ToDictionary(name => name, name => inputs[name].Shape),
            };
            var importer = Import<T>(model, options, inputs);
            var result = importer.Result is ConstantValue constant
                ? constant.Tensor.ToTensor<T>()
                : Forward.Predict(importer.ToGraph().Graph, leaf => inputs[leaf].ToTensor<T>());
            var expected = Load(set, $"output_{i}.pb", output.Type!.Value);
            Assert.Equal(expected.Type, importer.Result.Type);
            Assert.Equal(expected.Shape, result.Shape);
            if (!IsDrawn(model)) AssertNear(expected.ToTensor<T>(), result, output, AbsoluteOf(model, expected));
        }
    }

    internal static Importer<T> Import<T>(OnnxModel model, OnnxImportOptions options,
        Dictionary<string, OnnxTensor> inputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // An integer may set an operator up through others, and at last a float.
        Func<string, bool>[] ways = [options.FixedInputs.ContainsKey, n => !inputs[n].Type.IsFloat(), _ => true];
        for (var way = 0; ; way++)
        {
            var set = way;
            try
            {
                return new Importer<T>(model,
                    options with { FixedInputs = Fixed(inputs, n => ways[0](n) || ways[set](n)) });
            }
            catch (OnnxException refusal) when (way + 1 < ways.Length
                && refusal.Message.Contains("must be constant", StringComparison.Ordinal))
            {
            }
        }
    }

    private static Dictionary<string, OnnxTensor> Fixed(Dictionary<string, OnnxTensor> inputs,
        Func<string, bool> which) =>
        inputs.Where(input => which(input.Key)).ToDictionary();

    private static OnnxTensor Load(string set, string name, OnnxElementType type)
    {
        var path = Path.Combine(set, name);
        var tensor = OnnxTensor.Load(path);
        if (type != OnnxElementType.BFloat16 || tensor.Type != OnnxElementType.UInt16) return tensor;
        // The tests hold bfloat16 as the 16 bits that it is.
        var proto = TensorProto.Parser.ParseFrom(File.ReadAllBytes(path));
        proto.DataType = (int)type;
        return OnnxTensor.Stored(StoredTensor.Check(proto, name, new ModelFile(path, null)), path);
    }

    /// <summary>Whether every implementation draws other numbers.</summary>
    internal static bool IsDrawn(OnnxModel model) => model.Proto.Graph.Node.Any(n =>
        n.OpType is "Bernoulli" or "Multinomial" || n.OpType.StartsWith("Random", StringComparison.Ordinal));

    /// <summary>What a Fourier transform makes 0 is stored with the rounding, in single precision, of sums as large as
    /// the largest element.</summary>
    private static double AbsoluteOf(OnnxModel model, OnnxTensor expected) =>
        model.Proto.Graph.Node.Any(n => n.OpType == "DFT")
            ? Absolute * Math.Max(1, expected.Values.Span.ToArray().Max(Math.Abs))
            : Absolute;

    private static string? Unread(OnnxModel model)
    {
        var value = model.Inputs.Concat(model.Outputs).FirstOrDefault(v => v.Type is null);
        if (value is not null) return $"'{value.Name}' is no tensor of a type that is read";
        var node = model.Proto.Graph.Node.FirstOrDefault(n => !ImportRules.Supported.Contains(n.OpType));
        return node is null ? null : $"the operator '{node.OpType}' is not supported";
    }

    private static void AssertNear<T>(Tensor<T> expected, Tensor<T> found, OnnxValue output, double absolute)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A cast to bfloat16, which the tests truncate to 8 bits of precision, keeps all bits here.
        var relative = output.Type == OnnxElementType.BFloat16 ? BFloat16Relative : Relative;
        for (var i = 0; i < expected.Length; i++)
        {
            var (wanted, got) = (double.CreateChecked(expected.Span[i]), double.CreateChecked(found.Span[i]));
            var near = wanted.Equals(got) || Math.Abs(wanted - got) <= absolute + (relative * Math.Abs(wanted));
            Assert.True(near, $"element {i} of {output.Name} is {got:R}; {wanted:R} is right");
        }
    }
}
