using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Reference;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>Backpropagation and Z-IL against a textbook's two-layer network.</summary>
public class BackpropagationAgainstNaive
{
    private const int Inputs = 5;
    private const int Hidden = 4;
    private const int Classes = 3;
    private const int Samples = 6;
    private const double Rate = 0.5;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Both_make_the_textbooks_update(int microBatches)
    {
        var builder = new GraphBuilder<double>(11);
        var graph = builder.Build(
            builder.Data("x", new Shape(Samples / microBatches, Inputs)).Dense("hidden", Hidden).Tanh()
                .Dense("out", Classes));
        var trial = new Trial { Optimizer = new Sgd(Rate), MicroBatches = microBatches };
        var batch = RandomBatch.Create(graph, trial.Loss, microBatches, seed: 1);
        var naive = new NaiveNetwork(
            Matrix(graph.Find("hidden/weight").Initial!), graph.Find("hidden/bias").Initial!.Span.ToArray(),
            Matrix(graph.Find("out/weight").Initial!), graph.Find("out/bias").Initial!.Span.ToArray());
        var wanted = naive.Gradients(Matrix(batch.Inputs[0]), [.. batch.Target.Span.ToArray().Select(t => (int)t)]);

        var reference = new Backpropagation<double>(graph, trial.Loss, trial.Optimizer, microBatches);
        var network = trial.Network(Levelling.Level(graph));
        Assert.Equal(wanted.Loss, reference.Step(batch), 1e-14);
        Assert.Equal(wanted.Loss, network.Step(batch), 1e-14);
        foreach (var (name, gradient) in new (string, double[])[]
            { ("hidden/weight", [.. wanted.V.Cast<double>()]), ("hidden/bias", wanted.A),
                ("out/weight", [.. wanted.W.Cast<double>()]), ("out/bias", wanted.B) })
        {
            var vertex = graph.Find(name);
            for (var i = 0; i < gradient.Length; i++)
            {
                var expected = vertex.Initial!.Span[i] - (Rate * gradient[i]);
                Assert.Equal(expected, reference.Parameter(vertex.Id).Span[i], 1e-14);
                Assert.Equal(expected, network.Parameter(network.Graph.Find(name).Id).Span[i], 1e-14);
            }
        }
    }

    [Fact]
    public void A_prediction_may_be_asked_for_any_micro_batch_alone()
    {
        var builder = new GraphBuilder<double>(11);
        var weight = builder.Parameter("weight", new Shape(3, Inputs), Initializer.GlorotUniform, Inputs, 3);
        var graph = builder.Build(builder.Data("x", new Shape(2, Inputs)).MatMul(weight.Transpose(1, 0)));
        var batch = RandomBatch.Create(graph, Loss.CrossEntropy, 2, seed: 1);
        var optimizer = new Sgd(Rate);
        var other = new Backpropagation<double>(graph, Loss.CrossEntropy, optimizer, 2);
        var reference = new Backpropagation<double>(graph, Loss.CrossEntropy, optimizer, 2);
        for (var step = 0; step < 2; step++)
        {
            other.Predict(batch, 0);
            Assert.Equal(other.Predict(batch, 1).Span.ToArray(), reference.Predict(batch, 1).Span.ToArray());
            other.Step(batch);
            reference.Step(batch);
        }
    }

    private static double[,] Matrix(Tensor<double> tensor)
    {
        var matrix = new double[tensor.Shape[0], tensor.Shape[1]];
        for (var i = 0; i < tensor.Length; i++) matrix[i / tensor.Shape[1], i % tensor.Shape[1]] = tensor.Span[i];
        return matrix;
    }
}
