using System.Numerics;
using PcActors.Data.Npy;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Onnx;
using PcActors.Tensors;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Onnx;

/// <summary>Golden: models that PyTorch has exported, with its prediction, its loss and
/// its prediction after one step of gradient descent (<c>Goldens/Onnx/make_onnx.py</c>).</summary>
public class OnnxGoldens
{
    private const double Float32Tolerance = 2e-5;
    private const double Float64Tolerance = 1e-12;

    public static TheoryData<string> Models =>
        ["mlp", "mlp_float64", "transformer", "lstm", "lstm_unfolded", "gru_bidirectional", "rnn", "cnn"];

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public async Task A_model_predicts_and_learns_as_in_PyTorch(string name)
    {
        if (name == "mlp_float64") await Compare<double>(name, Float64Tolerance);
        else await Compare<float>(name, Float32Tolerance);
    }

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public void A_models_update_under_ZIL_is_backpropagations(string name)
    {
        var graph = Import<float>(name, Read(name)["x"]).Graph;
        Assert.Null(new Trial { Loss = Loss.SquaredError, Steps = 2 }.FirstDifference(graph));
    }

    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Goldens", "Onnx", name);

    private static IReadOnlyDictionary<string, NpyArray> Read(string name) => NpzFile.Read(PathOf($"{name}.npz"));

    private static ImportedModel<T> Import<T>(string name, NpyArray input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var model = OnnxModel.Load(PathOf($"{name}.onnx"));
        var axis = model.Inputs[0].Dimensions!.ToList().FindIndex(d => d.Symbol == "N");
        try
        {
            return OnnxImport.ToGraph<T>(model,
                new OnnxImportOptions { Dimensions = new Dictionary<string, int> { ["N"] = input.Shape[axis] } });
        }
        catch (OnnxException refusal) when (refusal.Message.Contains("is not supported",
            StringComparison.Ordinal))
        {
            Skip.If(true, refusal.Message.Split(';')[0]);
            throw;
        }
    }

    private static async Task Compare<T>(string name, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var golden = Read(name);
        var imported = Import<T>(name, golden["x"]);
        await using var network = await ReferenceNetwork.StartAsync<T>(
            imported.Graph, Loss.SquaredError, new Sgd(golden["rate"].Elements<double>()[0]));
        var batch = network.NewBatch();
        golden["x"].ToTensor<T>().Span.CopyTo(batch.Inputs[0].Writable);
        golden["target"].ToTensor<T>().Span.CopyTo(batch.Target.Writable);

        AssertNear(golden["before"].ToTensor<T>(), await network.PredictAsync(batch), tolerance, "before");
        var loss = (await network.StepAsync(batch)).Loss;
        AssertNear(golden["loss"].ToTensor<T>(), Tensor<T>.Scalar(T.CreateChecked(loss)), tolerance, "loss");
        AssertNear(golden["after"].ToTensor<T>(), await network.PredictAsync(batch), tolerance, "after");
    }

    // Values are of order 1.
    private static void AssertNear<T>(Tensor<T> wanted, Tensor<T> found, double tolerance, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(wanted.Shape, found.Shape);
        for (var i = 0; i < wanted.Length; i++)
        {
            var (w, f) = (double.CreateChecked(wanted.Span[i]), double.CreateChecked(found.Span[i]));
            Assert.True(Math.Abs(w - f) <= tolerance * Math.Max(1, Math.Abs(w)),
                $"element {i} {what} is {f:R}; PyTorch has {w:R}");
        }
    }
}
