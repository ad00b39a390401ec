using System.IO.Compression;
using PcActors.Onnx;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Theorem: data in another form, under other names or in another order of axes, make the same bits; what a
/// network computes itself makes those of a loss. What does not fit is refused in one line.</summary>
public sealed class DataForms : IDisposable
{
    private const int Count = 24;

    private static readonly float[] Pixels = [.. Enumerable.Range(0, Count * 48).Select(i => i * 7 % 13 / 13f)];
    private static readonly long[] Kinds = [.. Enumerable.Range(0, Count).Select(i => (long)(i % 3))];
    private static readonly int[] Images = [Count, 3, 4, 4];

    private readonly NumPyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Names_one_hot_rows_and_the_order_of_axes_change_no_bit()
    {
        float[] last =
            [.. Enumerable.Range(0, Count * 48).Select(i => Pixels[(i / 48 * 48) + (i % 3 * 16) + (i % 48 / 3)])];
        float[] hot = [.. Kinds.SelectMany(k => Enumerable.Range(0, 3).Select(c => c == k ? 1f : 0f))];
        var plain = await HashAsync(_folder.Npz("a.npz", ("x", Images, Pixels), ("y", [Count], Kinds)));
        string[] data =
        [
            _folder.Npz("b.npz", ("pictures", Images, Pixels), ("kind", [Count], Kinds), ("other", [1], Kinds[..1])),
            _folder.Npz("c.npz", ("x", [Count, 4, 4, 3], last), ("y", [Count], Kinds)),
            _folder.Npz("d.npz", ("x", Images, Pixels), ("y", [Count, 3], hot)),
        ];
        Assert.Equal(plain, await HashAsync(data[0], "--inputs", "input=pictures", "--target", "kind"));
        Assert.Equal(plain, await HashAsync(data[1], "--layout", "NHWC"));
        Assert.Equal(plain, await HashAsync(data[2]));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    public async Task A_loss_that_the_network_computes_is_learnt_as_the_same_loss(int batch, int micro)
    {
        var data = _folder.Npz("m.npz", ("x", [Count, 48], Pixels), ("y", [Count, 2], Pixels[..(2 * Count)]));
        string[] line = ["--data", data, "--batch", $"{batch}", "--micro", $"{micro}", "--steps", "5", "--json",
            "--optimizer", "sgd", "--learning-rate", "0.05"];
        var squared = await Pcnode.RunAsync(["train", Model("s.onnx", null), .. line]);
        foreach (var root in new[] { "each", "mean" })
        {
            var model = Model($"{root}.onnx", root);
            var hashes = new List<string?>();
            foreach (var rule in new[] { "zil", "bp" })
            {
                var run = await Pcnode.RunAsync(
                    ["train", model, .. line, "--loss", "output", "--rule", rule, "--freeze", "half"]);
                Assert.True(run.ExitCode == ExitCode.Done, run.Error);
                // Gradients of another size would have led elsewhere.
                foreach (var loss in new[] { "loss", "testLoss" })
                {
                    Assert.Equal(squared.Last.GetProperty(loss).GetDouble(), run.Last.GetProperty(loss).GetDouble(),
                        1e-5);
                }
                hashes.Add(run.Last.GetProperty("weightsSha256").GetString());
            }
            Assert.Single(hashes.Distinct());
        }
    }

    [Fact]
    public async Task Ids_and_masks_of_any_type_are_fed_by_name()
    {
        var model = Text();
        var hashes = new List<string>();
        foreach (var mask in new Array[] { Mask(f => f), Mask(f => f ? 1L : 0), Mask(f => f ? 1f : 0) })
        {
            var data = _folder.Npz("t.npz", ("tokens", [Count, 6], Ids(5)), ("m", [Count, 6], mask),
                ("y", [Count], Kinds));
            foreach (var rule in new[] { "zil", "bp" })
            {
                var run = await Pcnode.RunAsync("train", model, "--data", data, "--inputs", "ids=tokens,mask=m",
                    "--loss", "cross-entropy", "--batch", "4", "--steps", "4", "--rule", rule, "--json");
                Assert.True(run.ExitCode == ExitCode.Done, run.Error);
                hashes.Add(run.Last.GetProperty("weightsSha256").GetString()!);
            }
        }
        Assert.Single(hashes.Distinct());
        // Under the inputs' own names nothing need be said.
        var own = _folder.Npz("t.npz", ("ids", [Count, 6], Ids(5)), ("mask", [Count, 6], Mask(f => f)),
            ("y", [Count], Kinds));
        var said = await Pcnode.RunAsync("train", model, "--data", own, "--steps", "1", "--batch", "4");
        Assert.Equal(ExitCode.Done, said.ExitCode);
    }

    [Fact]
    public async Task A_mask_of_infinities_may_be_named_first()
    {
        var model = _folder["masked.onnx"];
        await File.WriteAllBytesAsync(model, new TestModel().Input("x", "N", 6).Input("mask", "N", 6)
            .Floats("w", [6, 3], [.. Enumerable.Range(1, 18).Select(i => 1f / i)]).Node("Add", "x mask", "sum")
            .Node("Softmax", "sum", "s").Node("MatMul", "s w", "y").Output("y", "N", 3).Bytes);
        var data = _folder.Npz("t.npz", ("a", [Count, 6], Pixels[..(6 * Count)]),
            ("m", [Count, 6], Mask(f => f ? 0 : float.NegativeInfinity)), ("y", [Count], Kinds));
        var hashes = new List<string>();
        foreach (var inputs in new[] { "x=a,mask=m", "mask=m,x=a" })
        {
            var run = await Pcnode.RunAsync("train", model, "--data", data, "--inputs", inputs, "--batch", "4",
                "--loss", "cross-entropy", "--steps", "3", "--json");
            Assert.True(run.ExitCode == ExitCode.Done, run.Error);
            Assert.True(double.IsFinite(run.Last.GetProperty("loss").GetDouble()));
            hashes.Add(run.Last.GetProperty("weightsSha256").GetString()!);
        }
        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public async Task An_encoder_of_words_and_masks_learns_sequences_of_the_datas_length()
    {
        // BERT as PyTorch exports it, of symbols batch and length: the data say how long sequences are.
        var model = _folder["bert.onnx"];
        var packed = Path.Combine(AppContext.BaseDirectory, "Goldens", "Autograd", "bert.onnx.gz");
        await using (var from = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress))
        await using (var to = File.Create(model))
            await from.CopyToAsync(to);
        var data = _folder.Npz("t.npz", ("tokens", [Count, 6], Ids(20)), ("m", [Count, 6], Mask(f => f ? 1L : 0)),
            ("s", [Count, 6], Ids(2)), ("kind", [Count], Kinds));
        string[] fed = ["--data", data, "--inputs", "mask=m,ids=tokens,segments=s"];
        string[] line = ["train", model, .. fed, "--target", "kind", "--loss", "cross-entropy", "--batch", "4",
            "--steps", "3", "--json"];
        var runs = new List<Pcnode>();
        foreach (var rule in new[] { "zil", "bp" })
            runs.Add(await Pcnode.RunAsync([.. line, "--rule", rule, "--export", _folder["new.onnx"]]));
        Assert.All(runs, run => Assert.True(run.ExitCode == ExitCode.Done, run.Error));
        Assert.Single(runs.Select(run => run.Last.GetProperty("weightsSha256").GetString()).Distinct());
        Assert.Contains("41 of 41 tensors learn", runs[0].Error, StringComparison.Ordinal);
        Assert.Equal("f64", runs[0].Last.GetProperty("dtype").GetString());
        var predicted = await Pcnode.RunAsync(
            ["predict", _folder["new.onnx"], .. fed, "--target", "kind", "--output", _folder["p.npy"], "--json"]);
        Assert.True(predicted.ExitCode == ExitCode.Done, predicted.Error);
    }

    [Theory]
    [InlineData("ids=tokens,mask=m", "'tokens' has 5 in sample |'ids'|[-5, 4]")]
    [InlineData("ids=halves,mask=m", "'halves' has 0.5 in sample |'ids'|whole numbers")]
    [InlineData("ids=fine", "'mask'|say which one it gets")]
    [InlineData("ids=token,mask=m", "no array 'token'|'tokens' [24, 6] int64|'halves' [24, 6] float32")]
    [InlineData("ids=short,mask=m", "array m|[24, 6] beside [23, 6] of short|a row for each sample")]
    [InlineData("ids=wide,mask=m", "'wide' of shape [7]|7 numbers each|'ids' takes 6")]
    public Task What_an_input_does_not_take_is_named(string inputs, string words)
    {
        var data = _folder.Npz("t.npz", ("tokens", [Count, 6], Ids(6)), ("m", [Count, 6], Mask(f => f)),
            ("halves", [Count, 6], Mask(f => f ? 0.5f : 1)), ("short", [Count - 1, 6], Ids(5)[6..]),
            ("wide", [Count, 7], new long[7 * Count]), ("fine", [Count, 6], Ids(5)), ("y", [Count], Kinds));
        return Pcnode.RefusesAsync(ExitCode.BadInput, words.Split('|'), "train", Text(), "--data", data, "--inputs",
            inputs, "--batch", "4");
    }

    [Theory]
    [InlineData("cnn --data c.npz", "[4, 4, 3] look like [H, W, C]|--layout NHWC")]
    [InlineData("i.onnx --data c.npz", "samples of shape [4, 4, 3]|'x' takes [3, 4, 4]|--layout NHWC")]
    [InlineData("s.onnx --data n.npz --loss cross-entropy", "[24, 3]|one-hot rows|--target NAME")]
    [InlineData("s.onnx --data n.npz", "targets of shape [3]|'out' takes 2")]
    [InlineData("s.onnx --data n.npz --target z", "no array 'z'|'x' [24, 48] float32, 'y' [24, 3] float32")]
    [InlineData("s.onnx --data n.npz --loss output --target y", "--target: the loss output|takes no target")]
    [InlineData("s.onnx --data n.npz --loss output", "the loss output needs a root of one number a sample")]
    [InlineData("mlp --data n.npz --validation 1", "--validation: '1' is not auto or a share between 0 and 1")]
    [InlineData("mlp --data n.npz --layout HWC", "--layout: 'HWC' is not one of auto, NCHW, NHWC")]
    [InlineData("mlp --data n.npz --layout NHWC", "samples of shape [48]|[H, W, C]")]
    [InlineData("mlp --data n.npz --target-as words", "--target-as: 'words' is not one of auto, classes, numbers")]
    public async Task What_does_not_fit_is_named(string line, string words)
    {
        _folder.Npz("c.npz", ("x", [Count, 4, 4, 3], Pixels), ("y", [Count], Kinds));
        _folder.Npz("n.npz", ("x", [Count, 48], Pixels), ("y", [Count, 3], Pixels[..(3 * Count)]));
        Model("s.onnx", null);
        await File.WriteAllBytesAsync(_folder["i.onnx"], new TestModel().Input("x", "N", 3, 4, 4)
            .Integers("shape", 0, -1).Floats("w", [48, 3], new float[144]).Node("Reshape", "x shape", "flat")
            .Node("MatMul", "flat w", "y").Output("y", "N", 3).Bytes);
        await Pcnode.RefusesAsync(ExitCode.BadInput, words.Split('|'),
            [
                "train", .. line.Split(' ').Select(w => w.Contains('.') ? _folder[w] : w), "--epochs", "1", "--batch",
                "4",
            ]);
    }

    [Fact]
    public async Task Classes_that_are_words_are_in_the_result_and_more_outputs_than_classes_are_said()
    {
        await File.WriteAllLinesAsync(_folder["d.csv"],
            Enumerable.Range(0, 12).Select(i => $"{i},{i % 3},{"ab"[i % 2]}"));
        await File.WriteAllBytesAsync(_folder["m.onnx"], new TestModel().Input("x", "N", 2)
            .Floats("w", [2, 5], new float[10]).Node("MatMul", "x w", "y").Output("y", "N", 5).Bytes);
        string[] line = ["train", _folder["m.onnx"], "--data", _folder["d.csv"], "--batch", "2", "--steps", "1"];
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["2 classes", "predicts 5", "name the target"], line);
        var run = await Pcnode.RunAsync([.. line, "--target", "3", "--json"]);
        Assert.Equal(["a", "b"], run.Last.GetProperty("classNames").EnumerateArray().Select(n => n.GetString()));
        Assert.Contains("2 classes, and 'y' predicts 5", run.Error, StringComparison.Ordinal);
        Assert.Contains("separated by commas; no header", run.Error, StringComparison.Ordinal);
    }

    private static long[] Ids(int bound) => [.. Enumerable.Range(0, Count * 6).Select(i => (long)(i % bound))];

    private static TElement[] Mask<TElement>(Func<bool, TElement> of) =>
        [.. Enumerable.Range(0, Count * 6).Select(i => of(i % 3 > 0))];

    private static async Task<string> HashAsync(string data, params string[] options)
    {
        var run = await Pcnode.RunAsync(
            [
                "train", "cnn", "--channels", "2,2", "--hidden", "4", "--data", data, "--batch", "4", "--steps", "3",
                "--json", .. options,
            ]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return run.Last.GetProperty("weightsSha256").GetString()!;
    }

    private string Text()
    {
        File.WriteAllBytes(_folder["text.onnx"], new TestModel().Input("ids", OnnxElementType.Int64, "N", 6)
            .Input("mask", OnnxElementType.Bool, "N", 6).Floats("table", [5, 3], new float[15]).Integers("last", 2)
            .Integers("axes", 1).Node("Gather", "table ids", "rows").Node("Cast", "mask", "m", ("to", 1))
            .Node("Unsqueeze", "m last", "m3").Node("Mul", "rows m3", "kept")
            .Node("ReduceSum", "kept axes", "y", ("keepdims", 0)).Output("y", "N", 3).Bytes);
        return _folder["text.onnx"];
    }

    /// <summary>x w, or its loss of each sample, or their mean: half the squared distance to an input.</summary>
    private string Model(string name, string? root)
    {
        float[] weights = [.. Enumerable.Range(0, 96).Select(i => ((i * 37 % 101) - 50) / 500f)];
        var model = new TestModel().Input("x", "N", 48);
        if (root is not null) model.Input("y", "N", 2).Floats("half", [], 0.5f).Integers("axes", 1);
        model.Floats("w", [48, 2], weights).Node("MatMul", "x w", "out");
        if (root is not null)
        {
            model.Node("Sub", "out y", "off").Node("Mul", "off off", "square").Node("Mul", "square half", "halves")
                .Node("ReduceSum", "halves axes", "each", ("keepdims", 0));
        }
        if (root == "mean") model.Node("ReduceMean", "each", "mean", ("keepdims", 0));
        _ = root switch
        {
            null => model.Output("out", "N", 2),
            "each" => model.Output("each", "N"),
            _ => model.Output("mean"),
        };
        File.WriteAllBytes(_folder[name], model.Bytes);
        return _folder[name];
    }
}
