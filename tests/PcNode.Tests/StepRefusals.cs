using PcActors.Onnx.Schema;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Mutation: a step with one thing wrong ends with 2 and one line that names it, and writes nothing.</summary>
public sealed class StepRefusals
{
    private static readonly Dictionary<string, (Action<StepFolder> Damage, string[] Named)> Files = new()
    {
        ["no such model"] = (f => File.Delete(f["m.onnx"]), ["m.onnx", "no such file"]),
        ["an empty model"] = (f => File.WriteAllBytes(f["m.onnx"], []), ["m.onnx", "empty"]),
        ["a text"] = (f => File.WriteAllText(f["m.onnx"], "this is no model\n"), ["m.onnx", "no ONNX model"]),
        ["an .npy file for a model"] = (f => File.Copy(f["x.npy"], f["m.onnx"], true), ["m.onnx", "no ONNX model"]),
        ["an unknown operator"] = (f =>
            f.WriteModel(StepFolder.Model().Node("Frobnicate", "y", "z").Output("z", "N", 2).OutputFirst()),
            ["'z'", "'Frobnicate'", "docs/operators.md"]),
        ["If"] = (f => f.WriteModel(ControlFlow("If", "then_branch")), ["'z'", "If"]),
        ["Loop"] = (f => f.WriteModel(ControlFlow("Loop", "body")), ["'z'", "Loop"]),
        ["Scan"] = (f => f.WriteModel(ControlFlow("Scan", "body")), ["'z'", "Scan"]),
        ["an old opset"] = (f => f.WriteModel(Changed(m =>
        {
            // Some operators, MatMul among them, have never changed; Add has.
            m.OpsetImport[0].Version = 5;
            m.Graph.Node[0].OpType = "Add";
        })), ["opset", "is 5", "6 to 28"]),
        ["negative dimensions"] = (f => f.WriteModel(Changed(m => m.Graph.Initializer[0].Dims[0] = -2)),
            ["'w'", "negative"]),
        ["enormous dimensions"] = (f => f.WriteModel(Changed(m => m.Graph.Initializer[0].Dims[0] = 1L << 62)),
            ["'w'", "2^31 - 1"]),
        ["an enormous input"] = (f =>
            f.WriteModel(Changed(m => m.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = 1L << 40)),
            ["'x'", "1099511627776"]),
        ["too few elements"] = (f => f.WriteModel(Changed(m => m.Graph.Initializer[0].FloatData.RemoveAt(0))),
            ["'w'", "3 elements", "need 4"]),
        ["no external data"] = (f => f.WriteModel(External("w.bin")), ["'w'", "w.bin", "not there"]),
        ["short external data"] = (f =>
        {
            f.WriteModel(External("x.bin")); File.WriteAllBytes(f["x.bin"],
            new byte[15]);
        }, ["'w'", "15 bytes", "16"]),
        ["external data above"] = (f => f.WriteModel(External("../w.bin")), ["'w'", "../w.bin", "model's folder"]),
        ["external data at the root"] = (f => f.WriteModel(External("/etc/passwd")),
            ["'w'", "/etc/passwd", "model's folder"]),
        ["external data behind a link"] = (f =>
        {
            f.WriteModel(External("link")); File.CreateSymbolicLink(f["link"],
            "/etc/hosts");
        }, ["'w'", "link", "model's folder"]),
        ["nothing that learns"] = (f =>
            f.WriteModel(new TestModel().Input("x", "N", 2).Node("Relu", "x", "y").Output("y", "N", 2)),
            ["m.onnx", "learns", "'y'"]),
        ["no such input file"] = (f => File.Delete(f["x.npy"]), ["x.npy", "no such file"]),
        ["a truncated input"] = (f => Cut(f["x.npy"], 3), ["x.npy"]),
        ["an input that is a model"] = (f => File.Copy(f["m.onnx"], f["x.npy"], true), ["x.npy", "93"]),
        ["an input of another type"] = (f => f.Write<double>("x.npy", [2, 2], [1, 2, 3, 4]),
            ["--input x", "float64", "float32"]),
        ["an input of integers"] = (f => f.Integers("x.npy", [2, 2], 1, 2, 3, 4), ["--input x", "int64", "float32"]),
        ["an input of another rank"] = (f => f.Floats("x.npy", [4], 1, 2, 3, 4), ["'x'", "[4]", "[N, 2]"]),
        ["an input of another width"] = (f => f.Floats("x.npy", [1, 4], 1, 2, 3, 4), ["'x'", "[1, 4]", "[N, 2]"]),
        ["an empty input"] = (f => f.Floats("x.npy", [0, 2]), ["--input x", "[0, 2]"]),
        ["a target of another batch"] = (f => f.Floats("y.npy", [1, 2], 1, 2), ["--target", "[1, 2]", "'y'", "[2, 2]"]),
        ["a target of integers"] = (f => f.Integers("y.npy", [2, 2], 1, 2, 3, 4), ["--target", "int64", "floats"]),
        ["a truncated target"] = (f => Cut(f["y.npy"], 100), ["y.npy"]),
    };

    private static readonly Dictionary<string, (string Line, string[] Named)> Lines = new()
    {
        ["no model"] = ("step", ["model file is needed"]),
        ["a built-in model"] = ("step mlp", ["'mlp'", ".onnx"]),
        ["no input"] = ("step @m.onnx --target @y.npy", ["--input", "'x'", "x: float[N, 2]"]),
        ["no target"] = ("step @m.onnx --input @x.npy", ["--target"]),
        ["an unknown input"] = ("step @m.onnx --input xx=@x.npy --target @y.npy",
            ["--input", "'xx'", "did you mean 'x'?"]),
        ["an input twice"] = ("step @m.onnx --input x=@x.npy --input @x.npy --target @y.npy",
            ["--input", "'x'", "twice"]),
        ["labels for floats"] = ("step @m.onnx --input @x.npy --target @labels.npy",
            ["--target", "labels.npy", "int64", "squared-error"]),
        ["floats for labels"] = ("step @m.onnx --input @x.npy --target @y.npy --loss cross-entropy",
            ["--target", "float32", "int64 labels of shape [2]"]),
        ["an unknown initializer"] = ("step @m.onnx --input @x.npy --target @y.npy --freeze ww",
            ["--freeze", "'ww'", "did you mean 'w'?"]),
        ["everything frozen"] = ("step @m.onnx --input @x.npy --target @y.npy --freeze w", ["m.onnx", "parameter"]),
        ["an unknown output"] = ("step @m.onnx --input @x.npy --target @y.npy --output yy",
            ["--output", "'yy'", "did you mean 'y'?"]),
        ["a negative rate"] = ("step @m.onnx --input @x.npy --target @y.npy --learning-rate -1",
            ["--learning-rate", "'-1'"]),
        ["an unknown rule"] = ("step @m.onnx --input @x.npy --target @y.npy --rule zill",
            ["--rule", "'zill'", "did you mean 'zil'?"]),
        ["an unknown option"] = ("step @m.onnx --inptu @x.npy --target @y.npy",
            ["'--inptu'", "did you mean '--input'?"]),
    };

    public static TheoryData<string> FileNames => [.. Files.Keys];

    public static TheoryData<string> LineNames => [.. Lines.Keys];

    [Theory]
    [MemberData(nameof(FileNames))]
    public async Task A_wrong_file_is_refused(string name)
    {
        using var folder = new StepFolder();
        Files[name].Damage(folder);
        await folder.RefusesAsync(Files[name].Named, folder.Line);
    }

    [Theory]
    [MemberData(nameof(LineNames))]
    public async Task A_wrong_command_line_is_refused(string name)
    {
        using var folder = new StepFolder();
        string[] words = [
            .. Lines[name].Line.Split(' ')
                .Select(
                    w => w.Contains('@', StringComparison.Ordinal)
                        ? w.Replace("@", folder["."][..^1], StringComparison.Ordinal)
                        : w)];
        await folder.RefusesAsync(Lines[name].Named, words);
    }

    [Fact]
    public async Task A_model_that_is_cut_short_is_refused()
    {
        using var folder = new StepFolder();
        var bytes = File.ReadAllBytes(folder["m.onnx"]);
        for (var length = 1; length < bytes.Length; length += 7)
        {
            File.WriteAllBytes(folder["m.onnx"], bytes[..length]);
            await folder.RefusesAsync(["m.onnx"], folder.Line);
        }
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0x01)]
    [InlineData(0x10)]
    public async Task A_model_with_a_changed_byte_is_refused_or_read_and_never_anything_else(byte change)
    {
        using var folder = new StepFolder();
        var bytes = File.ReadAllBytes(folder["m.onnx"]);
        for (var position = 0; position < bytes.Length; position++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[position] ^= change;
            File.WriteAllBytes(folder["m.onnx"], damaged);
            foreach (var line in new string[][] { [.. folder.Line, "--rule", "bp"],
                ["verify", folder["m.onnx"], "--steps", "1"], ["inspect", folder["m.onnx"]] })
            {
                var run = await Pcnode.RunAsync(line);
                Assert.True(run.ExitCode is ExitCode.Done or ExitCode.BadInput or ExitCode.RunFailed,
                    $"{line[0]}: byte {position}: {run.ExitCode}, {run.Error}");
                Assert.True(run.ErrorLines.Count(IsComplaint) == (run.ExitCode == ExitCode.Done ? 0 : 1),
                    $"{line[0]}: byte {position}: {run.ExitCode}, {run.Error}");
                Assert.DoesNotContain("unexpected", run.Error, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>A notice, such as that of a newer version, is none.</summary>
    private static bool IsComplaint(string line) => line.StartsWith("pcnode: ", StringComparison.Ordinal);

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public async Task A_label_that_is_no_class_is_refused(long label)
    {
        using var folder = new StepFolder();
        folder.Integers("labels.npy", [2], 0, label);
        await folder.RefusesAsync(
            ["--target", "sample 1", $"is {label}", "[0, 1]"],
            "step", folder["m.onnx"], "--input", folder["x.npy"], "--target", folder["labels.npy"], "--loss",
            "cross-entropy");
    }

    [Fact]
    public async Task A_symbol_has_one_extent()
    {
        using var folder = new StepFolder();
        folder.WriteModel(StepFolder.Model().Input("z", "N", 2).Node("Add", "y z", "s").Output("s", "N", 2));
        folder.Floats("z.npy", [1, 2], 1, 2);
        string[] line = ["step", folder["m.onnx"], "--input", $"x={folder["x.npy"]}", "--target", folder["y.npy"],
            "--output", "s"];
        await folder.RefusesAsync(["--input", "'z'"], line);
        await folder.RefusesAsync(["'z'", "[1, 2]", "'N' is 2"], [.. line, "--input", $"z={folder["z.npy"]}"]);
        await folder.RefusesAsync(["--input", "x, z"], [.. line, "--input", folder["z.npy"]]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("nowhere/out.onnx")]
    public async Task A_path_that_cannot_be_written_is_refused_before_anything_runs(string path)
    {
        using var folder = new StepFolder();
        var full = path.Length == 0 ? "" : folder[path];
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--export", full], [.. folder.Line, "--export", full]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--export", full], "train", "--export", full);
    }

    private static TestModel Changed(Action<ModelProto> change)
    {
        var model = StepFolder.Model();
        change(model.Proto);
        return model;
    }

    private static TestModel External(string location) => Changed(m =>
    {
        var weight = m.Graph.Initializer[0];
        weight.FloatData.Clear();
        weight.DataLocation = TensorProto.Types.DataLocation.External;
        weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
    });

    private static TestModel ControlFlow(string operatorType, string attribute)
    {
        var model = StepFolder.Model().Node(operatorType, "y", "z").Output("z", "N", 2).OutputFirst();
        model.Proto.Graph.Node[^1].Attribute.Add(new AttributeProto
        {
            Name = attribute,
            Type = AttributeProto.Types.AttributeType.Graph,
            G = new GraphProto(),
        });
        return model;
    }

    private static void Cut(string path, int bytes) => File.WriteAllBytes(path, File.ReadAllBytes(path)[..^bytes]);

    [Fact]
    public async Task A_batch_without_samples_is_refused_and_does_not_diverge()
    {
        using var folder = new StepFolder();
        folder.WriteModel(new TestModel().Input("x", "N", 2).Floats("w", [2, 2], 1, 0, 0, 1)
            .Integers("from", 0).Integers("to", 0).Integers("axes", 0)
            .Node("MatMul", "x w", "h").Node("Slice", "h from to axes", "y").Output("y", 0, 2));
        folder.Floats("y.npy", [0, 2]);
        var run = await Pcnode.RunAsync(folder.Line);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.DoesNotContain("diverged", run.Error, StringComparison.Ordinal);
        Assert.Contains("[0, 2]", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_anything_has_learnt_no_learning_rate_is_blamed()
    {
        using var folder = new StepFolder();
        folder.Floats("x.npy", [2, 2], float.PositiveInfinity, 0, 0, 2);
        var run = await Pcnode.RunAsync(folder.Line);
        Assert.NotEqual(ExitCode.Done, run.ExitCode);
        Assert.DoesNotContain("learning rate", run.Error, StringComparison.Ordinal);
    }
}
