using System.Globalization;
using PcActors.Data.Npy;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Golden: step on models that PyTorch has exported gives PyTorch's loss, and the
/// exported model PyTorch's prediction after the update.</summary>
public sealed class StepGoldens
{
    [Theory]
    [InlineData("mlp", 2e-5)]
    [InlineData("mlp_float64", 1e-12)]
    [InlineData("rnn", 2e-5)]
    [InlineData("lstm", 2e-5)]
    [InlineData("gru_bidirectional", 2e-5)]
    [InlineData("cnn", 2e-5)]
    [InlineData("transformer", 2e-5)]
    public async Task A_step_is_PyTorchs(string name, double tolerance)
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(AppContext.BaseDirectory, "Goldens", "Onnx", name + ".onnx");
        var golden = NpzFile.Read(Path.ChangeExtension(model, ".npz"));
        Save(folder["x.npy"], golden["x"]);
        Save(folder["y.npy"], golden["target"]);
        var rate = golden["rate"].Elements<double>()[0].ToString("R", CultureInfo.InvariantCulture);

        string[] arrays = ["--input", $"x={folder["x.npy"]}", "--target", folder["y.npy"], "--learning-rate", rate,
            "--json"];
        var first = await Pcnode.RunAsync(["step", model, .. arrays, "--export", folder["new.onnx"]]);
        Assert.Equal(ExitCode.Done, first.ExitCode);
        Assert.All(first.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.StartsWith("nodes put together: ", line, StringComparison.Ordinal));
        AssertNear(golden["loss"].ToTensor<double>().Span[0], Loss(first), tolerance);

        // The loss of the exported model is that of the prediction that PyTorch made after its update.
        var second = await Pcnode.RunAsync(["step", folder["new.onnx"], .. arrays]);
        var (after, target) = (golden["after"].ToTensor<double>(), golden["target"].ToTensor<double>());
        var sum = 0.0;
        for (var i = 0; i < after.Length; i++) sum += Math.Pow(after.Span[i] - target.Span[i], 2);
        AssertNear(sum / 2 / after.Shape[0], Loss(second), 4 * tolerance);
    }

    private static double Loss(Pcnode run) => run.Last.GetProperty("loss").GetDouble();

    private static void AssertNear(double wanted, double found, double tolerance) =>
        Assert.InRange(found, wanted - (tolerance * Math.Max(1, wanted)), wanted + (tolerance * Math.Max(1, wanted)));

    private static void Save(string path, NpyArray array)
    {
        if (array.Type == NpyType.Float64) NpyFile.Write(path, array.Shape, array.Elements<double>());
        else NpyFile.Write(path, array.Shape, array.Elements<float>());
    }
}
