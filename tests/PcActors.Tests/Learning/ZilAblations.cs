using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>Each of Z-IL's conditions is needed: without it the update is not backpropagation's.</summary>
public class ZilAblations
{
    private static readonly Graph<double> Residual = ResidualStack.Build<double>(blocks: 3);

    private static readonly LearningRule Restless = LearningRule.Zil with { RestsBehindWave = false };

    private static readonly int[] Depths = [1, 2, 4, 8];

    public static TheoryData<string> Conditions =>
        ["forward initialisation", "update time", "inference rate", "inference learning"];

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Without_a_condition_the_update_is_another(string condition)
    {
        var rule = condition switch
        {
            // Behind the wave the noise would grow without bound.
            "forward initialisation" => LearningRule.Zil with { ForwardInitialisation = false },
            "update time" => Restless with { LearnsAtLevel = false },
            "inference rate" => Restless with { InferenceRate = 0.5 },
            _ => LearningRule.Il(steps: 20, rate: 0.1),
        };
        var distance = UpdateDistance.Of(
            new Trial { Clock = Clock.Lockstep, Rule = rule }, Residual,
            runGraph: rule.LearnsAtLevel ? null : Residual);
        Assert.InRange(distance, 1e-2, double.MaxValue);
    }

    [Fact]
    public void With_all_conditions_it_is_not() =>
        Assert.Equal(0, UpdateDistance.Of(new Trial { Clock = Clock.Lockstep, Rule = Restless }, Residual));

    [Fact]
    public void Without_levels_the_update_diverges_with_depth_by_orders_of_magnitude()
    {
        var trial = new Trial { Clock = Clock.Lockstep, Rule = Restless };
        var distances = Depths.Select(blocks =>
        {
            var graph = ResidualStack.Build<double>(blocks);
            return UpdateDistance.Of(trial, graph, runGraph: graph);
        }).ToList();
        Assert.InRange(distances[0], 1e-2, double.MaxValue);
        Assert.All(distances.Zip(distances.Skip(1)),
            pair => Assert.InRange(pair.Second, 1e3 * pair.First, double.MaxValue));
    }

    [Fact]
    public void Without_forward_initialisation_a_value_that_no_data_lead_to_is_still_one_for_all_micro_batches()
    {
        var builder = new GraphBuilder<double>(3);
        var weight = builder.Parameter("weight", new Shape(3, 2), Initializer.GlorotUniform, 3, 2);
        var graph = builder.Build(builder.Data("x", new Shape(1, 2)).MatMul(weight.Transpose(1, 0)).Tanh());
        var transposed = graph.Vertices.Single(v => v.Function?.OperatorType == "Transpose").Id;
        // At this rate inference moves nothing: at every timestep the vertex sends what it began with.
        var rule = LearningRule.Il(steps: 1, rate: 1e-300) with { ForwardInitialisation = false };
        var network = new Trial { Clock = Clock.Lockstep, Rule = rule, MicroBatches = 3 }.Network(graph);
        var sent = new List<(int Time, double[] Value)>();
        network.Sending = e =>
        {
            if (e.Sender == transposed && e.Message is ValueMessage<double> value)
                sent.Add((value.Time, value.Value.Span.ToArray()));
        };
        network.Step(RandomBatch.Create(graph, Loss.CrossEntropy, 3, 1));
        Assert.Equal([0, 1, 1, 1], sent.Select(s => s.Time));
        Assert.All(sent, s => Assert.Equal(sent[0].Value, s.Value));
    }

    [Fact]
    public void Inference_learning_comes_closer_to_backpropagation_with_a_smaller_error()
    {
        // With a weak pull at the root the values hardly move, and the fixed point of
        // inference is backpropagation's pass.
        double Distance(double scale)
        {
            var graph = Scaled(scale);
            var trial = new Trial
            {
                Clock = Clock.Lockstep,
                Loss = Loss.SquaredError,
                Rule = LearningRule.Il(steps: 400, rate: 0.2)
            };
            return UpdateDistance.Of(trial, graph, runGraph: graph);
        }
        // The relative distance is of the error's own order.
        Assert.InRange(Distance(1e-1), 1e-3, 1e-1);
        Assert.InRange(Distance(1e-2), 1e-4, 1e-2);
    }

    /// <summary>A network whose error is weighed: the loss of s out and the target 0, with s small.</summary>
    private static Graph<double> Scaled(double scale)
    {
        var builder = new GraphBuilder<double>(4);
        var h = builder.Data("x", new Shape(2, 3)).Dense("a", 4).Tanh().Dense("b", 4).Tanh().Dense("c", 2);
        return builder.Build(h.Multiply(builder.Constant("scale", Tensor<double>.Scalar(scale))));
    }
}
