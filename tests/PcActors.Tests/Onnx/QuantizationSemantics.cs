using PcActors.Functions;
using PcActors.Onnx;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx;

/// <summary>Quantization and back, in one graph.</summary>
public class QuantizationSemantics
{
    private static readonly double[] Inputs = [-1.4, -0.26, 0.24, 0.25, 0.9, 70];

    [Fact]
    public void Quantized_and_back_is_the_nearest_multiple_of_the_scale_in_range()
    {
        var graph = OnnxImport.ToGraph<double>(Model()).Graph;
        var result = Forward.Predict(graph, _ => Tensor<double>.From(new Shape(Inputs.Length), Inputs));
        // Steps of 1/2 from -1 (0 of uint8, whose zero point is 2) to 126.5; of 0.25 / 0.5 the even one.
        Assert.Equal([-1, -0.5, 0, 0, 1, 70], result.Span.ToArray());
    }

    [Fact]
    public void The_error_passes_what_is_rounded_and_not_what_is_cut_off()
    {
        var graph = OnnxImport.ToGraph<double>(Model()).Graph;
        var values = new Dictionary<int, Tensor<double>>();
        foreach (var vertex in graph.Vertices)
        {
            values[vertex.Id] = vertex.Function is null
                ? vertex.Initial ?? Tensor<double>.From(vertex.Shape, Inputs)
                : new Tensor<double>(vertex.Shape);
            vertex.Function?.Predict([.. graph.Inputs(vertex.Id).Select(e => values[e.From])], values[vertex.Id]);
        }
        var error = Tensor<double>.From(new Shape(Inputs.Length), [1, 2, 3, 4, 5, 6]);
        foreach (var vertex in graph.Vertices.Reverse().Where(v => v.Function is not null))
        {
            var pulled = new Tensor<double>(values[graph.Inputs(vertex.Id)[0].From].Shape);
            vertex.Function!.PullBack(
                0, [.. graph.Inputs(vertex.Id).Select(e => values[e.From])], values[vertex.Id], error, pulled);
            error = pulled;
        }
        Assert.Equal([0, 2, 3, 4, 5, 6], error.Span.ToArray());
    }

    [Fact]
    public void Rounding_passes_its_error_only_when_it_is_told_to()
    {
        var x = Tensor<double>.From(new Shape(2), [0.3, 1.7]);
        foreach (var passes in (bool[])[false, true])
        {
            var round = OperatorCatalogue.Create<double>("Round", Attributes.Of(("straight_through", passes)));
            var (mu, result) = (new Tensor<double>(x.Shape), new Tensor<double>(x.Shape));
            round.Predict([x], mu);
            Assert.Equal([0, 2], mu.Span.ToArray());
            round.PullBack(0, [x], mu, Tensor<double>.From(x.Shape, [5, 7]), result);
            Assert.Equal(passes ? [5, 7] : [0, 0], result.Span.ToArray());
        }
    }

    private static OnnxModel Model()
    {
        var test = new TestModel(21).Input("x", OnnxElementType.Double, Inputs.Length).Output("y")
            .Floats("scale", [], 0.5f)
            .Node("Cast", "two", "zero", ("to", (int)OnnxElementType.UInt8)).Integers("two", [], 2)
            .Node("QuantizeLinear", "x scale zero", "q").Node("DequantizeLinear", "q scale zero", "y");
        return test.Model;
    }
}
