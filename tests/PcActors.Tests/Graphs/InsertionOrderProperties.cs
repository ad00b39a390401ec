using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Reference;
using PcActors.Tensors;
using PcActors.Tests.Learning;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Graphs;

/// <summary>The same network declared in another order. Predictions keep their bits. Edge
/// numbers, by which errors of one level are summed, follow the declaration: updates keep their bits where no vertex
/// sums more than two errors, and elsewhere agree up to rounding.</summary>
public class InsertionOrderProperties
{
    private const int Graphs = 200;

    [Fact]
    public void Names_levels_and_shapes_do_not_depend_on_it() => Each((graph, other, _) =>
    {
        Assert.Equal(graph.Vertices.Select(v => v.Name).Order(), other.Vertices.Select(v => v.Name).Order());
        Assert.All(graph.Vertices, v =>
        {
            var twin = other.Find(v.Name);
            Assert.Equal(graph.Level(v.Id), other.Level(twin.Id));
            Assert.Equal(v.Shape, twin.Shape);
            Assert.Equal(graph.Inputs(v.Id).Select(e => graph.Vertices[e.From].Name),
                other.Inputs(twin.Id).Select(e => other.Vertices[e.From].Name));
        });
        Assert.Equal(graph.Root.Name, other.Root.Name);
        Assert.Equal(Levelling.Level(graph).IdentityCount, Levelling.Level(other).IdentityCount);
    });

    [Fact]
    public void Predictions_keep_their_bits() => Each((graph, other, seed) =>
    {
        var batch = RandomBatch.Create(graph, Loss.SquaredError, 1, seed);
        Bits.AssertEqual(
            new Backpropagation<double>(graph, Loss.SquaredError, new Sgd(0.1)).Predict(batch, 0).Span,
            new Backpropagation<double>(other, Loss.SquaredError, new Sgd(0.1)).Predict(Copy(batch, graph, other),
                0).Span,
            "the prediction");
    });

    [Fact]
    public void Updates_keep_their_bits_where_no_more_than_two_errors_are_summed()
    {
        var graphs = 0;
        Each((graph, other, seed) =>
        {
            var isExact = graph.Vertices.All(v => graph.Consumers(v.Id).Count(graph.CarriesError) <= 2);
            graphs += isExact ? 1 : 0;
            var (a, b) = (new Backpropagation<double>(graph, Loss.SquaredError, new Sgd(0.1)),
                new Backpropagation<double>(other, Loss.SquaredError, new Sgd(0.1)));
            var batch = RandomBatch.Create(graph, Loss.SquaredError, 1, seed);
            a.Step(batch);
            b.Step(Copy(batch, graph, other));
            foreach (var parameter in graph.Parameters)
            {
                var expected = a.Parameter(parameter.Id).Span;
                var found = b.Parameter(other.Find(parameter.Name).Id).Span;
                if (isExact) Bits.AssertEqual(expected, found, parameter.Name);
                for (var i = 0; i < expected.Length; i++)
                    Assert.Equal(expected[i], found[i], 1e-11 * (1 + Math.Abs(expected[i])));
            }
        });
        Assert.InRange(graphs, Graphs / 10, Graphs);
    }

    [Fact]
    public void Initial_values_drawn_by_name_do_not_depend_on_it()
    {
        var (one, two) = (new GraphBuilder<float>(5), new GraphBuilder<float>(5));
        var first = (one.Parameter("a", new Shape(3), Initializer.GlorotUniform, 3, 3),
            one.Parameter("b", new Shape(3), Initializer.GlorotUniform, 3, 3));
        var b = two.Parameter("b", new Shape(3), Initializer.GlorotUniform, 3, 3);
        var second = (two.Parameter("a", new Shape(3), Initializer.GlorotUniform, 3, 3), b);
        var graphs = (one.Build(first.Item1.Add(first.Item2)), two.Build(second.Item1.Add(second.Item2)));
        foreach (var name in new[] { "a", "b" })
            Bits.AssertEqual(graphs.Item1.Find(name).Initial!.Span, graphs.Item2.Find(name).Initial!.Span, name);
    }

    private static void Each(Action<Graph<double>, Graph<double>, ulong> check)
    {
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var graph = RandomGraph<double>.Create(seed, smooth: true);
            try
            {
                check(graph, Redeclare(graph, seed), seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
    }

    private static Graph<double> Redeclare(Graph<double> graph, ulong seed)
    {
        var order = graph.Vertices.ToArray();
        new SeededRandom(seed, "declaration").Shuffle<Vertex<double>>(order);
        var builder = new GraphBuilder<double>();
        foreach (var vertex in order)
        {
            if (vertex.Kind == VertexKind.Data) builder.Data(vertex.Name, vertex.Shape);
            else if (vertex.Kind == VertexKind.Parameter)
                builder.Parameter(vertex.Name, vertex.Initial!, vertex.Trainable);
            else
            {
                builder.Declare(
                    vertex.Name, vertex.Function!.OperatorType,
                    [.. graph.Inputs(vertex.Id).Select(e => graph.Vertices[e.From].Name)], vertex.Function.Attributes);
            }
        }
        return builder.Build();
    }

    private static Batch<double> Copy(Batch<double> batch, Graph<double> from, Graph<double> to)
    {
        var copy = new Batch<double>(to, Loss.SquaredError, 1);
        batch.Target.Span.CopyTo(copy.Target.Writable);
        for (var leaf = 0; leaf < batch.Clamped.Count; leaf++)
        {
            var place = copy.Clamped.ToList().IndexOf(to.Find(from.Vertices[batch.Clamped[leaf]].Name).Id);
            batch.Inputs[leaf].Span.CopyTo(copy.Inputs[place].Writable);
        }
        return copy;
    }
}
