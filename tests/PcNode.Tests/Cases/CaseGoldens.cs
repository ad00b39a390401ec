using PcActors.Onnx;
using PcActors.Tensors;

namespace PcNode.Tests.Cases;

/// <summary>Golden: inputs that failed once do what is right, every folder of Goldens/Cases: where it holds PyTorch's
/// gradients the command makes that step, where not <see cref="CaseExpectations"/> says what is right.</summary>
public sealed class CaseGoldens
{
    private const double Tolerance = 2e-5;

    // A new parameter is rounded to single precision.
    private const double Rounding = 1.0 / (1 << 24);

    public static TheoryData<string> Cases => [.. CaseFolder.Names];

    [Fact]
    public void Every_folder_has_gradients_or_an_expectation()
    {
        var known = CaseExpectations.All.Keys.ToHashSet();
        Assert.Equal(23, CaseFolder.Names.Count());
        Assert.All(CaseFolder.Names, name =>
        {
            using var folder = new CaseFolder(name);
            Assert.True(folder.HasGradients || known.Contains(name), name);
        });
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_case_is_right(string name)
    {
        using var folder = new CaseFolder(name);
        await (CaseExpectations.All.TryGetValue(name, out var expectation)
            ? expectation(folder)
            : IsPyTorchsStep(folder));
    }

    private static async Task IsPyTorchsStep(CaseFolder folder)
    {
        var run = await folder.RunFullyAsync();
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, string.Concat(run.ErrorLines.Where(IsComplaint))));
        Assert.Equal(folder.Loss, run.Last.GetProperty("loss").GetDouble(), Tolerance * (1 + folder.Loss));
        var (before, after) = (OnnxModel.Load(folder["model.onnx"]), OnnxModel.Load(folder.Result));
        var gradients = folder.Gradients;
        Assert.NotEmpty(gradients);
        foreach (var (name, gradient) in gradients)
            AssertMoved(name, Values(before, name), Values(after, name), gradient.ToTensor<double>());
    }

    private static void AssertMoved(string name, Tensor<double> before, Tensor<double> after, Tensor<double> gradient)
    {
        Assert.Equal(gradient.Shape, after.Shape);
        var largest = gradient.Span.ToArray().Max(Math.Abs);
        for (var i = 0; i < gradient.Length; i++)
        {
            var (moved, wanted) = (before.Span[i] - after.Span[i], gradient.Span[i]);
            // A mask of infinities stays.
            if (wanted == 0 && before.Span[i].Equals(after.Span[i])) continue;
            var allowed = (Tolerance * largest) + (Rounding * Math.Abs(after.Span[i]));
            Assert.True(Math.Abs(moved - wanted) <= allowed, $"{name}[{i}] moved by {moved:R}, not by {wanted:R}");
        }
    }

    private static Tensor<double> Values(OnnxModel model, string name) => model.Initializers[name].ToTensor<double>();

    /// <summary>A notice is none.</summary>
    private static bool IsComplaint(string line) => line.StartsWith("pcnode: ", StringComparison.Ordinal);
}
