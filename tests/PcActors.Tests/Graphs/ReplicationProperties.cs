using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Reference;
using PcActors.Models;
using PcActors.Tensors;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Graphs;

/// <summary>Replicas of a network, each with a shard of the batch, are the network with as many
/// micro-batches; and to them, too, the theorem applies.</summary>
public sealed class ReplicationProperties
{
    private const int Graphs = 100;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void Predictions_have_the_bits_of_those_of_micro_batches(int replicas)
    {
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var graph = RandomGraph<float>.Create(seed);
            var (micro, replicated, batch, shards) = Pair(graph, replicas, seed);
            var expected = Tensor<float>.Stack(
                [.. Enumerable.Range(0, replicas).Select(m => micro.Predict(batch, m).Clone())]);
            Bits.AssertEqual(expected.Span, replicated.Predict(shards, 0).Span, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(20)]
    public void Updates_are_those_of_micro_batches_up_to_rounding(int replicas)
    {
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var graph = RandomGraph<double>.Create(seed);
            var (micro, replicated, batch, shards) = Pair(graph, replicas, seed);
            Assert.Equal(micro.Step(batch), replicated.Step(shards), 1e-10);
            var run = Replication.Replicate(graph, replicas);
            foreach (var parameter in graph.Parameters)
            {
                var (expected, found) = (micro.Parameter(parameter.Id),
                    replicated.Parameter(run.Find(parameter.Name).Id));
                for (var i = 0; i < expected.Length; i++)
                    Assert.Equal(expected.Span[i], found.Span[i], 1e-10 * (1 + Math.Abs(expected.Span[i])));
            }
        }
    }

    [Theory]
    [InlineData("mlp", 4)]
    [InlineData("mlp", 8)]
    [InlineData("cnn", 2)]
    public void Where_no_weight_is_shared_updates_have_the_bits_of_micro_batches(string model, int replicas)
    {
        var graph = SmallModels.Build<float>(model, 3);
        var (micro, replicated, batch, shards) = Pair(graph, replicas, 1);
        var run = Replication.Replicate(graph, replicas);
        for (var step = 0; step < 3; step++)
        {
            micro.Step(batch);
            replicated.Step(shards);
            foreach (var parameter in graph.Parameters)
                Bits.AssertEqual(micro.Parameter(parameter.Id).Span,
                    replicated.Parameter(run.Find(parameter.Name).Id).Span, parameter.Name);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void The_theorem_holds_bit_for_bit(int replicas)
    {
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var trial = new Trial
            {
                Clock = seed % 2 == 0 ? Clock.Wavefront : Clock.Lockstep,
                Optimizer = new Sgd(0.005),
                MicroBatches = 1 + (int)(seed % 2),
                Delivery = new() { Seed = seed },
            };
            Assert.Null(trial.FirstDifference(Replication.Replicate(RandomGraph<float>.Create(seed), replicas)));
        }
    }

    [Fact]
    public void Blocks_units_and_numbers_are_replicated_too()
    {
        var graph = SmallModels.Build<float>("residual", 2);
        foreach (var divided in new[] { Partition.Split(graph, 3), Refinement.Refine(graph, Granularity.Unit),
            Refinement.Refine(graph, Granularity.Scalar) })
        {
            var replicated = Replication.Replicate(divided, 3);
            Assert.Null(new Trial().FirstDifference(replicated));
            Assert.Equal(divided.Parameters.Select(p => (p.Name, p.Block)),
                replicated.Parameters.Select(p => (p.Name, p.Block)));
        }
    }

    [Fact]
    public void Parameters_and_leaves_stay_one_and_no_vertex_is_read_by_more_than_its_share_of_replicas()
    {
        foreach (var name in ModelCatalogue.Names)
        {
            var graph = SmallModels.Build<float>(name, 1);
            var replicated = Replication.Replicate(graph, 70);
            Assert.Equal(graph.Parameters.Select(p => p.Name), replicated.Parameters.Select(p => p.Name));
            Assert.Equal(graph.DataLeaves.Select(p => p.Name), replicated.DataLeaves.Select(p => p.Name));
            Assert.Equal((graph.Root.Name, 70), (replicated.Root.Name, replicated.Root.Shape[0]));
            foreach (var parameter in replicated.Parameters.Where(p => replicated.RequiresError(p.Id)))
                Assert.InRange(replicated.Consumers(parameter.Id).Count(replicated.CarriesError), 1, Replication.FanIn);
        }
    }

    [Fact]
    public void One_replica_is_the_graph_itself_and_none_is_refused()
    {
        var graph = SmallModels.Build<float>("mlp", 2);
        Assert.Same(graph, Replication.Replicate(graph, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Replication.Replicate(graph, 0));
    }

    [Fact]
    public void A_scalar_root_is_refused_by_name()
    {
        var builder = new GraphBuilder<float>();
        var sum = builder.Data("x", new Shape(2, 3)).MatMul(builder.Parameter("w", new Tensor<float>(new Shape(3, 2))))
            .Sum(keepDims: false, name: "total");
        var graph = builder.Build(sum);
        Assert.Contains("'total'", Assert.Throws<GraphException>(() => Replication.Replicate(graph, 2)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>A network with micro-batches, the one with replicas, and the same batch for both.</summary>
    private static (Backpropagation<T> Micro, Backpropagation<T> Replicated, Batch<T> Batch, Batch<T> Shards) Pair<T>(
        Graph<T> graph, int replicas, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var replicated = Replication.Replicate(graph, replicas);
        var batch = RandomBatch.Create(graph, Loss.CrossEntropy, replicas, seed);
        var shards = new Batch<T>(replicated, Loss.CrossEntropy, 1);
        for (var i = 0; i < batch.Inputs.Count; i++) batch.Inputs[i].Span.CopyTo(shards.Inputs[i].Writable);
        batch.Target.Span.CopyTo(shards.Target.Writable);
        return (new(graph, Loss.CrossEntropy, new Sgd(0.01), replicas),
            new(replicated, Loss.CrossEntropy, new Sgd(0.01)), batch, shards);
    }
}
