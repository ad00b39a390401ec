using System.Numerics;
using PcActors.Data.Npy;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Onnx;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx;

/// <summary>Golden: networks exported by PyTorch learn on vertex actors as they do by
/// PyTorch's autograd in float64, by the files that <c>bench/peers/onnx_networks.py</c> has written.</summary>
public sealed class ExportedNetworks
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Goldens", "Exported");

    // Their files hold the square root of 2, a sixth or a tenth in single precision.
    private static readonly string[] HaveRoundedConstants = ["causal-attention", "patch-transformer", "squeeze-excite",
        "statistics"];

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.onnx").Order().Select(f => Path.GetFileNameWithoutExtension(f)!)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Learn_as_in_PyTorch_in_float64(string name) =>
    Compare<double>(name, HaveRoundedConstants.Contains(name) ? 1e-7 : 1e-10);

    // Some hundreds of roundings separate the two.
    [Theory]
    [MemberData(nameof(Names))]
    public Task Learn_as_in_PyTorch_in_float32(string name) => Compare<float>(name, 3e-5);

    private static async Task Compare<T>(string name, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var golden = NpzFile.Read(Path.Combine(Folder, $"{name}.npz"));
        var model = OnnxModel.Load(Path.Combine(Folder, $"{name}.onnx"));
        var after = golden.Keys.Where(k => k.StartsWith("after/", StringComparison.Ordinal))
            .ToDictionary(k => k["after/".Length..], k => golden[k]);
        var input = golden["input/input"].ToTensor<T>();
        var symbols = model.Inputs[0].Dimensions!.Index().Where(d => d.Item.Symbol is not null)
            .ToDictionary(d => d.Item.Symbol!, d => input.Shape[d.Index]);
        var imported = OnnxImport.ToGraph<T>(model, new OnnxImportOptions
        {
            Dimensions = symbols,
            // PyTorch's buffers: running statistics.
            Frozen = [.. model.FloatInitializers.Where(i => !after.ContainsKey(i))],
        });
        Assert.Equal(after.Keys.Order(StringComparer.Ordinal), imported.Parameters.Keys.Order(StringComparer.Ordinal));
        var rate = golden["rate"].Elements<double>()[0];
        await using var network = await Network<T>.StartAsync(imported.Graph, new NetworkOptions
        {
            Loss = golden["isCrossEntropy"].ToTensor<T>().Span[0] != T.Zero ? Loss.CrossEntropy : Loss.SquaredError,
            Optimizer = new Sgd(rate),
        });
        var batch = network.NewBatch();
        input.Span.CopyTo(batch.Inputs[0].Writable);
        golden["target"].ToTensor<T>().Span.CopyTo(batch.Target.Writable);

        var step = 0;
        foreach (var loss in golden["losses"].Elements<double>().ToArray())
        {
            var result = await network.StepAsync(batch);
            Assert.Equal(loss, result.Loss, tolerance * (1 + Math.Abs(loss)) * (1 + (10 * step)));
            if (step++ == 0) AssertUpdates(imported, after, await network.ParametersAsync(), tolerance);
        }
    }

    private static void AssertUpdates<T>(
        ImportedModel<T> imported, Dictionary<string, NpyArray> expected, IReadOnlyList<NamedTensor<T>> parameters,
        double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var (name, value) in parameters.Where(p => expected.ContainsKey(p.Name)))
        {
            var before = imported.Graph.Find(name).Initial!;
            var after = expected[name].ToTensor<double>();
            Assert.Equal(after.Shape, value.Shape);
            var largest = 0.0;
            for (var i = 0; i < after.Length; i++)
                largest = Math.Max(largest, Math.Abs(after.Span[i]) + Math.Abs(after.Span[i] - Of(before, i)));
            for (var i = 0; i < after.Length; i++)
                Assert.True(Math.Abs(Of(value, i) - after.Span[i]) <= tolerance * largest,
                    $"{name}[{i}]: {Of(value, i):R}, not {after.Span[i]:R}");
        }

        static double Of(Tensor<T> tensor, int element) => double.CreateChecked(tensor.Span[element]);
    }
}
