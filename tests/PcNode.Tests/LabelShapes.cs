using PcActors.Data;
using PcActors.Tensors;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Labels that do not fit the network's root are refused with how many numbers a sample they have, and how
/// many would be right; what is advised helps.</summary>
public sealed class LabelShapes : IDisposable
{
    private const int Count = 24;

    private readonly NumPyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train", "6", "[6]")]
    [InlineData("train", "2 3", "[2, 3]")]
    [InlineData("evaluate", "2 3", "[2, 3]")]
    public async Task Several_class_numbers_a_sample_are_too_many_for_a_root_of_one(
        string command, string shape, string found)
    {
        string[] words = [$"targets of shape {found}, 6 numbers each", "takes 1 each, the number of a class"];
        foreach (var loss in new[] { "cross-entropy", "cross-entropy-axis-1" })
        {
            string[] line = [command, Model("4"), "--data", Data(shape, i => i % 4), "--batch", "4", "--loss", loss];
            await RefusedAsync(words, line);
            await RefusedAsync(words, [.. line, "--target", "y"]);
        }
    }

    [Theory]
    [InlineData("4", "6", "targets of shape [6], 6 numbers each|takes 4")]
    [InlineData("4", "", "targets of one number each|takes 4")]
    [InlineData("6 4", "6", "targets of shape [6], 6 numbers each|takes 24")]
    public Task Numbers_are_counted_too(string root, string target, string words) => RefusedAsync(
        words.Split('|'), "train", Model(root), "--data", Data(target, i => i / 8f), "--loss", "squared-error",
        "--target-as", "numbers", "--batch", "4");

    [Theory]
    [InlineData("4", "4", "its shape is [24, 4]|there must be one label a sample")]
    [InlineData("6 4", "6",
        "position 0 of sample 0 is 0.125, and its shape is [24, 6]|whole numbers from 0 for its positions")]
    public async Task Where_the_loss_takes_classes_nobody_is_told_to_name_numbers_that_are_named(
        string root, string target, string words)
    {
        var refusal = await RefusedAsync(
            [.. words.Split('|'), "another loss"], "train", Model(root), "--data", Data(target, i => (i + 1) / 8f),
            "--batch", "4", "--target", "y", "--loss", "cross-entropy");
        Assert.DoesNotContain("--target NAME", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nor_where_they_are_named_and_read_as_classes()
    {
        string[] line =
        [
            "train", Model("4"), "--data", Data("4", i => i / 8f), "--batch", "4", "--target", "y", "--loss",
            "squared-error",
        ];
        await RefusedAsync(["--target-as numbers"], [.. line, "--target-as", "classes"]);
        await RunAsync([.. line, "--target-as", "numbers", "--steps", "1"]);
    }

    [Fact]
    public async Task More_classes_than_the_root_has_are_no_numbers_under_a_loss_of_classes()
    {
        var refusal = await RefusedAsync(
            ["9 classes", "predicts 4"], "train", Model("4"), "--data", Data("", i => i % 9), "--batch", "4", "--loss",
            "cross-entropy");
        Assert.DoesNotContain("name the target", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-100)]
    [InlineData(-1)]
    public async Task A_sign_among_classes_is_said_to_be_no_class_and_no_other_loss_is_advised(int sign)
    {
        foreach (var command in new[] { "train", "evaluate" })
        {
            var refusal = await RefusedAsync(
                ["integers in [0, 3]", $"{sign} is not taken as \"ignore\"", "left out"], command, Model("4"), "--data",
                Data("", i => i % 5 == 4 ? sign : i % 4), "--batch", "4", "--loss", "cross-entropy");
            Assert.DoesNotContain("another loss", refusal, StringComparison.Ordinal);
        }
        // Numbers of either sign are no signs.
        await RefusedAsync(["another loss"], "train", Model("4"), "--data", Data("", i => i - 12), "--batch", "4",
            "--loss", "cross-entropy");
    }

    [Fact]
    public async Task Where_there_are_fewer_to_name_the_target_helps()
    {
        string[] line =
            ["train", Model("4"), "--data", Data("", i => i % 3), "--batch", "4", "--loss", "cross-entropy"];
        await RefusedAsync(["3 classes", "predicts 4", "where the data lack classes, name the target"], line);
        await RunAsync([.. line, "--target", "y", "--steps", "1"]);
    }

    [Fact]
    public Task A_class_a_sample_is_not_compared_with_the_numbers_of_many_positions() => RefusedAsync(
        ["one of 4 classes a sample", ", 6, 4]; [samples, classes] is needed"], "evaluate", Model("6 4"), "--part",
        "all", "--loss", "squared-error", "--data", Data("", i => i % 4));

    [Fact]
    public async Task Rows_of_a_single_1_are_numbers_where_that_is_said()
    {
        string[] line =
        [
            "train", Model("6 4"), "--data", Data("6 4", i => i % 24 == i / 24 ? 1 : 0), "--target", "y", "--steps",
            "1", "--batch", "4", "--loss", "squared-error",
        ];
        await RefusedAsync(["one of 24 classes a sample", "predicts [4, 6, 4]", "--target-as numbers"], line);
        await RunAsync([.. line, "--target-as", "numbers"]);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("")]
    public async Task A_root_of_one_number_gets_class_numbers_by_name_alone_whatever_the_batch(string root)
    {
        string[] line =
            ["evaluate", Model(root), "--data", Data("", i => i % 4), "--part", "all", "--loss", "squared-error"];
        await RefusedAsync(["4 classes", "predicts 1", "name the target"], line);
        await RunAsync([.. line, "--target", "y"]);
    }

    [Theory]
    [InlineData(false, "words of shape [2, 3]; there must be one label a sample: [N] or [N, 1]")]
    [InlineData(true, "one label a sample: [N] or [N, 1], or whole numbers from 0 for its positions")]
    public void Where_positions_have_classes_words_are_to_be_numbers(bool hasPositions, string words)
    {
        var found = new FoundWords("y", new Shape(2, 3), ["a", "b", "c", "c", "b", "a"]) { At = (_, _) => ("y", "") };
        var refusal = Assert.Throws<DataException>(
            () => TargetReading<float>.Of([found], new DatasetOptions { HasPositions = hasPositions }));
        Assert.EndsWith(words, refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(string[] words, params string[] line)
    {
        var run = await Pcnode.RunAsync(line);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Output));
        Assert.All(words, word => Assert.Contains(word, run.ErrorLines[^1], StringComparison.Ordinal));
        return run.ErrorLines[^1];
    }

    private static async Task RunAsync(string[] line)
    {
        var run = await Pcnode.RunAsync(line);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
    }

    private string Data(string shape, Func<int, float> number)
    {
        int[] extents = [Count, .. Extents(shape)];
        return _folder.Npz("d.npz", ("x", [Count, 5], new float[5 * Count]),
            ("y", extents, Enumerable.Range(0, extents.Aggregate((a, b) => a * b)).Select(number).ToArray()));
    }

    /// <summary>A linear map of five numbers to a root of a shape a sample.</summary>
    private string Model(string shape)
    {
        var extents = Extents(shape);
        var width = extents.Aggregate(1, (a, b) => a * b);
        var model = new TestModel().Input("x", "N", 5).Floats("w", [5, width], new float[5 * width])
            .Integers("shape", [-1, .. extents.Select(e => (long)e)]);
        model.Node("MatMul", "x w", extents.Length == 1 ? "y" : "rows");
        if (extents.Length != 1) model.Node("Reshape", "rows shape", "y");
        File.WriteAllBytes(_folder["m.onnx"], model.Output("y", ["N", .. extents.Select(e => (object)e)]).Bytes);
        return _folder["m.onnx"];
    }

    private static int[] Extents(string shape) =>
        [.. shape.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
