using PcActors.Cluster;
using PcActors.Cluster.Placing;
using PcActors.Graphs;
using PcActors.Models;
using PcActors.Tensors;

namespace PcActors.Tests.Cluster.Placing;

/// <summary>How nodes work side by side, as a placement foretells it.</summary>
public sealed class ExpectedScheduleProperties
{
    [Fact]
    public void One_node_works_all_the_time()
    {
        var schedule = Schedule("mlp", 1, 4);
        Assert.Equal((1, 1), (schedule.MostBusy, Math.Round(schedule.AverageBusy, 9)));
        Assert.Equal((1, 1), (Math.Round(schedule.Utilisation, 9), Math.Round(schedule.Stretch, 9)));
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("rnn")]
    [InlineData("residual")]
    [InlineData("transformer")]
    public void With_four_micro_batches_several_of_four_nodes_work_at_once(string model)
    {
        var (one, four) = (Schedule(model, 4, 1), Schedule(model, 4, 4));
        Assert.InRange(four.MostBusy, 3, 4);
        Assert.True(four.AverageBusy > one.AverageBusy,
            $"{four.AverageBusy} nodes, and {one.AverageBusy} with one micro-batch");
        Assert.InRange(four.Utilisation, 1 / (four.Stretch * 1.000001), 1.000001 / four.Stretch);
    }

    private static ExpectedSchedule Schedule(string model, int nodes, int microBatches)
    {
        var graph = Levelling.Level(
            Partition.Split(
                ModelCatalogue.Build<float>(model, new ModelOptions(64 / microBatches, new Shape(64), 10, 7))));
        var trial = new PlacementTrial(graph, [.. Enumerable.Repeat(1.0, nodes)], microBatches);
        return ExpectedSchedule.Of(graph, trial.Options, Placement.Of(graph, trial.Options, trial.Weights));
    }
}
