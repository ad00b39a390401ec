using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Onnx;
using PcActors.Tests.Data;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Onnx.Rewriting;

/// <summary>Property: whatever was made of a model file, it is written as it was, with new parameters; and the file is
/// the network that has learnt.</summary>
public sealed class RewrittenExports
{
    private const string LayerNorm = "ReduceMean h axes=-1 -> m; Sub h m -> c; Pow c #2 -> q;"
        + "ReduceMean q axes=-1 -> v; Add v #0.00001 -> e; Sqrt e -> s; Div c s -> n; Mul n g[6] -> t; Add t b[6] -> k;"
        + "Transpose w[5,6] perm=1,0 -> u; MatMul k u -> l; Add l d[5] -> z; Sigmoid z -> i; Mul z i -> o;"
        + "Identity o -> p";

    private const string Groups = "Reshape h @0,2,-1 -> r; InstanceNormalization r o=1[2] z=0[2] -> i;"
        + "Reshape i @2,4,3,5 -> n; Unsqueeze g[4] !1,2 -> gu; Mul n gu -> t; Add t b[4,1,1] -> p";

    private const string Rms = "Pow h #2 -> q; ReduceMean q axes=-1 -> v; Add v #0.00001 -> e; Sqrt e -> s;"
        + "Reciprocal s -> r; Mul h r -> n; Mul g[6] n -> k; MatMul k w[6,5] -> l; Add l d[5] -> p";

    // What the file leaves open stays so: a shape is not the one that it had for the samples at hand.
    [Theory]
    [InlineData("Reshape h @0,12 -> r; Reshape r @0,2,6 -> p")]
    [InlineData("Reshape h @-1,4 -> r; Reshape r @-1,2 -> s; Sigmoid s -> t; Reshape t @-1,12 -> p")]
    public void Take_any_number_of_samples(string lines)
    {
        using var folder = new TemporaryFolder();
        var imported = OnnxImport.ToGraph<float>(RewritingModel.Of("2,3,4", lines));
        Assert.Equal("reshape", Assert.Single(imported.Rewritten).Rule);
        var parameters = imported.Parameters.ToDictionary(p => p.Key, p => p.Value.Initial!);

        OnnxExport.Save(imported.Graph, parameters, folder.PathOf("graph.onnx"));

        var again = OnnxModel.Load(folder.PathOf("graph.onnx"));
        Assert.NotNull(again.Inputs[0].Dimensions![0].Symbol);
        var wide = OnnxImport.ToGraph<float>(again, new OnnxImportOptions { BatchSize = 5 });
        Assert.Equal(5, wide.Graph.Root.Shape[0]);
    }

    [Theory]
    [InlineData("2,3,6", LayerNorm, "elementwise-chain,identity,layer-normalization,linear,swish")]
    [InlineData("2,3,6", Rms, "linear,rms-normalization")]
    [InlineData("4,6", "Div h #3 -> s; Add s c=-1[4,1] -> a; Softmax a -> p", "masked-softmax")]
    [InlineData("2,3,6", "Mul h #0.3 -> s; Add s c=-1[3,6] -> a; Softmax a -> p", "masked-softmax")]
    [InlineData("4,6", "Add h c=-1[6] -> a; Softmax a -> p", "masked-softmax")]
    [InlineData("4,6", "Greater x #0.4 -> k; Where k #-9 h -> a; Softmax a -> p", "masked-softmax")]
    [InlineData("4,6", "Less x #0.4 -> k; Div h #3 -> s; Where k s #-9 -> a; Softmax a -> p", "masked-softmax")]
    [InlineData("4,8", RewrittenModels.Lstm, "lstm-cell")]
    [InlineData("4,6", RewrittenModels.Gru, "gru-cell")]
    [InlineData("4,6", RewrittenModels.GatesApart + "Sub k[4,2] n -> d; Mul d z -> q; Add q n -> p", "gru-cell")]
    [InlineData("4,6", RewrittenModels.GatesApart + "Sub #1 z -> e; Mul e n -> d; Mul z k[4,2] -> q; Add d q -> p",
        "gru-cell")]
    [InlineData("2,4,3,5", Groups, "group-normalization")]
    public async Task Have_the_nodes_of_the_file(string shape, string lines, string rules)
    {
        using var folder = new TemporaryFolder();
        var model = RewritingModel.Of(shape, lines);
        var imported = OnnxImport.ToGraph<float>(model);
        Assert.Equal(rules, string.Join(',', imported.Rewritten.Select(v => v.Rule).Distinct().Order()));
        await using var network =
            await ReferenceNetwork.StartAsync<float>(imported.Graph, Loss.SquaredError, new Sgd(0.5));
        var batch = RandomBatch.Create(imported.Graph, Loss.SquaredError, 1, seed: 1);
        await network.StepAsync(batch);
        var parameters = (await network.ParametersAsync()).ToDictionary(p => p.Name, p => p.Value);

        OnnxExport.Save(imported, parameters, folder.PathOf("updated.onnx"));

        var updated = OnnxModel.Load(folder.PathOf("updated.onnx"));
        Assert.Equal(model.Proto.Graph.Node, updated.Proto.Graph.Node);
        Assert.Equal(model.Proto.Graph.Initializer.Select(i => i.Name),
            updated.Proto.Graph.Initializer.Select(i => i.Name));
        Assert.All(imported.Parameters.Keys, name => Assert.False(
            model.Initializers[name].ToTensor<float>().Span.SequenceEqual(
                updated.Initializers[name].ToTensor<float>().Span)));
        var plain = OnnxImport.ToGraph<float>(updated, new OnnxImportOptions { Rewrite = [] });
        // The graph of its own is written with the operators that ONNX has.
        OnnxExport.Save(imported.Graph, parameters, folder.PathOf("graph.onnx"));
        var again = OnnxImport.ToGraph<float>(OnnxModel.Load(folder.PathOf("graph.onnx")),
            new OnnxImportOptions { BatchSize = batch.Inputs[0].Shape[0] });
        RewrittenComparison.AssertNear("the prediction", await network.PredictAsync(batch),
            Forward.Predict(again.Graph, _ => batch.Inputs[0]), 0);
        RewrittenComparison.AssertNear("the prediction", Forward.Predict(plain.Graph, _ => batch.Inputs[0]),
            await network.PredictAsync(batch), 1e-6);
    }
}
