using Akka.TestKit.Xunit2;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;

namespace PcActors.Tests.Documentation;

public class TestingExample : TestKit
{
    private static readonly Graph<double> Network = Build();

    [Fact]
    public void A_vertex_predicts_when_the_last_value_has_come_and_pulls_its_error_back()
    {
        var sum = new VertexBench<double>(this, Network, "sum");
        sum.SendValue(slot: 0, [1, 2]);
        sum.ExpectQuiet();
        sum.SendValue(slot: 1, [10, 20]);
        Assert.Equal([11, 22], sum.Consumers.ExpectMsg<ValueMessage<double>>().Value.Span.ToArray());

        sum.SendError(consumer: 0, [0.5, -0.5]);
        // "input" is data and gets none.
        var error = sum.Inputs.ExpectMsg<ErrorMessage<double>>();
        Assert.Equal([0.5, -0.5], error.Error.Whole!.Span.ToArray());
        Assert.Equal(Network.Level(Network.Find("bias").Id), error.Time);
        sum.ExpectQuiet();
    }

    [Fact]
    public void Any_order_of_arrival_gives_the_same_bits()
    {
        var updates = new HashSet<string>();
        for (var seed = 0ul; seed < 100; seed++)
        {
            var delivery = new Delivery { Order = DeliveryOrder.Pairwise, Seed = seed };
            var network = new VertexNetwork<double>(Network, VertexBench<double>.OptionsFor(Network), delivery);
            network.Step(Fill(network.NewBatch()));
            var bias = network.Parameter(Network.Find("bias").Id);
            updates.Add(Parameters.Sha256([new NamedTensor<double>("bias", bias)]));
        }
        Assert.Single(updates);
    }

    [Fact]
    public async Task A_run_on_actors_is_local()
    {
        var options = new NetworkOptions { Loss = Loss.SquaredError };
        var run = await RecordedRun.OfAsync(Network, options, network => network.StepAsync(Fill(network.NewBatch())));
        TraceAssert.NoViolations(run);
        TraceAssert.OneWave(run);
    }

    private static Graph<double> Build()
    {
        var builder = new GraphBuilder<double>();
        var input = builder.Data("input", new Shape(1, 2));
        var bias = builder.Parameter("bias", new Tensor<double>(new Shape(1, 2)));
        return builder.Build(input.Add(bias, "sum").Tanh("output"));
    }

    private static Batch<double> Fill(Batch<double> batch)
    {
        batch.Input(0, 0).Writable[0] = 1;
        batch.Input(0, 0).Writable[1] = -1;
        return batch;
    }
}
