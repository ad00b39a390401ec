using System.Text.RegularExpressions;
using PcActors.Onnx;
using PcActors.Tests.Documentation;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Golden: every command in docs/data.md runs, on small files of the names that it gives.</summary>
public sealed partial class DataDocument : IDisposable
{
    private readonly DataFiles _files = new();

    public static TheoryData<string> Lines =>
        [.. File.ReadLines(Path.Combine(Repository.Root, "docs", "data.md"))
            .Where(l => l.StartsWith("pcnode ", StringComparison.Ordinal))];

    public void Dispose() => _files.Dispose();

    [Fact]
    public void There_are_examples() => Assert.InRange(Lines.Count, 20, 100);

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task It_runs(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]
            .Select(w => FileName().Replace(w, m => _files[m.Value]));
        var run = await Pcnode.RunAsync([.. words, "--batch", "2", "--steps", "2", "--json"]);
        Assert.True(run.ExitCode == ExitCode.Done, $"{line}: {run.Error}");
        Assert.Equal(2, run.Last.GetProperty("steps").GetInt64());
        Assert.True(double.IsFinite(run.Last.GetProperty("loss").GetDouble()));
    }

    // A folder, or what has an extension; names of arrays have none.
    [GeneratedRegex(@"mnist(/[-\w]+)?|\w+\.(onnx|npz|csv|tsv|idx)")]
    private static partial Regex FileName();

    /// <summary>The files.</summary>
    private sealed class DataFiles : IDisposable
    {
        private readonly NumPyFolder _folder = new();

        public DataFiles()
        {
            const int Count = 24;
            float[] pixels = [.. Enumerable.Range(0, Count * 48).Select(i => i * 7 % 13 / 13f)];
            long[] kinds = [.. Enumerable.Range(0, Count).Select(i => (long)(i % 3))];
            int[] images = [Count, 3, 4, 4];
            _folder.Npz("images.npz", ("x", images, pixels), ("y", [Count], kinds));
            _folder.Npz("other.npz", ("pictures", images, pixels), ("kind", [Count], kinds));
            _folder.Npz("colours.npz", ("x", [Count, 4, 4, 3], pixels), ("y", [Count], kinds));
            _folder.Npz("parts.npz", ("x_train", images, pixels), ("y_train", [Count], kinds),
                ("x_val", images, pixels), ("y_val", [Count], kinds), ("x_test", images, pixels),
                ("y_test", [Count], kinds));
            _folder.Npz("tokens.npz",
                ("ids", [Count, 6], Enumerable.Range(0, Count * 6).Select(i => (long)(i % 5)).ToArray()),
                ("mask", [Count, 6], Enumerable.Range(0, Count * 6).Select(i => i % 3 > 0).ToArray()),
                ("y", [Count], kinds));
            _folder.Npz("measurements.npz", ("x", [Count, 48], pixels), ("y", [Count, 2], pixels[..(2 * Count)]));
            _folder.Npz("unlabelled.npz", ("x", [Count, 48], pixels));
            _folder.Npz("language.npz",
                ("ids", [Count, 6], Enumerable.Range(0, Count * 6).Select(i => (long)(i % 5)).ToArray()),
                ("next", [Count, 6], Enumerable.Range(1, Count * 6).Select(i => (long)(i % 3)).ToArray()));
            _folder.Npz("segments.npz", ("x", images, pixels),
                ("y", [Count, 4, 4], Enumerable.Range(1, Count * 16).Select(i => (long)(i % 3)).ToArray()));
            WriteTables(Count);
            WriteIdx(Count);
            WriteModels();
        }

        public string this[string name] => _folder[name];

        public void Dispose() => _folder.Dispose();

        private void WriteTables(int count)
        {
            var lines = Enumerable.Range(0, count).ToList();
            void Write(string name, string header, Func<int, string> line) =>
                File.WriteAllText(_folder[name], header + string.Join('\n', lines.Select(line)));
            Write("flowers.csv", "length,width,class\n",
                i => $"{i}.5,{i % 4},\"{(i % 2 == 0 ? "iris, blue" : "rose")}\"");
            Write("semicolons.csv", "length;width;class\r\n", i => $"{i}.5;{i % 4};{i % 2}");
            Write("plain.tsv", "", i => $"{i}.5\t{i % 4}\t{i % 2}");
            Write("houses.csv", "id,street,area,rooms,price\n", i => $"{i},\"Road {i}, A\",{i}.25,{i % 4},{1000 * i}");
        }

        private void WriteIdx(int count)
        {
            Directory.CreateDirectory(_folder["mnist"]);
            byte[] images = [0, 0, 8, 3, 0, 0, 0, (byte)count, 0, 0, 0, 8, 0, 0, 0, 8, .. new byte[count * 64]];
            for (var i = 16; i < images.Length; i++) images[i] = (byte)(i * 31);
            byte[] labels =
                [0, 0, 8, 1, 0, 0, 0, (byte)count, .. Enumerable.Range(0, count).Select(i => (byte)(i % 3))];
            foreach (var name in new[] { "mnist/train-images-idx3-ubyte", "pictures.idx" })
                File.WriteAllBytes(_folder[name], images);
            foreach (var name in new[] { "mnist/train-labels-idx1-ubyte", "kinds.idx" })
                File.WriteAllBytes(_folder[name], labels);
        }

        private void WriteModels()
        {
            void Write(string name, TestModel model) => File.WriteAllBytes(_folder[name], model.Bytes);
            Write("images.onnx", new TestModel().Input("x", "N", 3, 4, 4).Integers("shape", 0, -1)
                .Floats("w", [48, 3], Weights(144)).Node("Reshape", "x shape", "flat").Node("MatMul", "flat w", "y")
                .Output("y", "N", 3));
            Write("text.onnx", new TestModel().Input("ids", OnnxElementType.Int64, "N", 6)
                .Input("mask", OnnxElementType.Bool, "N", 6).Floats("table", [5, 3], Weights(15)).Integers("last", 2)
                .Integers("axes", 1).Node("Gather", "table ids", "rows").Node("Cast", "mask", "m", ("to", 1))
                .Node("Unsqueeze", "m last", "m3").Node("Mul", "rows m3", "kept").Node("ReduceSum", "kept axes", "y",
                    ("keepdims", 0)).Output("y", "N", 3));
            Write("language.onnx", new TestModel().Input("ids", OnnxElementType.Int64, "N", 6)
                .Floats("table", [5, 3], Weights(15)).Node("Gather", "table ids", "y").Output("y", "N", 6, 3));
            Write("segments.onnx", new TestModel().Input("x", "N", 3, 4, 4).Floats("w", [3, 3, 1, 1], Weights(9))
                .Node("Conv", "x w", "y").Output("y", "N", 3, 4, 4));
            Write("regression.onnx", new TestModel().Input("x", "N", 48).Floats("w", [48, 2], Weights(96))
                .Node("MatMul", "x w", "out").Output("out", "N", 2));
            Write("autoencoder.onnx", new TestModel().Input("x", "N", 48).Floats("w", [48, 48], Weights(48 * 48))
                .Node("MatMul", "x w", "out").Output("out", "N", 48));
            Write("loss.onnx", new TestModel().Input("x", "N", 48).Input("y", "N", 2).Floats("w", [48, 2], Weights(96))
                .Node("MatMul", "x w", "out").Node("Sub", "out y", "off").Node("Mul", "off off", "square")
                .Node("ReduceMean", "square", "loss", ("keepdims", 0)).Output("loss"));
        }

        private static float[] Weights(int count) =>
            [.. Enumerable.Range(0, count).Select(i => ((i * 37 % 101) - 50) / 500f)];
    }
}
