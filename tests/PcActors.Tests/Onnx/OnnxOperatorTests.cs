using System.Numerics;
using PcActors.Functions;
using PcActors.Onnx;
using PcActors.Onnx.Files;
using PcActors.Onnx.Import;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx;

/// <summary>Golden: the operator tests that the ONNX project publishes, as Debian's package
/// libonnx-testdata installs them.</summary>
public class OnnxOperatorTests
{
    private const string NotInstalled = "libonnx-testdata is not installed";
    private const string Root = "/usr/share/libonnx-testdata/data";

    // The tolerances with which ONNX compares backends.
    private const double Relative = 1e-3;
    private const double Absolute = 1e-7;
    private const double BFloat16Relative = 1.0 / 128;

    // What is left out on purpose, by what the refusal says.
    private static readonly string[] OutOfScope =
    [
        "is not supported; supported are", // an operator that is not in the catalogue
        "is no tensor of a type that is read", // sequences, optional values, texts, complex numbers
        "has the element type", // the same, in constants
        "control flow",
        "only the first output is supported",
        "is an operator of the domain",
        "only sequences of all",
        "the version of its operators",
        "the model uses operators of the domain",
    ];

    public static TheoryData<string> Cases
    {
        get
        {
            var cases = new TheoryData<string>();
            foreach (var folder in (string[])["node", "simple", "pytorch-operator", "pytorch-converted"])
            {
                var path = Path.Combine(Root, folder);
                foreach (var test in Folders(path).Order(StringComparer.Ordinal))
                    cases.Add($"{folder}/{Path.GetFileName(test)}");
            }
            if (cases.Count == 0) cases.Add(NotInstalled);
            return cases;
        }
    }

    private static string[] Folders(string path) => Directory.Exists(path) ? Directory.GetDirectories(path) : [];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void An_operator_predicts_what_ONNX_says(string name)
    {
        Skip.If(name == NotInstalled, NotInstalled);
        try
        {
            Verify(name);
        }
        catch (SkipException) when (OperatorTestList.Passed.ContainsKey(name) && !OperatorTestList.IsUpdating)
        {
            Assert.Fail($"{OperatorTestList.Name} says that it passes, and it is left out; {OperatorTestList.Update}");
        }
        Assert.False(
            OperatorTestList.IsLeftOut(name) && !OperatorTestList.IsUpdating,
            $"{OperatorTestList.Name} says that it is left out, and it passes; {OperatorTestList.Update}");
    }

    [SkippableFact]
    public void The_list_of_tests_is_written_when_it_is_asked_for()
    {
        Skip.IfNot(OperatorTestList.IsUpdating && Directory.Exists(Root), OperatorTestList.Update);
        OperatorTestList.Write(((IEnumerable<object[]>)Cases).Select(row => Line((string)row[0])));
    }

    private static string Line(string name)
    {
        try
        {
            Verify(name);
        }
        catch (SkipException)
        {
            return OperatorTestList.Line(name, []);
        }
        return OperatorTestList.Line(name,
            OnnxModel.Load(Path.Combine(Root, name, "model.onnx")).Proto.Graph.Node.Select(n => n.OpType));
    }

    private static void Verify(string name)
    {
        var folder = Path.Combine(Root, name);
        try
        {
            var model = OnnxModel.Load(Path.Combine(folder, "model.onnx"));
            var sets = Directory.GetDirectories(folder, "test_data_set_*");
            Assert.NotEmpty(sets);
            foreach (var set in sets) Run(model, set);
        }
        catch (OnnxException refusal) when (OutOfScope.Any(s => refusal.Message.Contains(s, StringComparison.Ordinal)))
        {
            Skip.If(true, refusal.Message[..Math.Min(refusal.Message.Length, 200)]);
        }
    }

    private static void Run(OnnxModel model, string set)
    {
        var types = model.Inputs.Concat(model.Outputs).Select(v => v.Type).OfType<OnnxElementType>();
        if (types.All(t => t is OnnxElementType.Float or OnnxElementType.Float16 or OnnxElementType.BFloat16))
            Run<float>(model, set);
        else Run<double>(model, set);
    }

    private static void Run<T>(OnnxModel model, string set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(model);
        var inputs =
            model.Inputs.Select((input, i) => (input.Name, Tensor: Load(set, $"input_{i}.pb", input.Type!.Value)))
            .ToDictionary(i => i.Name, i => i.Tensor);
        // A test gives everything as an input; what sets an operator up has to be known at import.
        var settings = model.Proto.Graph.Node
            .SelectMany(n => n.Input.Where((_, i) =>
                OnnxOperators.Input(n.OpType, i).Kind is InputKind.Setting or InputKind.Attribute)).ToHashSet();
        for (var i = 0; i < model.Outputs.Count; i++)
        {
            var output = model.Outputs[i];
            var options = new OnnxImportOptions
            {
                Output = output.Name,
                FixedInputs = Fixed(inputs, n => settings.Contains(n))
            };
            var importer = Import<T>(model, options, inputs);
            var result = importer.Result is ConstantValue constant
                ? constant.Tensor.ToTensor<T>()
                : Forward.Predict(importer.ToGraph().Graph, leaf => inputs[leaf].ToTensor<T>());
            var expected = Load(set, $"output_{i}.pb", output.Type!.Value);
            Assert.Equal(expected.Type, importer.Result.Type);
            AssertNear(expected.ToTensor<T>(), result, output);
        }
    }

    private static Importer<T> Import<T>(OnnxModel model, OnnxImportOptions options,
        Dictionary<string, OnnxTensor> inputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return new Importer<T>(model, options);
        }
        catch (OnnxException refusal) when (refusal.Message.Contains("must be constant", StringComparison.Ordinal))
        {
            // An integer sets an operator up through others.
            return new Importer<T>(model,
                options with
                {
                    FixedInputs = Fixed(inputs,
                    n => !inputs[n].Type.IsFloat() || options.FixedInputs.ContainsKey(n))
                });
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

    private static void Require(OnnxModel model)
    {
        foreach (var value in model.Inputs.Concat(model.Outputs))
            Skip.If(value.Type is null, $"'{value.Name}' is no tensor of a type that is read");
        foreach (var node in model.Proto.Graph.Node)
        {
            Skip.IfNot(
                ImportRules.Supported.Contains(node.OpType),
                $"the operator {node.OpType} is not supported");
        }
    }

    private static void AssertNear<T>(Tensor<T> expected, Tensor<T> found, OnnxValue output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Shape, found.Shape);
        // A cast to bfloat16, which the tests truncate to 8 bits of precision, keeps all bits here.
        var relative = output.Type == OnnxElementType.BFloat16 ? BFloat16Relative : Relative;
        for (var i = 0; i < expected.Length; i++)
        {
            var (wanted, got) = (double.CreateChecked(expected.Span[i]), double.CreateChecked(found.Span[i]));
            var near = wanted.Equals(got) || Math.Abs(wanted - got) <= Absolute + (relative * Math.Abs(wanted));
            Assert.True(near, $"element {i} of {output.Name} is {got:R}; {wanted:R} is right");
        }
    }
}
