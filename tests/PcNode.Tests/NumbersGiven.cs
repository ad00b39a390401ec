using PcActors.Data.Npy;
using PcActors.Onnx;
using PcActors.Tensors;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Mutation: in whatever array, and to whatever command, it is given, what is no finite number is refused with
/// 2, the option, the file, the sample and the element; but a mask may be infinite.</summary>
public sealed class NumbersGiven : IDisposable
{
    private readonly StepFolder _folder = new();

    public NumbersGiven()
    {
        _folder.Floats("x.npy", [4, 2], 1, 2, 3, 4, 5, 6, 7, 8);
        _folder.Floats("y.npy", [4, 2], 0, 0, 0, 0, 0, 0, 0, 0);
        _folder.Floats("h.npy", [4, 2], 0, 0, 0, 0, 0, 0, 0, 0);
        Write("hidden.onnx", new TestModel().Input("x", "N", 2).Floats("w", [2, 2], 1, 2, 3, 4)
            .Node("MatMul", "x w", "h").Node("Tanh", "h", "a").Node("Neg", "a", "y").Output("y", "N", 2));
        Write("masked.onnx", new TestModel().Input("x", "N", 2).Input("mask", "N", 2).Floats("w", [2, 2], 1, 2, 3, 4)
            .Node("Add", "x mask", "s").Node("Softmax", "s", "p").Node("MatMul", "p w", "y").Output("y", "N", 2));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("predict m.onnx --input @bad.npy", "--input x")]
    [InlineData("predict m.onnx --input x=@bad.npy --batch 3", "--input x")]
    [InlineData("step m.onnx --input @bad.npy --target @y.npy", "--input x")]
    [InlineData("step m.onnx --input @x.npy --target @bad.npy", "--target")]
    [InlineData("infer hidden.onnx --rule il --rewrite none --latents a --clamp x=@bad.npy --read a=@o.npy",
        "--clamp x")]
    [InlineData(
        "infer hidden.onnx --rule il --rewrite none --latents a --clamp x=@x.npy --clamp a=@bad.npy --read y=@o.npy",
        "--clamp a")]
    [InlineData(
        "infer hidden.onnx --rule il --rewrite none --latents a --clamp x=@x.npy --clamp y=@bad.npy --read a=@o.npy",
        "--clamp y")]
    public async Task What_is_not_finite_is_refused(string line, string option)
    {
        foreach (var odd in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            for (var place = 0; place < 8; place++)
            {
                await RefusedAsync(line, place, odd,
                    [option, $"element {place % 2} of sample {place / 2} of ", "bad.npy is " + Shown(odd), "finite"]);
            }
        }
    }

    [Theory]
    [InlineData("predict masked.onnx --input x=@x.npy --input mask=@bad.npy")]
    [InlineData("step masked.onnx --input x=@x.npy --input mask=@bad.npy --target @y.npy")]
    [InlineData(
        "infer masked.onnx --rule il --rewrite none --latents s --clamp x=@x.npy --clamp mask=@bad.npy --read s=@o")]
    public async Task A_mask_may_be_infinite_and_is_a_number(string line)
    {
        await RefusedAsync(line, 5, float.NaN, ["mask", "element 1 of sample 2 of ", "bad.npy is NaN"]);
        if (line.StartsWith("infer", StringComparison.Ordinal)) return;
        Bad(5, float.NegativeInfinity);
        var run = await Pcnode.RunAsync(Line(line));
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.DoesNotContain("not finite", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_sets_are_refused_as_arrays_are()
    {
        foreach (var command in new[] { "predict", "evaluate", "train", "verify" })
        {
            foreach (var odd in new[] { float.NaN, float.PositiveInfinity })
            {
                File.Delete(_folder["d.npz"]);
                using (var archive = System.IO.Compression.ZipFile.Open(_folder["d.npz"],
                    System.IO.Compression.ZipArchiveMode.Create))
                {
                    using (var x = archive.CreateEntry("x.npy").Open())
                        NpyFile.Write<float>(x, new Shape(4, 2), [1, 2, 3, 4, 5, odd, 7, 8]);
                    using (var y = archive.CreateEntry("y.npy").Open())
                        NpyFile.Write<long>(y, new Shape(4), [0, 1, 0, 1]);
                }
                await Pcnode.RefusesLastAsync(ExitCode.BadInput,
                    ["d.npz, array x: element 1 of sample 2 is " + Shown(odd), "finite"], command, _folder["m.onnx"],
                    "--data", _folder["d.npz"], "--batch", "1");
            }
        }
    }

    [Fact]
    public async Task Predictions_that_are_not_finite_are_said_to_be_so()
    {
        Bad(5, float.PositiveInfinity);
        var run = await Pcnode.RunAsync(Line("predict masked.onnx --input x=@bad.npy --input mask=@x.npy"));
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains(run.ErrorLines, l => l.EndsWith(
            "2 of 8 numbers predicted are not finite; the first is element 0 of sample 2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("predict ids.onnx --input @bad.npy")]
    [InlineData("step ids.onnx --input @bad.npy --target @labels.npy --loss cross-entropy")]
    [InlineData("infer ids.onnx --rule il --rewrite none --latents rows --clamp ids=@bad.npy --read y=@o.npy")]
    public async Task An_index_that_a_table_does_not_have_is_named_by_its_sample(string line)
    {
        Write("ids.onnx", new TestModel().Input("ids", OnnxElementType.Int64, "N", 2)
            .Floats("table", [3, 2], 1, 2, 3, 4, 5, 6).Node("Gather", "table ids", "rows")
            .Node("Neg", "rows", "y").Output("y", "N", 2, 2));
        _folder.Integers("labels.npy", [4, 2], new long[8]);
        for (var place = 0; place < 8; place++)
        {
            var ids = new long[8];
            ids[place] = 3;
            _folder.Integers("bad.npy", [4, 2], ids);
            await Pcnode.RefusesLastAsync(ExitCode.BadInput,
                [$"element {place % 2} of sample {place / 2} of ", "bad.npy is 3;", "'ids'", "[-3, 2]"], Line(line));
        }
    }

    private static string Shown(float odd) => odd.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private Task RefusedAsync(string line, int place, float odd, string[] words)
    {
        Bad(place, odd);
        return Pcnode.RefusesLastAsync(ExitCode.BadInput, words, Line(line));
    }

    private void Bad(int place, float odd)
    {
        float[] numbers = [1, 2, 3, 4, 5, 6, 7, 8];
        numbers[place] = odd;
        _folder.Floats("bad.npy", [4, 2], numbers);
    }

    private string[] Line(string line) => [.. line.Split(' ').Select(w =>
        w.EndsWith(".onnx", StringComparison.Ordinal) ? _folder[w]
        : w.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? w[..at] + _folder[w[(at + 1)..]] : w)];

    private void Write(string name, TestModel model) => File.WriteAllBytes(_folder[name], model.Bytes);
}
