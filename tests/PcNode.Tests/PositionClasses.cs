using PcActors.Onnx;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Theorem: class numbers of positions, [N, T], are learnt and measured as those of N * T samples would be, on
/// whichever axis the classes are. What does not fit is refused in one line.</summary>
public sealed class PositionClasses : IDisposable
{
    private const int Count = 24;
    private const int Length = 6;
    private const int Classes = 4;

    private static readonly long[] Ids = [.. Enumerable.Range(0, Count * Length).Select(i => (long)(i * 7 % 11 % 5))];
    private static readonly long[] Next = [.. Enumerable.Range(0, Count * Length).Select(i => (long)(i * 5 % 7 % 4))];
    private static readonly float[] Table = [.. Enumerable.Range(0, 5 * Classes).Select(i => (i * 37 % 17 / 8f) - 1)];

    private readonly NumPyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, "cross-entropy")]
    [InlineData(2, "cross-entropy-axis-1")]
    public async Task Evaluation_is_that_of_as_many_samples_as_there_are_positions(int axis, string loss)
    {
        var data = Data(Next);
        var run = await Pcnode.RunAsync("evaluate", Model(axis == 2), "--data", data, "--loss", loss, "--part", "all",
            "--batch", "5", "--json");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Contains("class numbers", run.Error, StringComparison.Ordinal);
        var (sum, right) = (0.0, 0);
        foreach (var (id, next) in Ids.Zip(Next))
        {
            var row = Table[(int)(id * Classes)..(int)((id + 1) * Classes)];
            sum += Math.Log(row.Sum(v => Math.Exp(v))) - row[next];
            if (Array.IndexOf(row, row.Max()) == next) right++;
        }
        Assert.Equal(sum / Ids.Length, run.Last.GetProperty("loss").GetDouble(), 1e-5);
        Assert.Equal((double)right / Ids.Length, run.Last.GetProperty("accuracy").GetDouble(), 1e-9);
        Assert.Equal(Ids.Length, run.Last.GetProperty("confusion").EnumerateArray()
            .Sum(row => row.EnumerateArray().Sum(n => n.GetInt32())));
    }

    [Fact]
    public async Task Training_has_the_same_bits_under_both_rules()
    {
        var hashes = new List<string>();
        foreach (var rule in new[] { "zil", "bp" })
        {
            var run = await Pcnode.RunAsync("train", Model(false), "--data", Data(Next), "--loss", "cross-entropy",
                "--rule", rule, "--steps", "3", "--learning-rate", "0.5", "--batch", "4", "--micro", "2", "--json");
            Assert.True(run.ExitCode == ExitCode.Done, run.Error);
            hashes.Add(run.Last.GetProperty("weightsSha256").GetString()!);
        }
        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public async Task A_step_is_that_of_positions_as_samples()
    {
        long[] ids = Ids[..(2 * Length)], next = Next[..(2 * Length)];
        async Task<double> LossAfterAsync(string model, int[] shape, string loss)
        {
            // The loss of a second step sees the update of the first.
            var (x, y) = (_folder.Npy("i.npy", shape, ids), _folder.Npy("t.npy", shape, next));
            string[] line = ["--input", x, "--target", y, "--loss", loss, "--learning-rate", "1", "--json"];
            var first = await Pcnode.RunAsync(["step", model, .. line, "--export", _folder["n.onnx"]]);
            Assert.True(first.ExitCode == ExitCode.Done, first.Error);
            var second = await Pcnode.RunAsync(["step", _folder["n.onnx"], .. line]);
            return second.Last.GetProperty("loss").GetDouble();
        }
        var flat = await LossAfterAsync(Flat(), [2 * Length], "cross-entropy");
        Assert.Equal(flat, await LossAfterAsync(Model(false), [2, Length], "cross-entropy"), 1e-6);
        Assert.Equal(flat, await LossAfterAsync(Model(true), [2, Length], "cross-entropy-axis-1"), 1e-6);
    }

    [Theory]
    [InlineData("cross-entropy")]
    [InlineData("cross-entropy-axis-1")]
    public async Task Verification_finds_the_same_bits(string loss)
    {
        foreach (var data in new[] { Array.Empty<string>(), ["--data", Data(Next), "--batch", "4"] })
        {
            var model = Model(loss != "cross-entropy");
            var run = await Pcnode.RunAsync(["verify", model, "--loss", loss, "--json", .. data]);
            Assert.True(run.Last.GetProperty("bitIdentical").GetBoolean());
        }
    }

    [Fact]
    public async Task A_single_1_among_zeros_is_classes_of_positions_where_the_root_has_them()
    {
        long[] tags = [.. Enumerable.Range(0, Count * Length).Select(i => i % Length == i / Length % Length ? 1L : 0)];
        string[] line = ["evaluate", Model(false), "--loss", "cross-entropy", "--part", "all", "--json", "--data"];
        var run = await Pcnode.RunAsync([.. line, Data(tags)]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Equal(Count, run.Last.GetProperty("classes")[1].GetProperty("samples").GetInt32());
    }

    [Theory]
    [InlineData(4, "sample 0 has the class 4 at position 1|classes from 0 to 3")]
    [InlineData(-100, "array y|position 1 of sample 0 is -100|whole numbers from 0|not taken as \"ignore\"")]
    [InlineData(0.5f, "array y|position 1 of sample 0 is 0.5|whole numbers from 0")]
    public Task A_class_that_the_root_does_not_have_is_named(float odd, string words) => Pcnode.RefusesAsync(
        ExitCode.BadInput, words.Split('|'), "train", Model(false), "--data",
        _folder.Npz("t.npz", ("ids", [Count, Length], Ids),
            ("y", [Count, Length], Next.Select((n, i) => i % Length == 1 ? odd : n).ToArray())),
        "--inputs", "ids=ids", "--loss", "cross-entropy", "--batch", "4");

    [Theory]
    [InlineData("once", "one class a sample|needs class numbers of shape [4, 6]")]
    [InlineData("half", "targets of shape|needs class numbers of shape [4, 6]")]
    public Task Targets_of_another_shape_are_refused(string array, string words) => Pcnode.RefusesAsync(
        ExitCode.BadInput, words.Split('|'), "train", Model(false), "--data",
        _folder.Npz("t.npz", ("ids", [Count, Length], Ids), ("once", [Count], Next[..Count]),
            ("half", [Count, 3], Next[..(3 * Count)])),
        "--inputs", "ids=ids", "--target", array, "--loss", "cross-entropy", "--batch", "4");

    [Theory]
    [InlineData("step", "cross-entropy", "cross-entropy-axis-1")]
    [InlineData("step", "cross-entropy-axis-1", "cross-entropy")]
    [InlineData("train", "cross-entropy", "cross-entropy-axis-1")]
    [InlineData("train", "cross-entropy-axis-1", "cross-entropy")]
    [InlineData("evaluate", "cross-entropy", "cross-entropy-axis-1")]
    [InlineData("evaluate", "cross-entropy-axis-1", "cross-entropy")]
    public async Task Where_classes_are_on_the_other_axis_the_loss_that_takes_them_is_named(
        string command, string loss, string right)
    {
        string[] given = command == "step"
            ? ["--input", _folder.Npy("i.npy", [Count, Length], Ids), "--target",
                _folder.Npy("t.npy", [Count, Length], Next)]
            : ["--data", Data(Next), "--batch", "4"];
        string[] line = [command, Model(right != "cross-entropy"), .. given];
        await Pcnode.RefusesLastAsync(ExitCode.BadInput, [$"the loss is {right}"], [.. line, "--loss", loss]);
        var run = await Pcnode.RunAsync([.. line, "--loss", right]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
    }

    [Fact]
    public async Task A_single_class_is_one_class_and_a_sign_is_no_label()
    {
        File.WriteAllBytes(_folder["one.onnx"], new TestModel().Input("ids", OnnxElementType.Int64, "N", Length)
            .Floats("table", [5, 1], 1, 2, 3, 4, 5).Node("Gather", "table ids", "y").Output("y", "N", Length, 1).Bytes);
        string[] line = ["--input", _folder.Npy("i.npy", [2, Length], Ids[..(2 * Length)]), "--loss", "cross-entropy"];
        var labels = new long[2 * Length];
        labels[Length + 2] = 3;
        await Pcnode.RefusesLastAsync(ExitCode.BadInput, ["sample 1, position 2", "has 1 class, "],
            ["step", _folder["one.onnx"], .. line, "--target", _folder.Npy("t.npy", [2, Length], labels)]);
        labels[Length + 2] = -100;
        await Pcnode.RefusesLastAsync(ExitCode.BadInput,
            ["sample 1, position 2", "[0, 3]", "-100 is not taken as \"ignore\"", "left out"],
            ["step", Model(false), .. line, "--target", _folder.Npy("t.npy", [2, Length], labels)]);
    }

    private string Data(long[] next) =>
        _folder.Npz("d.npz", ("x", [Count, Length], Ids), ("y", [Count, Length], next));

    /// <summary>A row of a table for each token: [N, T, C], or [N, C, T].</summary>
    private string Model(bool isFirst)
    {
        var model = new TestModel().Input("ids", OnnxElementType.Int64, "N", Length)
            .Floats("table", [5, Classes], Table).Node("Gather", "table ids", isFirst ? "rows" : "y");
        if (isFirst) model.Node("Transpose", "rows", "y", ("perm", new long[] { 0, 2, 1 }));
        model = isFirst ? model.Output("y", "N", Classes, Length) : model.Output("y", "N", Length, Classes);
        var path = _folder[isFirst ? "first.onnx" : "last.onnx"];
        File.WriteAllBytes(path, model.Bytes);
        return path;
    }

    private string Flat()
    {
        File.WriteAllBytes(_folder["flat.onnx"], new TestModel().Input("ids", OnnxElementType.Int64, "N")
            .Floats("table", [5, Classes], Table).Node("Gather", "table ids", "y").Output("y", "N", Classes).Bytes);
        return _folder["flat.onnx"];
    }
}
