using PcActors.Graphs;
using PcActors.Onnx;
using PcActors.Onnx.Schema;
using PcActors.Tests.Data;
using PcActors.Tests.Functions;
using PcActors.Tests.Graphs;
using PcActors.Tests.Models;
using PcActors.Tests.Onnx;

namespace PcActors.Tests.Runtime;

/// <summary>Golden: what the tests build, export and import predicts what ONNX Runtime says, and so does every file in
/// the folder that the environment variable PCACTORS_MODELS names.</summary>
public class RuntimeGoldens
{
    private const string Variable = "PCACTORS_MODELS";
    // ONNX Runtime computes parts of Attention and DFT in single precision, whatever the type is.
    private const double Composed = 1e-6;

    /// <summary>Where ONNX Runtime does otherwise than ONNX's own tests or text say.</summary>
    private static readonly Dictionary<string, string> Otherwise = new()
    {
        ["auto_pad=SAME"] = "a stride over the kernel leaves places that nothing fills: by ONNX's text the output has "
            + "the input's extent times the stride, in ONNX Runtime less",
        ["align_corners mode=linear"] = "by ONNX's tests the extent counts before it is rounded, in ONNX Runtime after",
        ["Attention lengths causal"] = "by ONNX's newest tests the last query stands at the last key that is none of "
            + "padding, in ONNX Runtime the first at the first",
    };

    private static readonly string? Folder = Environment.GetEnvironmentVariable(Variable);

    private static string NotGiven => $"{Variable} names no folder of model files";

    public static TheoryData<string> Files => [.. Directory.GetFiles(
            Path.Combine(AppContext.BaseDirectory, "Goldens"), "*.onnx", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "Goldens"), path))
        .Where(name => !name.Contains("lstm_last", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Given => [.. Directory.Exists(Folder)
        ? Directory.GetFiles(Folder, "*.onnx", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal).DefaultIfEmpty(NotGiven)
        : [NotGiven]];

    public static TheoryData<string, bool> Architectures
    {
        get
        {
            var rows = new TheoryData<string, bool>();
            foreach (var row in (IEnumerable<object[]>)SmallModels.Names)
            {
                rows.Add((string)row[0], false);
                rows.Add((string)row[0], true);
            }
            return rows;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void A_file_predicts_what_ONNX_Runtime_does(string name) =>
        Require(Path.Combine(AppContext.BaseDirectory, "Goldens", name));

    [SkippableTheory]
    [Trait("Suite", "Long")]
    [MemberData(nameof(Given))]
    public void A_given_file_predicts_what_ONNX_Runtime_does(string name)
    {
        Skip.If(name == NotGiven, NotGiven);
        Require(Path.Combine(Folder!, name));
    }

    [SkippableTheory]
    [MemberData(nameof(Architectures))]
    public void An_exported_architecture_predicts_the_same_in_ONNX_Runtime(string name, bool isDouble)
    {
        if (isDouble) RequireSame(SmallModels.Build<double>(name, 2));
        else RequireSame(SmallModels.Build<float>(name, 2));
    }

    [SkippableFact]
    public void Exported_random_graphs_predict_the_same_in_ONNX_Runtime()
    {
        var graphs = Enumerable.Range(0, 60).Select(seed => RandomGraph<float>.Create((ulong)seed))
            .Where(graph => graph.Vertices.All(v => v.Function is not Gate<float>)).ToList();
        Assert.True(graphs.Count > 20, $"only {graphs.Count} can be exported");
        Skip.If(RuntimeSession.WhyNot is not null, RuntimeSession.WhyNot);
        var wrong = new List<string>();
        foreach (var (i, graph) in graphs.Index())
        {
            var comparison = Compare(graph);
            if ((comparison.Difference ?? comparison.Refusal) is { } what) wrong.Add($"graph {i}: {what}");
            else if (comparison.Compared == 0) wrong.Add($"graph {i}: nothing is compared");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [SkippableFact]
    public void Every_operator_predicts_what_ONNX_Runtime_does_or_is_not_in_it() =>
        RequireSame(FunctionCases.All.Where(HasElements).DistinctBy(c => c.Operator));

    [SkippableFact]
    [Trait("Suite", "Long")]
    public void Every_case_of_an_operator_predicts_what_ONNX_Runtime_does_or_is_not_in_it() =>
        RequireSame(FunctionCases.All.Where(HasElements));

    [SkippableFact]
    public void What_is_composed_of_operators_predicts_what_ONNX_Runtime_does_or_is_not_in_it()
    {
        Skip.If(RuntimeSession.WhyNot is not null, RuntimeSession.WhyNot);
        var (differences, refusals, compared) = (new List<string>(), new List<string>(), 0);
        foreach (var c in ExpansionCase.All)
        {
            var comparison = Versions(c.Build(c.Extents)).Select(bytes => RuntimeComparison.Of(bytes, c.Name, Composed))
                .Aggregate((best, next) => best.Refusal is null ? best : next);
            if (comparison.Difference is { } difference && !IsOtherwise(c.Name))
                differences.Add($"{c.Name}: {difference}");
            else if (comparison.Refusal is { } refusal) refusals.Add($"{c.Name}: {refusal}");
            else compared++;
        }
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.True(compared >= 20, $"only {compared} are compared:\n{string.Join('\n', refusals)}");
    }

    /// <summary>The model under versions of which one has its operator, with outputs of doubles.</summary>
    private static IEnumerable<byte[]> Versions(TestModel model)
    {
        foreach (var opset in new[] { 17, 20, 21, 23, 24, 25, 26 })
        {
            model.Proto.OpsetImport[0].Version = opset;
            model.Proto.IrVersion = 10;
            foreach (var output in model.Proto.Graph.Output)
                output.Type.TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxElementType.Double };
            yield return model.Bytes;
        }
    }

    // Some empty arrays make ONNX Runtime end the process.
    private static bool HasElements(FunctionCase c) => c.InputShapes.All(shape => shape.Length > 0);

    private static void RequireSame(IEnumerable<FunctionCase> cases)
    {
        Skip.If(RuntimeSession.WhyNot is not null, RuntimeSession.WhyNot);
        var (differences, refusals, compared) = (new List<string>(), new List<string>(), new HashSet<string>());
        foreach (var c in cases)
        {
            if (OperatorModels.Of<float>(c, hasData: false) is not { } bytes) continue;
            var comparison = RuntimeComparison.Of(bytes, c.ToString());
            if (comparison.Difference is { } difference && !IsOtherwise($"{c}")) differences.Add($"{c}: {difference}");
            else if (comparison.Refusal is { } refusal) refusals.Add($"{c}: {refusal}");
            else compared.Add(c.Operator);
        }
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.True(compared.Count >= 100,
            $"only {compared.Count} operators are compared:\n{string.Join('\n', refusals)}");
    }

    private static bool IsOtherwise(string name) =>
        Otherwise.Keys.Any(part => name.Contains(part, StringComparison.Ordinal));

    private static void RequireSame<T>(Graph<T> graph)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Skip.If(RuntimeSession.WhyNot is not null, RuntimeSession.WhyNot);
        var comparison = Compare(graph);
        // ONNX Runtime has no convolution of doubles; whatever else is exported here must be read there.
        Skip.If(typeof(T) == typeof(double) && comparison.Refusal?.Contains(
            "[ErrorCode:NotImplemented] Could not find an implementation for Conv", StringComparison.Ordinal) == true,
            comparison.Refusal);
        Assert.True((comparison.Difference ?? comparison.Refusal) is null, comparison.Difference ?? comparison.Refusal);
        Assert.True(comparison.Compared > 0);
    }

    private static RuntimeComparison Compare<T>(Graph<T> graph)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("a.onnx");
        OnnxExport.Save(graph, null, path);
        return RuntimeComparison.Of(path);
    }

    private static void Require(string path)
    {
        Skip.If(RuntimeSession.WhyNot is not null, RuntimeSession.WhyNot);
        var comparison = RuntimeComparison.Of(path);
        Assert.True(comparison.Difference is null, comparison.Difference);
        Skip.If(comparison.Refusal is not null, comparison.Refusal);
        Assert.True(comparison.Compared > 0);
    }
}
