using System.Runtime.InteropServices;
using Google.Protobuf;
using PcActors.Onnx;
using PcActors.Tensors;
using PcActors.Tests.Data;

namespace PcActors.Tests.Onnx;

/// <summary>Golden: parameters that PyTorch's exporter merged because they were equal learn apart, and what a network
/// shares learns together.</summary>
public class MergedParametersSemantics
{
    [Fact]
    public void A_merged_parameter_learns_for_itself_and_is_written_for_itself()
    {
        var imported = OnnxImport.ToGraph<float>(TwoNorms("pytorch"));
        Assert.Equal(["n1.weight", "n1.bias", "n2.weight", "n2.bias"], imported.Parameters.Keys);
        // Settings that were merged with a weight are as the file has them, and nothing has to be said.
        Assert.Equal(["n2.running_mean: it sets an operator up", "n2.running_var: it sets an operator up"],
            imported.Candidates.Where(c => !c.Learns).Select(c => $"{c.Name}: {c.Reason}"));
        Assert.Empty(imported.Notices);
        using var folder = new TemporaryFolder();
        var values = imported.Parameters.Keys.Select((name, i) => (name, i))
            .ToDictionary(p => p.name, p => Tensor<float>.From(new(2), [p.i, p.i + 0.5f]));
        OnnxExport.Save(imported, values, folder.PathOf("new.onnx"));
        var again = OnnxImport.ToGraph<float>(OnnxModel.Load(folder.PathOf("new.onnx")), new() { TakesOver = true });
        foreach (var (name, value) in values)
            Assert.Equal(value.Span.ToArray(), again.Parameters[name].Initial!.Span.ToArray());
    }

    [Fact]
    public void In_files_of_others_an_identity_shares()
    {
        Assert.Equal(["n1.weight", "n1.bias"], OnnxImport.ToGraph<float>(TwoNorms("tf2onnx")).Parameters.Keys);
    }

    [Fact]
    public void What_a_node_of_the_network_computes_is_shared()
    {
        foreach (var name in (ReadOnlySpan<string>)["/Identity_output_0", "12", "onnx::Add_12"])
        {
            var model = Norm(new TestModel().Input("x", 3, 2), "x", "n1.weight n1.bias n1.bias n1.weight", "h")
                .Node("Identity", "n1.weight", name).Node("Mul", $"h {name}", "y").Output("y");
            Assert.Equal(["n1.weight", "n1.bias"], OnnxImport.ToGraph<float>(ByPyTorch(model)).Parameters.Keys);
        }
    }

    [Fact]
    public void Running_statistics_that_are_weights_besides_are_written_apart()
    {
        var model = new TestModel().Input("x", 3, 2).Floats("one", [2], 1, 1).Floats("zero", [2], 0, 0)
            .Node("BatchNormalization", ["x", "one", "zero", "zero", "one"], ["y", "m", "v"], ("training_mode", 1))
            .Output("y").Model;
        var imported = OnnxImport.ToGraph<float>(model);
        Assert.Equal(["one", "one/stored", "zero", "zero/stored"],
            imported.Changing.Keys.Order(StringComparer.Ordinal));
        using var folder = new TemporaryFolder();
        var values = imported.Changing.Keys.Select((name, i) => (name, i))
            .ToDictionary(p => p.name, p => Tensor<float>.From(new(2), [p.i + 1, p.i + 2]));
        OnnxExport.Save(imported, values, folder.PathOf("new.onnx"));
        var again = OnnxModel.Load(folder.PathOf("new.onnx"));
        Assert.Equal(["x", "one", "zero", "zero/stored", "one/stored"], again.Nodes[0].Proto.Input);
        foreach (var (name, value) in values)
            Assert.Equal(value.Span.ToArray(), again.Initializers[name].Floats().ToArray());
        Assert.Empty(OnnxImport.ToGraph<float>(again).Notices);
    }

    private static OnnxModel TwoNorms(string producer)
    {
        var model = new TestModel().Input("x", 3, 2);
        foreach (var (from, to) in (ReadOnlySpan<(string, string)>)[("n1.weight", "n2.weight"), ("n1.bias", "n2.bias"),
            ("n2.bias", "n2.running_mean"), ("n1.weight", "n2.running_var")])
            model.Node("Identity", from, to);
        Norm(model, "x", "n1.weight n1.bias n2.running_mean n2.running_var", "h");
        Norm(model, "h", "n2.weight n2.bias n2.running_mean n2.running_var", "y").Output("y");
        return ByPyTorch(model, producer);
    }

    private static TestModel Norm(TestModel model, string input, string parameters, string output) =>
        model.Node("BatchNormalization", $"{input} {parameters}", output);

    private static OnnxModel ByPyTorch(TestModel model, string producer = "pytorch")
    {
        model.Floats("n1.weight", [2], 1, 1).Floats("n1.bias", [2], 0, 0);
        foreach (var tensor in model.Proto.Graph.Initializer)
        {
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray()));
            tensor.FloatData.Clear();
        }
        model.Proto.ProducerName = producer;
        return model.Model;
    }
}
