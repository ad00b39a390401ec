using PcActors.Graphs;
using PcActors.Onnx;
using PcActors.Onnx.Import;
using PcActors.Tests.Data;
using PcActors.Tests.Functions;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Onnx;

/// <summary>Property: every function, with every configuration that it is tested with, comes
/// back from a model file.</summary>
public class OnnxFunctionProperties
{
    public static TheoryData<string> Cases => FunctionCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_function_comes_back(string name)
    {
        var functionCase = FunctionCases.Get(name);
        var inputs = functionCase.Inputs<float>();
        var builder = new GraphBuilder<float>();
        var function = functionCase.Function<float>();
        // Settings, such as Clip's bounds, do not learn; neither do indices.
        var leaves = inputs.Select((x, i) => i == 0
            ? builder.Data("input0", x.Shape)
            : builder.Parameter($"input{i}", x, trainable: function.IsDifferentiable(i))).ToArray();
        var graph = builder.Build(builder.Apply(function, leaves, "root"));
        using var folder = new TemporaryFolder();

        OnnxExport.Save(graph, null, folder.PathOf("a.onnx"));
        var model = OnnxModel.Load(folder.PathOf("a.onnx"));
        var symbolic = model.Inputs[0].Dimensions is [{ Extent: null }, ..];
        var importer = new Importer<float>(model,
            new OnnxImportOptions { BatchSize = symbolic ? inputs[0].Shape[0] : null });

        var expected = Forward.Predict(graph, _ => inputs[0]);
        // What does not depend on the input's elements is no vertex: where nothing is dropped, and on a diagonal.
        var found = importer.Result is ConstantValue constant
            ? constant.Tensor.ToTensor<float>()
            : Forward.Predict(importer.ToGraph().Graph, _ => inputs[0]);
        Assert.Equal(expected.Shape, found.Shape);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Bits.AreEqual(expected.Span[i], found.Span[i]),
                $"element {i} is {found.Span[i]:R}, not {expected.Span[i]:R}");
    }
}
