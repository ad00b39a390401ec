using PcActors.Onnx;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx;

/// <summary>Imports for arrays that are at hand, and imports that take a model's parameters over.</summary>
public class OnnxInputShapes
{
    [Fact]
    public void Symbols_take_their_extents_from_the_arrays()
    {
        var graph = Import(Two(), ("x", [3, 5, 2]), ("z", [5, 2])).Graph;
        Assert.Equal(new Shape(3, 5, 2), graph.Root.Shape);
        // The second input follows from the first, where it is not given.
        graph = Import(new TestModel().Input("x", "N", "T", 2).Input("z", "T", 2).Floats("w", [2], 1, 1)
            .Node("Add", "x z", "s").Node("Mul", "s w", "y").Output("y"), ("x", [3, 5, 2])).Graph;
        Assert.Equal(new Shape(5, 2), graph.Find("z").Shape);
    }

    [Theory]
    [InlineData(new[] { 3, 5, 2 }, new[] { 4, 2 }, "'z'", "[4, 2]", "'T' is 5")]
    [InlineData(new[] { 3, 5, 3 }, new[] { 5, 2 }, "'x'", "[3, 5, 3]", "[N, T, 2]")]
    [InlineData(new[] { 3, 5 }, new[] { 5, 2 }, "'x'", "[3, 5]", "[N, T, 2]")]
    [InlineData(new[] { 3, 5, 2 }, new[] { 5, 2, 1 }, "'z'", "[5, 2, 1]", "[T, 2]")]
    public void Arrays_that_do_not_fit_are_refused(int[] x, int[] z, params string[] named)
    {
        var message = Assert.Throws<OnnxException>(() => Import(Two(), ("x", x), ("z", z))).Message;
        Assert.All(named, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_shape_for_no_input_is_refused() => Assert.Contains(
        "'q'", Assert.Throws<OnnxException>(() => Import(Two(), ("q", [1]))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_output_knows_the_inputs_that_lead_to_it()
    {
        var model = Two().Node("Neg", "z", "n").Output("n").Model;
        Assert.Equal(["x", "z"], model.InputsOf("y").Select(i => i.Name));
        Assert.Equal(["z"], model.InputsOf("n").Select(i => i.Name));
    }

    [Fact]
    public void A_model_whose_parameters_were_taken_over_can_be_exported_and_not_imported_again()
    {
        using var folder = new Data.TemporaryFolder();
        var model = Two().Model;
        var options = new OnnxImportOptions
        {
            BatchSize = 2,
            Dimensions = new Dictionary<string, int> { ["T"] = 3 },
            TakesOver = true
        };
        var imported = OnnxImport.ToGraph<float>(model, options);
        Assert.Equal([1f, 2f], imported.Parameters["w"].Initial!.Span.ToArray());
        Assert.Throws<InvalidOperationException>(() => OnnxImport.ToGraph<float>(model, options));
        var path = folder.PathOf("a.onnx");
        OnnxExport.Save(imported,
            new Dictionary<string, Tensor<float>> { ["w"] = Tensor<float>.From(new Shape(2), [3, 4]) }, path);
        Assert.Equal([3f, 4f],
            OnnxImport.ToGraph<float>(OnnxModel.Load(path), options).Parameters["w"].Initial!.Span.ToArray());
    }

    private static TestModel Two() => new TestModel().Input("x", "N", "T", 2).Input("z", "T", 2).Floats("w", [2], 1, 2)
        .Node("Add", "x z", "s").Node("Mul", "s w", "y").Output("y");

    private static ImportedModel<float> Import(TestModel test, params (string Name, int[] Extents)[] shapes) =>
        OnnxImport.ToGraph<float>(test.Model,
            new OnnxImportOptions { InputShapes = shapes.ToDictionary(s => s.Name, s => new Shape(s.Extents)) });
}
