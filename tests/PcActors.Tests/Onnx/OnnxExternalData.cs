using PcActors.Onnx;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;
using PcActors.Tensors;
using PcActors.Tests.Data;

namespace PcActors.Tests.Onnx;

/// <summary>Mutation: tensors outside of the model file, where they may be and where not.</summary>
public class OnnxExternalData
{
    private static readonly float[] Weight = [1, 2, 3, 4, 5, 6];

    [Theory]
    [InlineData("w.data")]
    [InlineData("weights/w.data")]
    public void Data_in_the_models_folder_is_read(string location)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("weights"));
        folder.Write(location, Bytes(Weight));
        Assert.Equal(Weight, Load(folder, ("location", location)).Initializers["w"].ToTensor<float>().Span.ToArray());
        Assert.Equal(Weight,
            Load(folder, ("location", location), ("offset", "0"), ("length", "24"),
                ("checksum", "?")).Initializers["w"].ToTensor<float>().Span.ToArray());
    }

    [Theory]
    [InlineData("../w.data")]
    [InlineData("weights/../../w.data")]
    [InlineData("/etc/hostname")]
    [InlineData("./w.data")]
    [InlineData("weights//w.data")]
    [InlineData("..\\w.data")]
    [InlineData("C:\\w.data")]
    [InlineData("")]
    [InlineData("inside")]
    [InlineData("outside/w.data")]
    [InlineData("linked.data")]
    public void Data_elsewhere_is_refused(string location)
    {
        using var above = new TemporaryFolder();
        File.WriteAllBytes(above.PathOf("w.data"), Bytes(Weight));
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("inside"));
        Directory.CreateSymbolicLink(folder.PathOf("outside"), above.Path);
        File.CreateSymbolicLink(folder.PathOf("linked.data"), above.PathOf("w.data"));
        Assert.Contains("'w'", Assert.Throws<OnnxException>(() => Load(folder, ("location", location))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_within_the_folder_is_followed_even_when_the_folder_itself_is_one()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("real"));
        Directory.CreateSymbolicLink(folder.PathOf("link"), folder.PathOf("real"));
        folder.Write("real/w.data", Bytes(Weight));
        File.CreateSymbolicLink(folder.PathOf("real/alias.data"), folder.PathOf("link/w.data"));
        folder.Write("real/a.onnx", Model(("location", "alias.data")));
        var model = OnnxModel.Load(folder.PathOf("link/a.onnx"));
        Assert.Equal(Weight, model.Initializers["w"].ToTensor<float>().Span.ToArray());
    }

    [Theory]
    [InlineData("location=missing.data", "missing.data")]
    [InlineData("location=w.data offset=1", "24 bytes")]
    [InlineData("location=w.data offset=-1", "'-1'")]
    [InlineData("location=w.data offset=9223372036854775807", "24 bytes")]
    [InlineData("location=w.data offset=many", "'many'")]
    [InlineData("location=w.data length=20", "20 bytes")]
    [InlineData("offset=0", "no location")]
    public void Data_that_is_not_all_there_is_refused(string entries, string named)
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.data", Bytes(Weight));
        (string, string)[] pairs = [.. entries.Split(' ').Select(e => (e.Split('=')[0], e.Split('=')[1]))];
        var message = Assert.Throws<OnnxException>(() => Load(folder, pairs)).Message;
        Assert.Contains("'w'", message, StringComparison.Ordinal);
        Assert.Contains(named, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_has_gone_since_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.data", Bytes(Weight));
        var model = Load(folder, ("location", "w.data"));
        folder.Write("w.data", 1, 2, 3);
        Assert.Contains("'w'", Assert.Throws<OnnxException>(() => model.Initializers["w"].ToTensor<float>()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_model_keeps_its_data_outside_and_a_small_one_takes_it_in()
    {
        using var folder = new TemporaryFolder();
        var large = Enumerable.Range(0, 600).Select(i => i / 8f).ToArray();
        folder.Write("large.data", [0, .. Bytes(large)]);
        var test = new TestModel().Input("x", 1, 600).Floats("b", [1, 2], 3, 4).Output("y");
        test.Proto.Graph.Initializer.Add(External("w", [600, 1], ("location", "large.data"), ("offset", "1")));
        test.Node("Constant", [], ["c"], ("value", External("c", [600], ("location", "large.data"), ("offset", "1"))));
        test.Node("Add", "x c", "s").Node("MatMul", "s w", "p").Node("Add", "p b", "y");
        var imported = OnnxImport.ToGraph<float>(OnnxModel.Load(folder.Write("large.onnx", test.Bytes)));
        var parameters = new Dictionary<string, Tensor<float>>
        {
            ["w"] = Tensor<float>.From(new Shape(600, 1), Array.ConvertAll(large, v => v + 1)),
            ["b"] = Tensor<float>.From(new Shape(1, 2), [5, 6]),
        };

        foreach (var (largest, files) in ((long, int)[])[(OnnxExport.LargestModel, 1), (4000, 2)])
        {
            using var other = new TemporaryFolder();
            OnnxExport.Save(imported, parameters, other.PathOf("b.onnx"), options: null, largest);

            Assert.Equal(files, Directory.GetFiles(other.Path).Length);
            var again = OnnxModel.Load(other.PathOf("b.onnx"));
            var graph = OnnxImport.ToGraph<float>(again).Graph;
            Assert.Equal(parameters["w"].Span.ToArray(), graph.Find("w").Initial!.Span.ToArray());
            Assert.Equal([5f, 6f], graph.Find("b").Initial!.Span.ToArray());
            Assert.Equal(large, graph.Find("c").Initial!.Span.ToArray());
            Assert.True(again.Proto.Graph.Initializer[0].HasRawData);
            Assert.Equal(files == 1, again.Proto.Graph.Initializer[1].HasRawData);
        }
    }

    [Theory]
    [InlineData(5000, true)]
    [InlineData(4, false)]
    public void What_may_be_computed_grows_with_external_data(int held, bool isRead)
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.data", Bytes(new float[held]));
        var test = new TestModel().Input("x", 5000).Output("y");
        test.Proto.Graph.Initializer.Add(External("w", [held], ("location", "w.data")));
        test.Node(held == 5000 ? "Neg" : "Tile", held == 5000 ? "w" : "w times", "n").Integers("times", 1250)
            .Node("Add", "x n", "y");
        var limits = ReadingLimits.Default with { Elements = 10 };
        var model = OnnxModel.Load(folder.Write("a.onnx", test.Bytes), limits);
        var refusal = Record.Exception(() => OnnxImport.ToGraph<float>(model, new() { Frozen = ["*"] }));
        Assert.Equal(isRead, refusal is null);
        if (!isRead) Assert.Contains("is a constant of the shape", refusal!.Message, StringComparison.Ordinal);
    }

    private static OnnxModel Load(TemporaryFolder folder, params (string Key, string Value)[] entries) =>
        OnnxModel.Load(folder.Write("a.onnx", Model(entries)));

    private static byte[] Model(params (string Key, string Value)[] entries)
    {
        var test = new TestModel().Input("x", 1, 3).Node("MatMul", "x w", "y").Output("y");
        test.Proto.Graph.Initializer.Add(External("w", [3, 2], entries));
        return test.Bytes;
    }

    private static TensorProto External(string name, long[] dimensions, params (string Key, string Value)[] entries)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)OnnxElementType.Float,
            Dims = { dimensions },
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        tensor.ExternalData.AddRange(entries.Select(e => new StringStringEntryProto { Key = e.Key, Value = e.Value }));
        return tensor;
    }

    private static byte[] Bytes(float[] values) => ElementCodec.Encode<float>(OnnxElementType.Float, values);
}
