using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>y = x w1 w2 with x = w1 = w2 = 1, target 0 and a learning rate of 1. F = 1/2 (w1 x - h)^2 + 1/2 (h w2)^2
/// has its least at h = 1/2, where dF/dw1 = 1/2 and dF/dw2 = 1/4: for any number of samples.</summary>
public class ChainClosedForm
{
    [Theory]
    [InlineData("il", 1)]
    [InlineData("il", 5)]
    [InlineData("il", 32)]
    [InlineData("epc", 1)]
    [InlineData("epc", 32)]
    public async Task Converged_inference_learns_a_half_and_three_quarters(string rule, int samples)
    {
        var options = Networks.Options(Networks.Rule(rule, ("inferenceSteps", 2000), ("inferenceRate", 0.05)));
        await using var network = await Network<double>.StartAsync(Chain(samples), options);
        var result = await network.StepAsync(Ones(network.NewBatch()));
        var parameters = await network.ParametersAsync();
        Networks.AssertClose(0.5, parameters[0].Value.Span[0], 1e-9, "w1");
        Networks.AssertClose(0.75, parameters[1].Value.Span[0], 1e-9, "w2");
        Networks.AssertClose(0.25, result.Inference!.FreeEnergy, 1e-9, "F");
    }

    [Fact]
    public void So_it_does_on_vertices_alone_whatever_the_order_of_arrival()
    {
        for (var seed = 0UL; seed < 3; seed++)
        {
            var graph = Latents.Activations.Mark(Chain(5));
            var network = new VertexNetwork<double>(graph,
                new VertexOptions(LearningRule.Il(600, 0.1), Clock.Lockstep, Loss.SquaredError, new Sgd(1), 1, 600),
                new Delivery { Order = DeliveryOrder.Arbitrary, Seed = seed });
            network.Step(Ones(network.NewBatch()));
            Networks.AssertClose(0.5, network.Parameter(graph.Find("w1").Id).Span[0], 1e-9, "w1");
            Networks.AssertClose(0.75, network.Parameter(graph.Find("w2").Id).Span[0], 1e-9, "w2");
        }
    }

    [Fact]
    public async Task Micro_batches_are_no_other_batch()
    {
        var options = Networks.Options(Networks.Rule("il", ("inferenceSteps", 600), ("inferenceRate", 0.1)))
            with
        { MicroBatches = 4 };
        await using var network = await Network<double>.StartAsync(Chain(2), options);
        await network.StepAsync(Ones(network.NewBatch()));
        var parameters = await network.ParametersAsync();
        Networks.AssertClose(0.5, parameters[0].Value.Span[0], 1e-9, "w1");
        Networks.AssertClose(0.75, parameters[1].Value.Span[0], 1e-9, "w2");
    }

    /// <summary>With multipliers the constraint h = w1 x holds at the end, and the gradient is backpropagation's: 1 for
    /// both.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public async Task The_augmented_Lagrangian_converges_to_backpropagation(int samples)
    {
        var options = Networks.Options(Networks.Rule("pc-alm", ("inferenceSteps", 2000), ("inferenceRate", 0.05)));
        await using var network = await Network<double>.StartAsync(Chain(samples), options);
        await network.StepAsync(Ones(network.NewBatch()));
        Assert.All(await network.ParametersAsync(), p => Networks.AssertClose(0, p.Value.Span[0], 1e-9, p.Name));
    }

    private static Graph<double> Chain(int samples)
    {
        var builder = new GraphBuilder<double>();
        var one = Tensor<double>.From(new Shape(1, 1), [1]);
        return builder.Build(builder.Data("x", new Shape(samples, 1)).MatMul(builder.Parameter("w1", one), "h")
            .MatMul(builder.Parameter("w2", one), "y"));
    }

    private static Batch<double> Ones(Batch<double> batch)
    {
        batch.Inputs[0].Writable.Fill(1);
        batch.Target.Writable.Clear();
        return batch;
    }
}
