using System.Globalization;
using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Onnx;
using PcActors.Onnx.Export;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;
using PcActors.Tensors;
using PcActors.Tests.Data;

namespace PcActors.Tests.Onnx;

/// <summary>Property: a number in an attribute is the same in the file that was written of a graph, though ONNX has it
/// in single precision; who reads the file by ONNX alone finds the nearest float.</summary>
public sealed class AttributeRoundTrips
{
    /// <summary>Numbers that are floats, short decimal fractions, and neither.</summary>
    public static TheoryData<double> Numbers =>
        [0.5, 0.1, 1e-5, 1.0 / 3, 1.0 / 6, 0.01f, 9.99999974737875e-06, Math.PI / 4, 1e-40, 1e-300, 0];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_keeps_its_digits(double number)
    {
        Check<float>(number);
        Check<double>(number);
    }

    [Theory]
    [InlineData("", 0.1)]
    [InlineData("the slope", 0.1)]
    [InlineData("0.3", 0.1)]
    [InlineData("0.1,0.1", 0.1)]
    [InlineData("0.10000000149011612", 0.10000000149011612)]
    public void Who_documents_an_attribute_in_words_changes_nothing(string text, double meant)
    {
        var test = new TestModel().Input("x", 2, 3).Node("LeakyRelu", "x", "y", ("alpha", 0.1)).Output("y");
        var attribute = Assert.Single(test.Proto.Graph.Node[0].Attribute);
        Assert.False(attribute.HasDocString);
        attribute.DocString = text;
        Assert.Equal(meant, OnnxImport.ToGraph<double>(test.Model).Graph.Root.Function!.Attributes["alpha"]);
    }

    [Theory]
    [InlineData(float.PositiveInfinity, "1e300", double.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, "3.5e38", double.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, "-1e300", double.NegativeInfinity)]
    [InlineData(float.PositiveInfinity, "Infinity", double.PositiveInfinity)]
    [InlineData(float.MaxValue, "3.4028235e38", 3.4028235e38)]
    [InlineData(float.MaxValue, "3.4028234663852886e38", float.MaxValue)]
    [InlineData(float.MaxValue, "Infinity", 3.4028235e38)]
    [InlineData(float.NaN, "NaN", double.NaN)]
    [InlineData(float.NaN, "1e300", double.NaN)]
    [InlineData(0.5f, "NaN", 0.5)]
    [InlineData(0f, "1e-300", 1e-300)]
    [InlineData(0f, "-1e-300", 0.0)]
    [InlineData(0f, "-0", 0.0)]
    [InlineData(-0f, "-1e-300", -1e-300)]
    [InlineData(-0f, "0", -0.0)]
    public void Digits_are_taken_for_a_finite_float_that_they_round_to(float value, string text, double meant)
    {
        var test = new TestModel().Input("x", 2, 3).Node("LeakyRelu", "x", "y", ("alpha", 0.1)).Output("y");
        var attribute = Assert.Single(test.Proto.Graph.Node[0].Attribute);
        (attribute.F, attribute.DocString) = (value, text);
        var found = (double)OnnxImport.ToGraph<double>(test.Model).Graph.Root.Function!.Attributes["alpha"]!;
        Assert.Equal(BitConverter.DoubleToInt64Bits(meant), BitConverter.DoubleToInt64Bits(found));
    }

    [Fact]
    public void What_is_not_finite_costs_no_number_beside_it_its_digits()
    {
        // A NaN of either sign; single precision keeps it.
        foreach (var nan in new[] { double.NaN, -double.NaN })
        {
            double[] numbers = [double.PositiveInfinity, 1.0 / 3, nan, -0.0, double.NegativeInfinity];
            var written = AttributeWriter.Write("Any", "list", numbers);
            Assert.Equal(Words(numbers), Words(AttributeFloats.Read(written.Floats, written.DocString)));
        }
        Assert.Equal([double.PositiveInfinity, 0.1],
            AttributeFloats.Read([float.PositiveInfinity, 0.1f], "1e300,0.1000000001"));

        // Zeros by their signs, all that is no number alike.
        static IEnumerable<string> Words(double[] numbers) =>
            numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(-3.4028236e38)]
    public void A_finite_number_that_would_be_infinite_is_not_exported(double alpha)
    {
        var builder = new GraphBuilder<double>(1);
        var graph = builder.Build(builder.Apply(
            "LeakyRelu", [builder.Data("x", new Shape(2, 3))], Attributes.Of(("alpha", alpha)), "a"));
        var refusal = Assert.Throws<OnnxException>(() => OnnxExport.Require(graph, "a.onnx"));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"a.onnx: the vertex 'a' cannot be exported: its "
            + $"attribute 'alpha' is {alpha}; ONNX has attributes in single precision"), refusal.Message);
    }

    [Fact]
    public void Lists_keep_their_digits()
    {
        var written = AttributeWriter.Write("Any", "list", new[] { 0.5, 1.0 / 3, -0.1 });
        Assert.Equal("0.5,0.3333333333333333,-0.1", written.DocString);
        Assert.Equal([0.5f, (float)(1.0 / 3), -0.1f], written.Floats);
        Assert.False(AttributeWriter.Write("Any", "list", new[] { 0.5, 0.1, -1e-5 }).HasDocString);
    }

    private static void Check<T>(double number)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var folder = new TemporaryFolder();
        var builder = new GraphBuilder<T>(1);
        var x = builder.Apply("LeakyRelu", [builder.Data("x", new Shape(2, 3))], Attributes.Of(("alpha", number)), "a");
        x = builder.Apply("LayerNormalization", [x, builder.Constant("ones", Filled<T>(1))],
            Attributes.Of(("epsilon", number)), "b");
        x = builder.Apply("Dropout", [x], Attributes.Of(("ratio", number), ("training_mode", true)), "c");
        var y = builder.Apply("Clip", [x], Attributes.Of(("min", -number)), "d");
        var graph = builder.Build(y);

        OnnxExport.Save(graph, null, folder.PathOf("a.onnx"));

        var model = OnnxModel.Load(folder.PathOf("a.onnx"));
        var again = OnnxImport.ToGraph<T>(model, new OnnxImportOptions { BatchSize = 2, Rewrite = [] }).Graph;
        Assert.Equal(number, again.Find("a").Function!.Attributes["alpha"]);
        Assert.Equal(number, again.Find("b").Function!.Attributes["epsilon"]);
        Assert.Equal(number, again.Find("c").Function!.Attributes["ratio"]);
        var input = Filled<T>(1, 2);
        for (var i = 0; i < input.Length; i++) input.Writable[i] = T.CreateChecked(Math.Sin(i));
        RequireSameBits(Forward.Predict(graph, _ => input), Forward.Predict(again, _ => input));
        var alpha = model.Proto.Graph.Node.Single(n => n.OpType == "LeakyRelu").Attribute.Single();
        Assert.Equal((AttributeProto.Types.AttributeType.Float, (float)number), (alpha.Type, alpha.F));
    }

    private static Tensor<T> Filled<T>(double element, int rows = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensor = new Tensor<T>(rows == 0 ? new Shape(3) : new Shape(rows, 3));
        tensor.Writable.Fill(T.CreateChecked(element));
        return tensor;
    }

    private static void RequireSameBits<T>(Tensor<T> one, Tensor<T> other)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Assert.Equal(one.Span.ToArray(), other.Span.ToArray());
}
