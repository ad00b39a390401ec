using System.Globalization;
using PcActors.Onnx;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Mutation: whatever is wrong with one sample, and whichever part the sample falls into, the refusal has the
/// sample's number in the file, the array by its own name, and the place in the sample.</summary>
public sealed class SampleNumbers : IDisposable
{
    private const int Count = 14;
    private const int Length = 3;
    private const int Classes = 4;

    // A position of a sample that is no other's: the second of three.
    private const int Place = 1;

    private static readonly Dictionary<string, Fault> Faults = new()
    {
        ["an index that the table lacks"] = new("tokens.onnx", (f, row) => f.Tokens("words", row, 5),
            "'words' has 5 in sample {0}, element 1;|[-5, 4]", "--target", "y"),
        ["an index of the only features"] = new("tokens.onnx", (f, row) => f.Tokens("x", row, -6),
            "'x' has -6 in sample {0}, element 1;|[-5, 4]", "--target", "y"),
        ["no whole number"] = new("tokens.onnx", (f, row) => f.Tokens("x", row, 0.5f),
            "'x' has 0.5 in sample {0}, element 1;|whole numbers", "--target", "y"),
        ["an index of parts"] = new("tokens.onnx", (f, row) => f.Parts(row, 5),
            "'x_test' has 5 in sample {0}, element 1;|[-5, 4]"),
        ["an index in a table"] = new("tokens.onnx", (f, row) => f.Table(row, 5, 1),
            "line {2}, column 2 'b' has 5;|[-5, 4]"),
        ["a class of a position"] = new("language.onnx", (f, row) => f.Next(row, 4),
            "array y: sample {0} has the class 4 at position 1;|from 0 to 3"),
        ["a class that does not count"] = new("language.onnx", (f, row) => f.Next(row, -100),
            "array y: position 1 of sample {0} is -100|-100 is not taken as \"ignore\"|left out"),
        ["half a class of a position"] = new("language.onnx", (f, row) => f.Next(row, 0.5f),
            "array y: position 1 of sample {0} is 0.5"),
        ["a label above the others"] = new("tokens.onnx", (f, row) => f.Labels(row, 4),
            "array y: sample {0} has the label 4, of 5 classes;|'y' predicts 4|[0, 3]"),
        ["a label that does not count"] = new("tokens.onnx", (f, row) => f.Labels(row, -100),
            "array y: element {0} is -100;|integers in [0, 3]|-100 is not taken as \"ignore\"|left out"),
        ["a label above in a table"] = new("tokens.onnx", (f, row) => f.Table(row, 0, 4),
            "line {2} has the label 4, of 5 classes|'y' predicts 4"),
        ["a word too many"] = new("tokens.onnx", (f, row) => f.Words(row),
            "line {1} has the label 'e', of 5 classes|'y' predicts 4"),
        ["a feature that is none"] = new("dense.onnx", (f, row) => f.Features(row, float.NaN),
            "array x: element 1 of sample {0} is NaN"),
        ["an infinite feature"] = new("dense.onnx", (f, row) => f.Features(row, float.NegativeInfinity),
            "array x: element 1 of sample {0} is -Infinity"),
        ["a mask that is none"] = new("masked.onnx", (f, row) => f.Masked(row, float.NaN),
            "array mask: element 1 of sample {0} is NaN", "--inputs", "x=x,mask=mask"),
    };

    private readonly NumPyFolder _folder = new();

    public SampleNumbers()
    {
        float[] table = [.. Enumerable.Range(0, 5 * Classes).Select(i => (i % 7) - 3f)];
        Write("language.onnx", new TestModel().Input("ids", OnnxElementType.Int64, "N", Length)
            .Floats("table", [5, Classes], table).Node("Gather", "table ids", "y").Output("y", "N", Length, Classes));
        Write("tokens.onnx", new TestModel().Input("ids", OnnxElementType.Int64, "N", Length)
            .Floats("table", [5, Classes], table).Node("Gather", "table ids", "rows")
            .Node("ReduceMean", "rows", "y", ("axes", new long[] { 1 }), ("keepdims", 0L)).Output("y", "N", Classes));
        Write("dense.onnx", new TestModel().Input("x", "N", Length).Floats("w", [Length, Classes], table[..12])
            .Node("MatMul", "x w", "y").Output("y", "N", Classes));
        Write("masked.onnx", new TestModel().Input("x", "N", Length).Input("mask", "N", Length)
            .Floats("w", [Length, Classes], table[..12]).Node("Add", "x mask", "sum").Node("MatMul", "sum w", "y")
            .Output("y", "N", Classes));
    }

    public static TheoryData<string> Names => [.. Faults.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_sample_is_named_by_its_number_in_the_file(string name)
    {
        var fault = Faults[name];
        string[][] commands =
        [
            ["train", "--batch", "2", "--epochs", "1"],
            ["train", "--batch", "2", "--epochs", "1", "--validation", "0.3"],
            ["evaluate", "--part", "all"],
        ];
        for (var row = 0; row < Count; row++)
        {
            var data = fault.Write(this, row);
            var words = string.Format(CultureInfo.InvariantCulture, fault.Words, row, row + 1, row + 2).Split('|');
            foreach (var command in commands)
            {
                await Pcnode.RefusesLastAsync(ExitCode.BadInput, [Path.GetFileName(data), .. words],
                    [
                        command[0], _folder[fault.Model], .. command[1..], "--data", data, "--loss", "cross-entropy",
                        .. fault.Options,
                    ]);
            }
        }
    }

    [Fact]
    public async Task Without_the_fault_all_is_well()
    {
        // Else any of them might be refused for another reason.
        string[] named = ["--target", "y"], inputs = ["--inputs", "x=x,mask=mask"];
        foreach (var (model, write, options) in new (string, Func<string>, string[])[]
            {
                ("tokens.onnx", () => Tokens("words", 0, 1), named), ("tokens.onnx", () => Parts(0, 1), []),
                ("tokens.onnx", () => Table(0, 1, 1), []), ("language.onnx", () => Next(0, 3), []),
                ("tokens.onnx", () => Labels(0, 1), []), ("dense.onnx", () => Features(0, 1), []),
                ("masked.onnx", () => Masked(0, 1), inputs),
            })
        {
            var run = await Pcnode.RunAsync(["train", _folder[model], "--data", write(), "--batch", "2", "--epochs",
                "1", "--loss", "cross-entropy", .. options]);
            Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        }
    }

    [Fact]
    public async Task Channels_that_come_last_in_the_file_are_counted_as_they_stand_there()
    {
        var pixels = new float[Count * 4 * 4 * 3];
        pixels[(5 * 48) + 31] = float.NaN;
        long[] kinds = [.. Enumerable.Range(0, Count).Select(i => (long)(i % 2))];
        var data = _folder.Npz("c.npz", ("x", [Count, 4, 4, 3], pixels), ("y", [Count], kinds));
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["array x: element 31 of sample 5 is NaN"], "train", "cnn",
            "--data", data, "--layout", "NHWC", "--batch", "2");
        data = _folder.Npz("c.npz", ("x", [Count, 4, 4, 3], new float[pixels.Length]), ("y", [Count, 4, 4, 3], pixels));
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["array y: element 31 of sample 5 is NaN"], "train", "mlp",
            "--data", data, "--layout", "NHWC", "--batch", "2", "--target", "y");
    }

    [Fact]
    public async Task A_number_that_is_too_large_is_named_by_its_place()
    {
        var words = new long[Count * Length];
        words[(7 * Length) + 2] = (1L << 24) + 1;
        var data = _folder.Npz("i.npz", ("words", [Count, Length], words), ("y", [Count], new long[Count]));
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["array words: element 2 of sample 7 is 16777217", "--dtype f64"],
            "evaluate", _folder["tokens.onnx"], "--data", data, "--loss", "cross-entropy", "--target", "y");
    }

    [Fact]
    public async Task Labels_of_a_loss_in_the_network_are_looked_at_before_the_run()
    {
        foreach (var (ignored, label, words) in new[]
            {
                (false, 4L, "'t' has 4 in sample {0}, element 0|[0, 3]"),
                (false, -100L, "'t' has -100 in sample {0}|[0, 3]"),
                (true, 7L, "'t' has 7 in sample {0}|[0, 3] or -100"), (true, -100L, ""),
            })
        {
            (string, object)[] attributes = [("reduction", "none"), ("ignore_index", -100L)];
            Write("loss.onnx", new TestModel().Input("x", "N", Length).Input("t", OnnxElementType.Int64, "N")
                .Floats("w", [Length, Classes], new float[12]).Node("MatMul", "x w", "z")
                .Node("SoftmaxCrossEntropyLoss", "z t", "y", ignored ? attributes : attributes[..1])
                .Output("y", "N"));
            for (var row = 0; row < Count; row += 3)
            {
                var labels = new long[Count];
                labels[row] = label;
                var data = _folder.Npz("t.npz", ("x", [Count, Length], Numbers()), ("t", [Count], labels));
                string[] line = ["train", _folder["loss.onnx"], "--data", data, "--inputs", "x=x,t=t", "--loss",
                    "output", "--batch", "2", "--epochs", "1"];
                if (words.Length > 0)
                    await Pcnode.RefusesLastAsync(ExitCode.BadInput,
                        string.Format(CultureInfo.InvariantCulture, words, row).Split('|'), line);
                else Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync(line)).ExitCode);
                if (label < 0) continue;
                // As the data set's labels they are classes.
                data = _folder.Npz("l.npz", ("x", [Count, Length], Numbers()), ("y", [Count], labels));
                await Pcnode.RefusesLastAsync(ExitCode.BadInput,
                    string.Format(CultureInfo.InvariantCulture, words, row).Replace("'t'", "'y'",
                        StringComparison.Ordinal).Split('|'),
                    ["train", _folder["loss.onnx"], "--data", data, "--inputs", "x=features,t=labels", .. line[6..]]);
            }
        }
    }

    private static float[] Numbers() => [.. Enumerable.Range(0, Count * Length).Select(i => (float)(i % 4))];

    private static float[] With(int row, float odd)
    {
        var numbers = Numbers();
        numbers[(row * Length) + Place] = odd;
        return numbers;
    }

    private static float[] Kinds() => [.. Enumerable.Range(0, Count).Select(i => (float)(i % Classes))];

    private void Write(string name, TestModel model) => File.WriteAllBytes(_folder[name], model.Bytes);

    private string Tokens(string array, int row, float odd) =>
        _folder.Npz("d.npz", (array, [Count, Length], With(row, odd)), ("y", [Count], Kinds()));

    private string Parts(int row, float odd) => _folder.Npz("d.npz", ("x_train", [Count, Length], Numbers()),
        ("y_train", [Count], Kinds()), ("x_test", [Count, Length], With(row, odd)), ("y_test", [Count], Kinds()));

    private string Next(int row, float odd) =>
        _folder.Npz("d.npz", ("x", [Count, Length], Numbers()), ("y", [Count, Length], With(row, odd)));

    private string Labels(int row, float odd)
    {
        var kinds = Kinds();
        kinds[row] = odd;
        return _folder.Npz("d.npz", ("x", [Count, Length], Numbers()), ("y", [Count], kinds));
    }

    private string Features(int row, float odd) =>
        _folder.Npz("d.npz", ("x", [Count, Length], With(row, odd)), ("y", [Count], Kinds()));

    private string Masked(int row, float odd) => _folder.Npz("d.npz", ("x", [Count, Length], Numbers()),
        ("mask", [Count, Length], With(row, odd)), ("y", [Count], Kinds()));

    /// <summary>A header, and a line a sample.</summary>
    private string Table(int row, int odd, int label)
    {
        File.WriteAllLines(_folder["d.csv"], Enumerable.Range(0, Count)
            .Select(i => i == row ? $"1,{odd},1,{label}" : $"1,2,3,{i % Classes}").Prepend("a,b,c,label"));
        return _folder["d.csv"];
    }

    private string Words(int row)
    {
        File.WriteAllLines(_folder["d.csv"],
            Enumerable.Range(0, Count).Select(i => i == row ? "1,2,3,e" : $"1,2,3,{"abcd"[i % Classes]}"));
        return _folder["d.csv"];
    }

    private sealed record Fault(string Model, Func<SampleNumbers, int, string> Write, string Words,
        params string[] Options);
}
