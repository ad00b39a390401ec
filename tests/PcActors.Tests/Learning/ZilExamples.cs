using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Tensors;
using PcActors.Tests.Graphs;

namespace PcActors.Tests.Learning;

/// <summary>The theorem on graphs with one trait each, small enough to be followed by hand.</summary>
public class ZilExamples
{
    public static TheoryData<Clock> Clocks => [Clock.Wavefront, Clock.Lockstep];

    [Theory]
    [MemberData(nameof(Clocks))]
    public void A_parameter_that_only_decides_a_condition_learns_nothing_and_holds_nothing_up(Clock clock)
    {
        var builder = new GraphBuilder<double>();
        var x = builder.Data("x", new Shape(2, 3));
        var threshold = builder.Parameter("threshold", Tensor<double>.Scalar(0.1));
        var condition = x.Subtract(threshold).Tanh("condition");
        var graph = builder.Build(builder.Apply(new Gate<double>(), [x, condition]).Dense("out", 2));
        Assert.False(graph.RequiresError(graph.Find("threshold").Id));
        Assert.Null(new Trial { Clock = clock }.FirstDifference(graph));
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public void A_parameter_in_a_condition_and_beside_it_learns_from_beside_it(Clock clock)
    {
        var builder = new GraphBuilder<double>();
        var x = builder.Data("x", new Shape(2, 3));
        var shift = builder.Parameter("shift", Tensor<double>.From(new Shape(3), [0.5, -0.5, 0.1]));
        var condition = x.Subtract(shift).Tanh("condition");
        var graph = builder.Build(builder.Apply(new Gate<double>(), [x.Add(shift), condition]).Dense("out", 2));
        Assert.True(graph.RequiresError(graph.Find("shift").Id));
        Assert.False(graph.RequiresError(graph.Find("condition").Id));
        Assert.Null(new Trial { Clock = clock }.FirstDifference(graph));
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public void Zeros_keep_their_sign_in_predictions(Clock clock)
    {
        var builder = new GraphBuilder<float>();
        var x = builder.Data("x", new Shape(2, 3));
        var weight = builder.Parameter("weight", Tensor<float>.From(new Shape(3), [1, 2, -1]));
        var graph = builder.Build(x.Multiply(weight).Relu().Negate().Identity());
        var trial = new Trial { Clock = clock, Loss = Loss.SquaredError };
        var batch = RandomBatch.Create(graph, trial.Loss, 1, seed: 1);
        var prediction = trial.Network(Levelling.Level(graph)).Predict(batch);
        Assert.Contains(prediction.Span.ToArray(), v => v == 0 && float.IsNegative(v));
        Assert.Null(trial.FirstDifference(graph));
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public void A_vertex_may_read_one_input_twice(Clock clock)
    {
        var builder = new GraphBuilder<float>();
        var h = builder.Data("x", new Shape(2, 3)).Dense("h", 3);
        var graph = builder.Build((h * h).Concat(1, h + h, h - h).Dense("out", 2));
        Assert.Null(new Trial { Clock = clock }.FirstDifference(graph));
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public void A_graph_without_data_learns(Clock clock)
    {
        var builder = new GraphBuilder<float>();
        var a = builder.Parameter("a", Tensor<float>.From(new Shape(2, 2), [1, 2, 3, 4]));
        var b = builder.Parameter("b", Tensor<float>.From(new Shape(2, 2), [1, -1, 0.5f, 0.25f]));
        var graph = builder.Build(a.MatMul(b).Tanh().Add(a));
        var trial = new Trial { Clock = clock, MicroBatches = 2, Loss = Loss.SquaredError };
        Assert.Null(trial.FirstDifference(graph));
    }
}
