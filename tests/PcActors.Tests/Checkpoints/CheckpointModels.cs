using System.Numerics;
using PcActors.Checkpoints;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;
using PcActors.Tensors;

namespace PcActors.Tests.Checkpoints;

/// <summary>Property: whatever decides the bits of a step gives a model another identity, and nothing else
/// does.</summary>
public class CheckpointModels
{
    [Fact]
    public void What_decides_bits_is_in_it()
    {
        var rule = LearningRule.Zil;
        string[] models =
        [
            Of(), Of(rule: null), Of(rule: LearningRule.Il(3, 0.5)), Of(rule: LearningRule.Il(4, 0.5)),
            Of(rule: LearningRule.Il(3, 0.25)),
            Of(rule: rule with { InitialNoise = 0.2 }), Of(rule: rule with { ForwardInitialisation = false }),
            Of(rule: rule with { RestsBehindWave = false }),
            Of(loss: Loss.SquaredError), Of(microBatches: 2),
            Of(optimizer: new Sgd(0.2)), Of(optimizer: new Sgd(0.1, 0.01)), Of(optimizer: new Momentum(0.1)),
            Of(optimizer: new Momentum(0.1, 0.8)), Of(optimizer: new Adam(0.1)),
            Of(optimizer: new Adam(0.1, beta1: 0.8)), Of(optimizer: new Adam(0.1, beta2: 0.8)),
            Of(optimizer: new Adam(0.1, epsilon: 1e-7)), Of(optimizer: new Adam(0.1, weightDecay: 1e-7)),
            Of(optimizer: new AdamW(0.1)), Of(schedule: new WarmUp(5)), Of(schedule: new WarmUp(6)),
            Of(schedule: new StepDecay(5, 0.5)), Of(schedule: new Cosine(50)), Of(schedule: new Cosine(51)),
            Of(schedule: new Cosine(50, 0.1)), Of(schedule: new Cosine(50, warmUp: 1)),
            Of(width: 4), Of(name: "other"), Of(axis: 0), Of(trainable: false),
            CheckpointModel.Of(Graph<double>(), rule, Loss.CrossEntropy, new Sgd(0.1), 1),
        ];
        Assert.Equal(models.Length, models.Distinct().Count());
    }

    [Fact]
    public void Values_of_parameters_are_not_in_it() => Assert.Equal(Of(), Of(value: 0.25));

    [Fact]
    public void A_schedule_that_changes_nothing_is_not_in_it() =>
        Assert.Equal(Of(), Of(schedule: Schedule.Constant));

    private static string Of(
        LearningRule? rule, Loss? loss = null, Optimizer? optimizer = null, int microBatches = 1, int width = 3,
        string name = "w", int axis = 1,
        bool trainable = true, double value = 0.5, Schedule? schedule = null) =>
        CheckpointModel.Of(Graph<float>(width, name, axis, trainable, value), rule, loss ?? Loss.CrossEntropy,
            optimizer ?? new Sgd(0.1), microBatches, schedule);

    private static string Of(
        Loss? loss = null, Optimizer? optimizer = null, int microBatches = 1, int width = 3, string name = "w",
        int axis = 1, bool trainable = true, double value = 0.5, Schedule? schedule = null) =>
        Of(LearningRule.Zil, loss, optimizer, microBatches, width, name, axis, trainable, value, schedule);

    private static Graph<T> Graph<T>(int width = 3, string name = "w", int axis = 1, bool trainable = true,
        double value = 0.5)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var builder = new GraphBuilder<T>();
        var weight = new Tensor<T>(new Shape(3, width));
        weight.Writable.Fill(T.CreateChecked(value));
        var data = builder.Data("x", new Shape(2, 3));
        var bias = builder.Parameter("b", new Tensor<T>(new Shape(width)));
        var product = builder.Apply("MatMul", [data, builder.Parameter(name, weight, trainable)]);
        return builder.Build(
            builder.Apply("Softmax", [builder.Apply("Add", [product, bias])], Attributes.Of(("axis", (long)axis))));
    }
}
