using System.Runtime.InteropServices;
using PcActors.Data.Npy;
using PcActors.Onnx;
using PcActors.Tensors;
using PcActors.Tests.Onnx;

namespace PcNode.Tests.Harness;

/// <summary>A folder with a model file and the arrays of a step.</summary>
internal sealed class StepFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The model y = x w with x [N, 2] and w [2, 2] of zeros; N = 2 with x, a target and labels.</summary>
    public StepFolder()
    {
        WriteModel(Model());
        Floats("x.npy", [2, 2], 1, 0, 0, 2);
        Floats("y.npy", [2, 2], 1, 0, 0, 0);
        Integers("labels.npy", [2], 0, 1);
    }

    /// <summary>A path within.</summary>
    public string this[string name] => _folder[name];

    /// <summary>The folder's files, by name.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.GetFiles(_folder.Path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    /// <summary>The usual command line, by squared error.</summary>
    public string[] Line =>
        ["step", this["m.onnx"], "--input", this["x.npy"], "--target", this["y.npy"], "--learning-rate", "1"];

    public static TestModel Model() => new TestModel()
        .Input("x", "N", 2).Floats("w", [2, 2], 0, 0, 0, 0).Node("MatMul", "x w", "y").Output("y", "N", 2);

    public void WriteModel(TestModel model) => File.WriteAllBytes(this["m.onnx"], model.Bytes);

    public string Floats(string name, int[] shape, params float[] elements) => Write<float>(name, shape, elements);

    public string Integers(string name, int[] shape, params long[] elements) => Write<long>(name, shape, elements);

    public string Write<TElement>(string name, int[] shape, ReadOnlySpan<TElement> elements)
        where TElement : unmanaged
    {
        NpyFile.Write(this[name], new Shape(shape), elements);
        return this[name];
    }

    /// <summary>A float initializer of a model file.</summary>
    public float[] Initializer(string file, string name)
    {
        var tensor = OnnxModel.Load(this[file]).Proto.Graph.Initializer.Single(t => t.Name == name);
        return tensor.HasRawData
            ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray()
            : [.. tensor.FloatData];
    }

    /// <summary>Asserts that a step is refused in one line with all the words, and that it
    /// leaves no file behind.</summary>
    public async Task RefusesAsync(string[] words, params string[] args)
    {
        var before = Files;
        await Pcnode.RefusesAsync(ExitCode.BadInput, words, [.. args, "--export", this["out.onnx"]])
            .ConfigureAwait(false);
        Assert.Equal(before, Files);
    }

    public void Dispose() => _folder.Dispose();
}
