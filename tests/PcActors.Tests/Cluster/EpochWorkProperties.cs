using PcActors.Actors;
using PcActors.Cluster.Coordination;
using PcActors.Cluster.Hosting;
using PcActors.Cluster.Wire;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Vertices;
using PcActors.Learning;
using PcActors.Tensors;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Cluster;

/// <summary>The work of one epoch: one piece at a time, in order, none of another epoch.</summary>
public class EpochWorkProperties
{
    private const int Epoch = 65_537;

    private static readonly Graph<float> Graph = ResidualStack.Build<float>(1);

    [Fact]
    public void Work_is_done_in_order_one_piece_at_a_time()
    {
        var work = New();
        var batch = RandomBatch.Create(Graph, Loss.SquaredError, 1, 5);
        work.Add(new StepJob<float>(Epoch, 1, batch.Inputs, batch.Target));
        work.Add(new PredictionJob<float>(Epoch, 2, batch.Inputs));
        var step = Assert.IsType<TrainingStep<float>>(work.Next());
        Assert.Equal(batch.Inputs[0].Span.ToArray(), step.Batch.Inputs[0].Span.ToArray());
        Assert.Equal(batch.Target.Span.ToArray(), step.Batch.Target.Span.ToArray());
        Assert.Null(work.Next());
        Assert.Equal(new StepDone(Epoch, 1, 0.5, 2), work.End(new StepResult(7, 0.5, 2)));
        Assert.IsType<Prediction<float>>(work.Next());
        Assert.Equal(2, Assert.IsType<PredictionDone<float>>(work.End(batch.Target)).Number);
        Assert.Null(work.Next());
    }

    [Fact]
    public void Work_of_another_epoch_is_dropped()
    {
        var work = New();
        work.Add(new CountJob(Epoch - 1, 1));
        work.Add(new CountJob(Epoch + 1, 2));
        Assert.Null(work.Next());
    }

    [Fact]
    public void A_snapshot_is_counts_and_then_states_and_nothing_comes_between()
    {
        var work = New();
        work.Add(new SnapshotJob(Epoch, 1, Step: 12));
        work.Add(new CountJob(Epoch, 2));
        Assert.IsType<CounterCollection>(work.Next());
        var counts = new MessageCounts(3, 4);
        Assert.Equal(new TakeSnapshot(12), work.End(counts));
        Assert.Null(work.Next());
        var state = new ParameterSnapshot<float>(new Tensor<float>(new Shape(2)), 12, []);
        var (step, told) = work.End(new Dictionary<int, ParameterSnapshot<float>> { [4] = state });
        Assert.Equal(12, step);
        Assert.Equal([new StateCollected<float>(Epoch, 1, 4, state), new SnapshotDone(Epoch, 1, counts)], told);
        Assert.IsType<CounterCollection>(work.Next());
        Assert.Equal(new CountDone(Epoch, 2, counts), work.End(counts));
    }

    [Fact]
    public void Tensors_that_do_not_fit_the_graph_are_refused()
    {
        var batch = RandomBatch.Create(Graph, Loss.SquaredError, 1, 5);
        var work = New();
        work.Add(new StepJob<float>(Epoch, 1, [], batch.Target));
        Assert.Contains("0 inputs", Assert.Throws<WireException>(work.Next).Message, StringComparison.Ordinal);
        work = New();
        work.Add(new StepJob<float>(Epoch, 1, batch.Inputs, new Tensor<float>(new Shape(7))));
        Assert.Contains("[7]", Assert.Throws<WireException>(work.Next).Message, StringComparison.Ordinal);
    }

    private static EpochWork<float> New() => new(Epoch, new Batch<float>(Graph, Loss.SquaredError, 1));
}
