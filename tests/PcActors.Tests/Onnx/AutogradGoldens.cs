using System.IO.Compression;
using PcActors.Data.Npy;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Onnx;
using PcActors.Runs;

namespace PcActors.Tests.Onnx;

/// <summary>Golden: of networks of many kinds, as PyTorch exports them, what it calls a parameter learns and nothing
/// else; one update is its gradient in float64, and Z-IL's bits are backpropagation's. The files are by
/// <c>bench/peers/autograd_goldens.py</c>, which says what is in them.</summary>
public sealed class AutogradGoldens
{
    private const double Tolerance = 2e-5;

    // A gradient that is 0 but for roundings, as that of a bias before a normalisation, has no relative precision.
    private const double Floor = 1e-12;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Goldens", "Autograd");

    // Buffers that neither a name nor their elements tell from weights.
    private static readonly string[] Unsigned = ["time"];

    // Those that are deep, or take over a second.
    private static readonly string[] Slow =
    [
        "conv-gru", "deeplabv3", "densenet121-training", "efficientnet-b0-training", "efficientnet-v2", "googlenet",
        "inception-v3", "maxvit", "mnasnet", "mobilenet-v2", "mvit", "r3d-18", "squeezenet", "swin-t", "vgg11-bn",
    ];

    public static TheoryData<string> QuickNames => [.. Names.Except(Slow)];

    public static TheoryData<string> SlowNames => [.. Names.Intersect(Slow)];

    private static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.npz").Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(QuickNames))]
    public Task An_update_is_PyTorchs(string name) => CompareAsync(name);

    [Theory]
    [MemberData(nameof(SlowNames))]
    [Trait("Suite", "Long")]
    public Task An_update_of_a_larger_network_is_PyTorchs(string name) => CompareAsync(name);

    private static async Task CompareAsync(string name)
    {
        var golden = NpzFile.Read(Path.Combine(Folder, $"{name}.npz"));
        var model = Model(name);
        var inputs = Named(golden, "input/");
        var learning = Named(golden, "grad/").Keys.Concat(Named(golden, "projections/").Keys).ToHashSet();
        var imported = OnnxImport.ToGraph<double>(model, new OnnxImportOptions
        {
            InputShapes = inputs.ToDictionary(i => i.Key, i => i.Value.Shape),
            Frozen = [.. Unsigned.Where(model.FloatInitializers.Contains)],
        });
        Assert.Equal(learning.Order(StringComparer.Ordinal), imported.Parameters.Keys.Order(StringComparer.Ordinal));

        var zil = await StepAsync(imported, golden, inputs, new NetworkOptions());
        var bp = await StepAsync(imported, golden, inputs, new NetworkOptions { Where = new Reference() });
        Assert.Equal(Parameters.Sha256(bp.After), Parameters.Sha256(zil.After));
        Assert.Equal(bp.Loss, zil.Loss);

        var loss = golden["loss"].Elements<double>()[0];
        Assert.Equal(loss, zil.Loss, Tolerance * Math.Abs(loss));
        var gradients = zil.After.ToDictionary(p => p.Name, p => Gradient(imported, p));
        var floor = Floor * gradients.Values.Max(Largest);
        foreach (var parameter in learning) AssertGradient(golden, parameter, gradients[parameter], floor);
    }

    private static OnnxModel Model(string name)
    {
        using var file = new GZipStream(
            File.OpenRead(Path.Combine(Folder, $"{name}.onnx.gz")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return OnnxModel.Parse(bytes.ToArray(), name);
    }

    private static Dictionary<string, NpyArray> Named(IReadOnlyDictionary<string, NpyArray> golden, string prefix) =>
        golden.Where(a => a.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(a => a.Key[prefix.Length..], a => a.Value);

    private static async Task<(double Loss, IReadOnlyList<NamedTensor<double>> After)> StepAsync(
        ImportedModel<double> imported, IReadOnlyDictionary<string, NpyArray> golden,
        Dictionary<string, NpyArray> inputs, NetworkOptions options)
    {
        var isCrossEntropy = golden["isCrossEntropy"].ToTensor<double>().Span[0] != 0;
        await using var network = await Network<double>.StartAsync(imported.Graph, options with
        {
            Loss = isCrossEntropy ? Loss.CrossEntropy : Loss.SquaredError,
            Optimizer = new Sgd(1),
        });
        var batch = network.NewBatch();
        foreach (var (leaf, tensor) in imported.Graph.DataLeaves.Zip(batch.Inputs))
            inputs[leaf.Name].ToTensor<double>().Span.CopyTo(tensor.Writable);
        golden["target"].ToTensor<double>().Span.CopyTo(batch.Target.Writable);
        var result = await network.StepAsync(batch);
        return (result.Loss, await network.ParametersAsync());
    }

    private static double[] Gradient(ImportedModel<double> imported, NamedTensor<double> after)
    {
        var before = imported.Graph.Find(after.Name).Initial!.Span;
        var gradient = new double[before.Length];
        for (var i = 0; i < gradient.Length; i++) gradient[i] = before[i] - after.Value.Span[i];
        return gradient;
    }

    private static void AssertGradient(
        IReadOnlyDictionary<string, NpyArray> golden, string name, double[] found, double floor)
    {
        if (golden.TryGetValue($"grad/{name}", out var whole))
        {
            var wanted = whole.ToTensor<double>().Span.ToArray();
            Assert.Equal(wanted.Length, found.Length);
            var tolerance = (Tolerance * Largest(wanted)) + floor;
            for (var i = 0; i < wanted.Length; i++)
                AssertNear(wanted[i], found[i], tolerance, $"{name}[{i}]");
            return;
        }
        var sums = golden[$"projections/{name}"].Elements<double>();
        var allowed = (Tolerance * sums[^1]) + (floor * found.Length);
        AssertNear(sums[^1], Largest(found), allowed, $"{name}'s largest");
        for (var number = 0; number < sums.Length - 1; number++)
        {
            var sum = 0.0;
            for (var i = 0; i < found.Length; i++) sum += Sign(number, i) * found[i];
            AssertNear(sums[number], sum, allowed, $"{name}, sum {number}");
        }
    }

    private static void AssertNear(double wanted, double found, double tolerance, string what) =>
        Assert.True(Math.Abs(found - wanted) <= tolerance, $"{what}: {found:R}, not {wanted:R}");

    private static double Largest(double[] values) => values.Length == 0 ? 0 : values.Max(Math.Abs);

    // Splitmix64's finaliser, as the script has it.
    private static double Sign(int number, int element)
    {
        var z = ((ulong)(number + 1) << 32) + (ulong)element;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return z >> 63 == 0 ? 1 : -1;
    }
}
