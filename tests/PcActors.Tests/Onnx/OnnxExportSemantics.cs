using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Onnx;
using PcActors.Onnx.Export;
using PcActors.Onnx.Schema;
using PcActors.Tensors;
using PcActors.Tests.Data;

namespace PcActors.Tests.Onnx;

/// <summary>What the export writes, read without the import.</summary>
public class OnnxExportSemantics
{
    [Fact]
    public void A_network_is_written_as_ONNX_has_it()
    {
        var builder = new GraphBuilder<float>();
        var x = builder.Data("x", new Shape(4, 6));
        var scale = builder.Constant("scale", Tensor<float>.From(new Shape(3), [1, 2, 3]));
        var h = x.Dense("layer", 3) * scale;
        var y = h.Slice(1, 0, 2).Sum([1], keepDims: false, name: "y");

        var proto = Export(builder.Build(y));

        Assert.Equal(8, proto.IrVersion);
        Assert.Equal((17L, ""), (proto.OpsetImport.Single().Version, proto.OpsetImport.Single().Domain));
        Assert.Equal("PcActors", proto.ProducerName);
        var graph = proto.Graph;
        Assert.Equal(
            ["layer/weight", "layer/bias", "slice_1/starts", "slice_1/ends", "slice_1/axes", "slice_1/steps", "y/axes"],
            graph.Initializer.Select(t => t.Name));
        Assert.Equal(["Constant", "Gemm", "Mul", "Slice", "ReduceSum"], graph.Node.Select(n => n.OpType));
        Assert.Equal(["x", "layer/weight", "layer/bias"], graph.Node[1].Input);
        Assert.Equal(["slice_1", "y/axes"], graph.Node[4].Input);
        Assert.Equal(["keepdims"], graph.Node[4].Attribute.Select(a => a.Name));
        Assert.Equal([1L], graph.Initializer[^1].Int64Data);
        Assert.Equal(["batch", "6"], Dimensions(graph.Input.Single()));
        Assert.Equal(["batch"], Dimensions(graph.Output.Single()));
        Assert.Equal(["batch", "3"], Dimensions(graph.ValueInfo.Single(v => v.Name == "layer")));
    }

    [Fact]
    public void A_batch_that_a_shape_fixes_stays_a_number()
    {
        var builder = new GraphBuilder<double>();
        var x = builder.Data("x", new Shape(4, 6));
        var proto = Export(builder.Build(x.Reshape(4, 3, 2)));
        Assert.Equal(["4", "6"], Dimensions(proto.Graph.Input.Single()));
        Assert.Equal((int)OnnxElementType.Double, proto.Graph.Input.Single().Type.TensorType.ElemType);

        builder = new GraphBuilder<double>();
        x = builder.Data("x", new Shape(4, 6));
        Assert.Equal(["batch", "3", "2"], Dimensions(Export(builder.Build(x.Reshape(-1, 3, 2))).Graph.Output.Single()));

        // A recurrent network's first axis is its steps.
        builder = new GraphBuilder<double>();
        x = builder.Data("x", new Shape(2, 5, 3));
        var proto2 = Export(builder.Build(x.Slice(0, 0, 1) + x.Slice(0, 1, 2)));
        Assert.Equal(["2", "5", "3"], Dimensions(proto2.Graph.Input.Single()));
    }

    [Fact]
    public void Indices_are_integers_and_conditions_truth_values()
    {
        var builder = new GraphBuilder<float>();
        var tokens = builder.Data("tokens", new Shape(2, 3));
        var table = builder.Parameter("table", Tensor<float>.From(new Shape(4, 2), [0, 1, 2, 3, 4, 5, 6, 7]));
        var embedded = builder.Apply("Gather", [table, tokens], name: "embedded");
        var small = builder.Apply("Less", [embedded, builder.Constant("three", Tensor<float>.Scalar(3))],
            name: "small");
        var masked = builder.Apply("Where", [small, embedded, builder.Constant("zero", Tensor<float>.Scalar(0))],
            name: "masked");
        var graph = builder.Build(masked * small);

        using var folder = new TemporaryFolder();
        OnnxExport.Save(graph, null, folder.PathOf("a.onnx"));
        var model = OnnxModel.Load(folder.PathOf("a.onnx"));

        Assert.Equal(OnnxElementType.Int64, model.Inputs.Single().Type);
        Assert.Equal(["Cast"],
            model.Proto.Graph.Node.Where(n => n.Output[0].StartsWith("small/", StringComparison.Ordinal))
                .Select(n => n.OpType));
        var again = OnnxImport.ToGraph<float>(model, new OnnxImportOptions { BatchSize = 2 }).Graph;
        var input = Tensor<float>.From(new Shape(2, 3), [3, 0, 1, 2, 1, 0]);
        Assert.Equal(Forward.Predict(graph, _ => input).Span.ToArray(),
            Forward.Predict(again, _ => input).Span.ToArray());
    }

    [Fact]
    public void Attributes_that_ONNX_does_not_have_are_left_out_or_raise_the_opset()
    {
        ModelProto ExportOf(Shape shape, string operatorType, params (string, object?)[] attributes)
        {
            var builder = new GraphBuilder<float>();
            return OnnxExportSemantics.Export(
                builder.Build(builder.Apply(operatorType, [builder.Data("x", shape)], Attributes.Of(attributes))));
        }
        ModelProto Export(string operatorType, params (string, object?)[] attributes) =>
            ExportOf(new Shape(2, 3), operatorType, attributes);

        Assert.Equal(["to"],
            Export("Cast", ("to", "int64"), ("saturate", 1)).Graph.Node[0].Attribute.Select(a => a.Name));
        var all = Export("ReduceMean", ("axes", Array.Empty<long>()), ("keepdims", 1));
        Assert.Equal(["keepdims"], all.Graph.Node[0].Attribute.Select(a => a.Name));
        Assert.Equal(17, all.OpsetImport.Single().Version);
        Assert.Equal(18, Export("ReduceMean", ("noop_with_empty_axes", 0)).OpsetImport.Single().Version);
        Assert.Equal(17, Export("ReduceSum", ("noop_with_empty_axes", 1)).OpsetImport.Single().Version);
        Assert.Equal((20, 9), (Export("Gelu").OpsetImport.Single().Version, Export("Gelu").IrVersion));
        int[] two = [2];
        var dilated = ExportOf(new Shape(2, 1, 5), "AveragePool", ("kernel_shape", two), ("dilations", two));
        Assert.Equal(19, dilated.OpsetImport.Single().Version);
        Assert.Equal(17,
            ExportOf(new Shape(2, 1, 5), "AveragePool", ("kernel_shape", two)).OpsetImport.Single().Version);
    }

    [Fact]
    public void New_values_are_written_and_misfits_refused()
    {
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(builder.Data("x", new Shape(1, 2)).Dense("layer", 1));
        var bias = new Dictionary<string, Tensor<float>> { ["layer/bias"] = Tensor<float>.From(new Shape(1), [7]) };
        using var folder = new TemporaryFolder();
        OnnxExport.Save(graph, bias, folder.PathOf("a.onnx"));
        Assert.Equal([7f],
            OnnxModel.Load(folder.PathOf("a.onnx")).Initializers["layer/bias"].ToTensor<float>().Span.ToArray());

        bias["layer/bias"] = new Tensor<float>(new Shape(2));
        Assert.Contains("'layer/bias'",
            Assert.Throws<OnnxException>(() => OnnxExport.Save(graph, bias, folder.PathOf("b.onnx"))).Message,
            StringComparison.Ordinal);
        var imported = OnnxImport.ToGraph<float>(OnnxModel.Load(folder.PathOf("a.onnx")),
            new OnnxImportOptions { BatchSize = 1 });
        Assert.Contains("'layer/weight'",
            Assert.Throws<OnnxException>(
                () =>
                    OnnxExport.Save(imported, new Dictionary<string, Tensor<float>>(),
                        folder.PathOf("b.onnx"))).Message, StringComparison.Ordinal);
        Assert.Equal([folder.PathOf("a.onnx")], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_graph_in_blocks_is_refused_and_one_before_the_cut_is_written_with_joined_parameters()
    {
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(builder.Data("x", new Shape(1, 2)).Dense("layer", 4));
        var message = Assert.Throws<OnnxException>(() => Export(Partition.Split(graph, 2))).Message;
        Assert.Contains("'layer/weight'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_writing_fails_nothing_is_left_and_the_old_file_stays()
    {
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(builder.Data("x", new Shape(1, 2)).Dense("layer", 1));
        using var folder = new TemporaryFolder();
        Assert.Throws<OnnxException>(() => OnnxExport.Save(graph, null, folder.PathOf("missing/a.onnx")));
        Directory.CreateDirectory(folder.PathOf("folder.onnx"));
        Assert.Throws<OnnxException>(() => OnnxExport.Save(graph, null, folder.PathOf("folder.onnx")));
        Assert.Empty(Directory.GetFiles(folder.Path));

        var old = folder.Write("a.onnx", "old");
        var contents =
            new[] { new TensorContent(new TensorProto(), 8, () => throw new IOException("the disk is full")) };
        foreach (var largest in (long[])[0, OnnxExport.LargestModel])
            Assert.Contains("the disk is full",
                Assert.Throws<OnnxException>(() => ModelWriter.Write(new ModelProto(), contents, old, largest)).Message,
                StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(old));
        Assert.Equal([old], Directory.GetFiles(folder.Path));
    }

    private static ModelProto Export<T>(Graph<T> graph)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        using var folder = new TemporaryFolder();
        OnnxExport.Save(graph, null, folder.PathOf("a.onnx"));
        return ModelProto.Parser.ParseFrom(File.ReadAllBytes(folder.PathOf("a.onnx")));
    }

    private static string[] Dimensions(ValueInfoProto value) => [.. value.Type.TensorType.Shape.Dim.Select(
        d => d.HasDimValue
            ? d.DimValue.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : d.HasDimParam ? d.DimParam : "?")];
}
