using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Reference;
using PcActors.Onnx;
using PcActors.Onnx.Schema;
using PcActors.Tensors;
using PcActors.Tests.Data;
using PcActors.Tests.Graphs;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Onnx;

/// <summary>Property: a network that was exported and imported again is the same network, bit for bit.</summary>
public class OnnxRoundTripProperties
{
    private const int Batch = 4;

    public static TheoryData<string> Architectures => SmallModels.Names;

    [Theory]
    [MemberData(nameof(Architectures))]
    public void An_architecture_comes_back(string name)
    {
        AssertComesBack(SmallModels.Build<float>(name, Batch));
        AssertComesBack(SmallModels.Build<double>(name, Batch));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(200)]
    public void A_random_graph_comes_back(int first)
    {
        for (var seed = first; seed < first + 15; seed++)
        {
            // A function that is no operator of ONNX cannot be written.
            var graph = RandomGraph<float>.Create((ulong)seed);
            if (graph.Vertices.FirstOrDefault(v => v.Function is Gate<float>) is { } gate)
            {
                var refusal = Assert.Throws<OnnxException>(() => OnnxExport.Save(graph, null, "a.onnx"));
                Assert.Contains($"'{gate.Name}'", refusal.Message, StringComparison.Ordinal);
                continue;
            }
            AssertComesBack(graph);
            AssertComesBack(RandomGraph<double>.Create((ulong)seed));
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_dropout_and_its_mask_come_back_as_one_node(bool isMaskFirst, bool isRead)
    {
        var builder = new GraphBuilder<float>(1);
        var x = builder.Data("x", new Shape(Batch, 3)).Dense("hidden", 5);
        var first = isMaskFirst ? Mask() : Drop();
        var second = isMaskFirst ? (isRead ? Drop() : x) : Mask();
        var graph = builder.Build(first.Multiply(second, "kept").Dense("out", 2));
        using var folder = new TemporaryFolder();
        OnnxExport.Save(graph, null, folder.PathOf("a.onnx"));
        var model = OnnxModel.Load(folder.PathOf("a.onnx"));
        var node = Assert.Single(model.Proto.Graph.Node, n => n.OpType == "Dropout");
        Assert.Equal(["drop", "mask"], node.Output);
        Assert.Equal("drop",
            OnnxImport.ToGraph<float>(model, new OnnxImportOptions { BatchSize = Batch }).Graph.Find(
                "mask").Function!.Attributes.Text("draws", ""));

        Node<float> Drop() => x.Apply("Dropout", [], Attributes.Of(("training_mode", 1)), "drop");
        Node<float> Mask() =>
            x.Apply("Dropout:mask", [], Attributes.Of(("training_mode", 1), ("draws", "drop")), "mask")
                .Apply("Cast", [], Attributes.Of(("to", "float"), ("element_type", "bool")), "number");
    }

    [Fact]
    public void A_dropout_has_one_mask_in_a_file()
    {
        var builder = new GraphBuilder<float>(1);
        var x = builder.Data("x", new Shape(Batch, 3)).Dense("hidden", 5);
        var attributes = Attributes.Of(("training_mode", 1), ("draws", "drop"));
        Node<float> Mask(string name) =>
            x.Apply("Dropout:mask", [], attributes, name)
                .Apply("Cast", [], Attributes.Of(("to", "float"), ("element_type", "bool")));
        var graph = builder.Build(Mask("one").Multiply(Mask("two"), "both").Multiply(x, "kept"));
        Assert.Contains("'two' cannot be exported: the mask of 'drop' is 'one' already",
            Assert.Throws<OnnxException>(() => OnnxExport.Save(graph, null, "a.onnx")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_imported_model_with_its_update_comes_back_and_the_rest_of_the_file_is_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var imported = OnnxImport.ToGraph<float>(
            OnnxModel.Load(OnnxGoldens.PathOf("mlp.onnx")),
            new OnnxImportOptions { BatchSize = Batch, Frozen = ["layers.2.bias"] });
        await using var network =
            await ReferenceNetwork.StartAsync<float>(imported.Graph, Loss.SquaredError, new Sgd(0.5));
        await network.StepAsync(RandomBatch.Create(imported.Graph, Loss.SquaredError, 1, seed: 1));
        var parameters = (await network.ParametersAsync()).ToDictionary(p => p.Name, p => p.Value);

        OnnxExport.Save(imported, parameters, folder.PathOf("updated.onnx"));

        var updated = OnnxModel.Load(folder.PathOf("updated.onnx"));
        Assert.NotEqual(imported.Model.Proto, updated.Proto);
        foreach (var (name, _) in imported.Parameters)
            AssertSame(parameters[name], updated.Initializers[name].ToTensor<float>());
        var (before, after) = (imported.Model.Proto.Clone(), updated.Proto.Clone());
        foreach (var graph in (GraphProto[])[before.Graph, after.Graph])
        {
            Assert.Single(graph.Initializer, t => t.Name == "layers.2.bias");
            foreach (var tensor in graph.Initializer.Where(t => t.Name != "layers.2.bias")) tensor.ClearRawData();
        }
        Assert.Equal(before, after);
    }

    [Fact]
    public void What_is_not_read_stays_in_the_file()
    {
        using var folder = new TemporaryFolder();
        var test = new TestModel().Input("x", 1, 2).Floats("w", [2, 1], 1, 2).Node("MatMul", "x w", "y")
            .Output("y", 1, 1);
        // training_info (20), a field of the model that is not in the schema, and metadata.
        byte[] bytes = [.. test.Bytes, 0xA2, 0x01, 0x02, 0x0A, 0x00, 0x72, 0x06, 0x0A, 0x01, (byte)'k', 0x12, 0x01,
            (byte)'v'];
        var imported = OnnxImport.ToGraph<float>(OnnxModel.Parse(bytes));

        OnnxExport.Save(imported,
            new Dictionary<string, Tensor<float>> { ["w"] = Tensor<float>.From(new Shape(2, 1), [3, 4]) },
            folder.PathOf("a.onnx"));

        var again = File.ReadAllBytes(folder.PathOf("a.onnx"));
        Assert.True(again.AsSpan().IndexOf((byte[])[0xA2, 0x01, 0x02, 0x0A, 0x00]) > 0);
        Assert.True(again.AsSpan().IndexOf((byte[])[0x0A, 0x01, (byte)'k', 0x12, 0x01, (byte)'v']) > 0);
        Assert.Equal([3f, 4f], OnnxModel.Parse(again).Initializers["w"].ToTensor<float>().Span.ToArray());
    }

    private static void AssertComesBack<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var folder = new TemporaryFolder();
        OnnxExport.Save(graph, null, folder.PathOf("graph.onnx"));
        var model = OnnxModel.Load(folder.PathOf("graph.onnx"));
        var isSymbolic = model.Inputs.Any(i => i.Dimensions![0].Symbol == "batch");
        var again = OnnxImport.ToGraph<T>(model, new OnnxImportOptions
        {
            BatchSize = isSymbolic ? graph.DataLeaves.First().Shape[0] : null,
            Rewrite = [],
        }).Graph;

        Assert.Equal(Describe(graph), Describe(again));
        var loss = Loss.SquaredError;
        var (batch, other) = (RandomBatch.Create(graph, loss, 1, seed: 3), RandomBatch.Create(again, loss, 1, seed: 3));
        foreach (var (leaf, i) in again.DataLeaves.Select((leaf, i) => (leaf, i)))
            batch.Inputs[graph.DataLeaves.ToList().FindIndex(v => v.Name == leaf.Name)].Span.CopyTo(
                other.Inputs[i].Writable);
        var (one, two) = (new Backpropagation<T>(graph, loss, new Sgd(0.1)),
            new Backpropagation<T>(again, loss, new Sgd(0.1)));
        AssertSame(one.Predict(batch, 0), two.Predict(other, 0));
        Assert.Equal(one.Step(batch), two.Step(other));
        foreach (var parameter in graph.Parameters.Where(p => p.Trainable))
            AssertSame(one.Parameter(parameter.Id), two.Parameter(again.Find(parameter.Name).Id));
    }

    /// <summary>The vertices, but for constants and what is computed from them alone: the import does that.</summary>
    private static List<string> Describe<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var moves = new bool[graph.Vertices.Count];
        foreach (var vertex in graph.Vertices)
            moves[vertex.Id] = vertex.Kind == VertexKind.Data || vertex.Trainable
                || graph.Inputs(vertex.Id).Any(e => moves[e.From]);
        return [
            .. graph.Vertices.Where(v => moves[v.Id]).Select(v => $"{v} {v.Trainable}").Order(StringComparer.Ordinal)];
    }

    private static void AssertSame<T>(Tensor<T> expected, Tensor<T> found)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Shape, found.Shape);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Bits.AreEqual(expected.Span[i], found.Span[i]),
                $"element {i} is {found.Span[i]:R}, not {expected.Span[i]:R}");
    }
}
