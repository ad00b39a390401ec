using PcActors.Tests.Documentation;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>The experiment files that the documents show run, and learn.</summary>
public sealed class ExampleFiles
{
    private const string Memory = "memory.conf";

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.conf").Select(file => Path.GetFileName(file)).Where(file => file != Memory)
            .Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(Repository.Root, "docs", "examples");

    [Theory]
    [MemberData(nameof(Files))]
    public async Task It_trains_and_gets_better(string file)
    {
        var run = await Pcnode.RunAsync("train", Path.Combine(Folder, file), "--epochs", "2", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.True(run.Last.GetProperty("testAccuracy").GetDouble() > 0.3);
    }

    [Fact]
    public async Task A_memory_recalls_what_it_has_stored()
    {
        using var folder = new StepFolder();
        // Before there is anything to remember, the lower half is as good as grey.
        Assert.True(await RecallErrorAsync(folder, "--epochs", "0") > 0.05);
        Assert.True(await RecallErrorAsync(folder, "--epochs", "50", "--threads", "1") < 0.02);
    }

    [Theory]
    [InlineData("generative.conf")]
    [InlineData("bidirectional.conf")]
    [InlineData("hybrid.conf")]
    public async Task An_image_is_generated_for_each_label(string file)
    {
        using var folder = new StepFolder();
        string[] line = ["train", Path.Combine(Folder, file), "--steps", "3", "--json"];
        var run = await Pcnode.RunAsync([.. line, "--pictures", folder["out"]]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(Path.Combine(folder["out"], "generated.png"), run.Last.GetProperty("picture").GetString());
        // Ten pictures of 8 x 8 points in a row, each point a square of 7, with 4 of paper around: width, height.
        var png = await File.ReadAllBytesAsync(run.Last.GetProperty("picture").GetString()!);
        Assert.Equal([0, 0, 604 / 256, 604 % 256, 0, 0, 0, 64], png[16..24]);
        // The picture is made behind the training, which it does not change.
        Assert.Equal(run.Last.GetProperty("weightsSha256").GetString(),
            (await Pcnode.RunAsync([.. line, "--threads", "1"])).Last.GetProperty("weightsSha256").GetString());
    }

    [Theory]
    [InlineData("feedback.conf", "a cycle")]
    [InlineData("precisions.conf", "GaussianPrecision")]
    public async Task What_no_model_file_holds_is_refused_before_training(string file, string why)
    {
        using var folder = new StepFolder();
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--export", why], "train",
            Path.Combine(Folder, file), "--export", folder["new.onnx"]);
        Assert.False(File.Exists(folder["new.onnx"]));
    }

    private static async Task<double> RecallErrorAsync(StepFolder folder, params string[] options)
    {
        var run = await Pcnode.RunAsync(
            ["train", Path.Combine(Folder, Memory), "--pictures", folder["out"], "--json", .. options]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.True(File.Exists(Path.Combine(folder["out"], "recalled.png")));
        return run.Last.GetProperty("recallError").GetDouble();
    }
}
