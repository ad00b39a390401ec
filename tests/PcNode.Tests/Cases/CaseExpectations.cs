using Google.Protobuf;
using PcActors.Data;
using PcActors.Onnx;
using PcActors.Onnx.Schema;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Cases;

/// <summary>What is right where a folder holds no gradients, or none that can be compared.</summary>
internal static class CaseExpectations
{
    /// <summary>A check of each, by its folder's name.</summary>
    public static IReadOnlyDictionary<string, Func<CaseFolder, Task>> All { get; } =
        new Dictionary<string, Func<CaseFolder, Task>>
        {
            ["batch1_fixed"] = FixedBatchIsWidened,
            ["bn_shared_direct"] = SharedInitializerIsSplit,
            ["const_weights"] = ConstantsLearnOnRequest,
            ["dropout_mask"] = EveryWeightIsKeptOnce,
            ["hangs_conf"] = folder => folder.RefusesAsync("line 11, column 21"),
            ["kaggle_csv"] = LabelIsTheNamedColumn,
            ["lstm_last"] = VerticesAreLinear,
            ["nhwc"] = folder => folder.RefusesAsync("[6, 6, 3]", "[3, 6, 6]"),
            ["scale_lost"] = ExportHasWhatTrainPrinted,
            ["vae_randn"] = NoiseFollowsTheSeed,
        };

    private static Task RefusesAsync(this CaseFolder folder, params string[] words) =>
        Pcnode.RefusesAsync(ExitCode.BadInput, words, [.. folder.Command]);

    /// <summary>A run with one word of the command replaced.</summary>
    private static Task<Pcnode> RunWithAsync(this CaseFolder folder, string word, string instead, params string[] more)
    {
        Assert.Contains(word, folder.Command);
        return Pcnode.RunAsync([.. folder.Command.Select(w => w == word ? instead : w), .. more]);
    }

    private static string Weights(Pcnode run)
    {
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return run.Last.GetProperty("weightsSha256").GetString()!;
    }

    private static string Change(CaseFolder folder, Action<GraphProto> change)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(folder["model.onnx"]));
        change(model.Graph);
        var path = folder.NewFile("changed.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    /// <summary>It learns what the model with an open batch learns.</summary>
    private static async Task FixedBatchIsWidened(CaseFolder folder)
    {
        var open = Change(folder, graph =>
        {
            foreach (var value in graph.Input.Concat(graph.Output))
                value.Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimParam = "N" };
        });
        Assert.Equal(Weights(await folder.RunWithAsync(folder["model.onnx"], open, "--json")),
            Weights(await folder.RunFullyAsync()));
    }

    /// <summary>Scale and shift learn what they learn in a model in which the statistics are initializers of their
    /// own, and what is set up is said.</summary>
    private static async Task SharedInitializerIsSplit(CaseFolder folder)
    {
        var apart = Change(folder, graph =>
        {
            var node = graph.Node.Single(n => n.OpType == "BatchNormalization");
            foreach (var (place, name) in new[] { (3, "mean"), (4, "variance") })
            {
                var copy = graph.Initializer.Single(t => t.Name == node.Input[place]).Clone();
                copy.Name = node.Input[place] = name;
                graph.Initializer.Add(copy);
            }
        });
        string[] rate = ["--optimizer", "sgd", "--learning-rate", "1"];
        var run = await folder.RunFullyAsync(rate);
        Assert.Equal(2, run.ErrorLines.Count(line => line.Contains("as the file has it", StringComparison.Ordinal)));
        var other = folder.NewFile("apart-new.onnx");
        string[] words = [.. folder.Command.SkipWhile(w => w != "--input").TakeWhile(w => w != "--export")];
        Weights(await Pcnode.RunAsync(["step", apart, .. words, "--export", other, "--json", .. rate]));
        foreach (var name in new[] { "g", "z" })
        {
            var learnt = Floats(folder.Result, name);
            Assert.NotEqual(Floats(folder["model.onnx"], name), learnt);
            Assert.Equal(Floats(other, name), learnt);
        }
    }

    private static async Task ConstantsLearnOnRequest(CaseFolder folder)
    {
        await folder.RefusesAsync("'W'", "Constant node", "--learn");
        var run = await folder.RunAsync("--learn", "W", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.True(run.Last.GetProperty("bitIdentical").GetBoolean());
    }

    /// <summary>In a hundred steps no weight is dropped every time.</summary>
    private static async Task EveryWeightIsKeptOnce(CaseFolder folder)
    {
        Weights(await folder.RunAsync());
        var moved = Floats(folder["model.onnx"], "W").Zip(Floats(folder.Result, "W")).ToList();
        Assert.Equal(12, moved.Count);
        Assert.All(moved, weight => Assert.NotEqual(weight.First, weight.Second));
    }

    /// <summary>It learns what it learns when that column is the last.</summary>
    private static async Task LabelIsTheNamedColumn(CaseFolder folder)
    {
        var last = folder.NewFile("last.csv");
        File.WriteAllLines(last, File.ReadLines(folder["d.csv"]).Select(line => line.Split(','))
            .Select(fields => string.Join(',', [.. fields[1..], fields[0]])));
        Assert.Equal(Weights(await folder.RunWithAsync(folder["d.csv"], last)), Weights(await folder.RunAsync()));
    }

    /// <summary>An LSTM of 200 steps of which the last is read has as many vertices a step as one that gives the
    /// last state by itself: fewer than 60.</summary>
    private static async Task VerticesAreLinear(CaseFolder folder)
    {
        var run = await folder.RunAsync();
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.InRange(run.Last.GetProperty("vertices").GetInt32(), 200, 200 * 60);
    }

    /// <summary>The exported file predicts, of the data as they are, with the accuracy that was printed; other data
    /// make other weights.</summary>
    private static async Task ExportHasWhatTrainPrinted(CaseFolder folder)
    {
        var run = await folder.RunFullyAsync();
        var test = DatasetLoader.Load<float>(folder["d_scaled.npz"]).Test;
        var graph = OnnxImport.ToGraph<float>(OnnxModel.Load(folder.Result),
            new OnnxImportOptions { Dimensions = new Dictionary<string, int> { ["N"] = test.Count } }).Graph;
        var predicted = Forward.Predict(graph, _ => test.Features);
        var (right, classes) = (0, predicted.Shape[1]);
        for (var i = 0; i < test.Count; i++)
        {
            var row = predicted.Span.Slice(i * classes, classes);
            if (System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row) == test.Labels[i]) right++;
        }
        Assert.Equal((double)right / test.Count, run.Last.GetProperty("testAccuracy").GetDouble(), 1e-9);
        var plain = await folder.RunWithAsync(folder["d_scaled.npz"], folder["d.npz"]);
        Assert.NotEqual(Weights(plain), Weights(run));
    }

    /// <summary>The same seed draws the same, another one other numbers; Z-IL makes backpropagation's update of
    /// them.</summary>
    private static async Task NoiseFollowsTheSeed(CaseFolder folder)
    {
        var first = Weights(await folder.RunFullyAsync());
        Assert.Equal(first, Weights(await folder.RunFullyAsync()));
        Assert.Equal(first, Weights(await folder.RunFullyAsync("--rule", "bp")));
        Assert.NotEqual(first, Weights(await folder.RunFullyAsync("--seed", "2")));
    }

    private static float[] Floats(string path, string name) =>
        OnnxModel.Load(path).Initializers[name].ToTensor<float>().Span.ToArray();
}
