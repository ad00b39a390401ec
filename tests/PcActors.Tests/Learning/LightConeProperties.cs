using System.Numerics;
using PcActors.Extensions;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Reference;
using PcActors.Tensors;
using PcActors.Tests.Graphs;
using PcActors.Tests.Models;

namespace PcActors.Tests.Learning;

/// <summary>A disturbance travels as fast as the equations carry it: nothing outside its light cone
/// differs in any bit, and at every distance inside something does.</summary>
public sealed class LightConeProperties
{
    private const int Graphs = 60;
    private const int Timesteps = 7;

    private static readonly LearningRule Il = LearningRule.Il(Timesteps, 0.4);

    public static TheoryData<string, Granularity> Networks => RefinedModels.All;

    public static TheoryData<string> Models => SmallModels.Names;

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void On_random_graphs_the_cone_is_that_of_the_equations(int time) =>
        EachRandomGraph<double>(
            (graph, vertex, seed) => Check(graph, Il, vertex, seed, time, isFilled: !HasDeafVertex(graph, seed)),
            smooth: true);

    [Fact]
    public void On_most_of_them_every_vertex_heeds_its_inputs() => Assert.InRange(
        Enumerable.Range(0, Graphs)
            .Count(seed => HasDeafVertex(RandomGraph<double>.Create((ulong)seed, smooth: true), (ulong)seed)), 0,
            Graphs / 2);

    [Fact]
    public void Kinks_and_indices_let_nothing_out_of_it() =>
        EachRandomGraph<float>((graph, vertex, seed) => Check(graph, Il, vertex, seed, time: 1, isFilled: false),
            smooth: false);

    [Fact]
    public void Under_Z_IL_it_holds_on_the_levelled_graph() => EachRandomGraph<double>(
        (graph, vertex, seed) =>
        {
            var levelled = Levelling.Level(graph);
            Check(levelled, LearningRule.Zil, levelled.Find(graph.Vertices[vertex].Name).Id, seed, time: 0,
                isFilled: false);
        },
        smooth: true);

    [Theory]
    [MemberData(nameof(Models))]
    public void On_every_architecture_the_cone_is_kept_and_filled(string model)
    {
        var graph = SmallModels.Build<double>(model, 2);
        foreach (var vertex in Moved(graph).Where((_, i) => i % 7 == 3))
            Check(graph, Il, vertex, seed: 1, time: 1, isFilled: true);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void On_every_finer_graph_it_is_kept(string model, Granularity granularity)
    {
        var graph = Refinement.Refine(SmallModels.Build<float>(model, 2), granularity);
        var moved = Moved(graph).ToList();
        foreach (var vertex in new[] { moved[0], moved[moved.Count / 2], moved[^1] })
            Check(graph, Il, vertex, seed: 1, time: 0, isFilled: false);
    }

    [Fact]
    public void On_a_chain_it_takes_a_timestep_a_hop_either_way_and_errors_are_one_ahead_towards_the_root()
    {
        var builder = new GraphBuilder<double>();
        // h0 has a weight; the hops from h8 are 8 towards the input and 7 towards the root, h15.
        var h = builder.Data("x", new Shape(2, 2))
            .Multiply(builder.Parameter("w", new Shape(2), Initializer.Constant(0.5), 1, 1), "h0");
        for (var i = 1; i <= 15; i++) h = h.Tanh($"h{i}");
        var graph = builder.Build(h);
        var cone = Trace(graph, LearningRule.Il(10, 0.5), "h8", seed: 1);
        Assert.True(cone.IsContained);
        for (var k = 0; k <= 10; k++)
        {
            var expected = Enumerable.Range(0, 9)
                .Select(hops => hops == 0 ? 1 : (hops <= k ? 1 : 0) + (hops <= Math.Min(k + 1, 7) ? 1 : 0))
                .TakeWhile(count => count > 0);
            Assert.Equal(expected, cone.Steps[k].DifferingAt);
            Assert.Equal(cone.Steps[k].DifferingAt, cone.Steps[k].ReachableAt);
            Assert.Equal((k, (2 * k) + 1), (cone.Steps[k].Timesteps, cone.Steps[k].DistanceLimit));
        }
    }

    [Fact]
    public void Another_input_of_a_consumer_is_two_hops_away_and_one_timestep()
    {
        var builder = new GraphBuilder<double>();
        var x = builder.Data("x", new Shape(2, 2));
        var a = x.Add(builder.Parameter("p", new Shape(2), Initializer.Constant(0.5), 1, 1), "a");
        var b = x.Add(builder.Parameter("q", new Shape(2), Initializer.Constant(0.25), 1, 1), "b");
        var cone = Trace(builder.Build(a.Multiply(b, "product").Tanh("root")), LearningRule.Il(2, 0.5), "a", seed: 1);
        Assert.Equal([1, 1], cone.Steps[0].DifferingAt);    // a, and the error of the product
        Assert.Equal([1, 1, 2], cone.Steps[1].DifferingAt); // b, and the error of the root
        Assert.Equal((2, 3), (cone.Steps[1].LargestDistance, cone.Steps[1].DistanceLimit));
    }

    [Fact]
    public void A_function_that_looks_at_another_vertex_is_found()
    {
        var wire = new Wire<double>();
        var builder = new GraphBuilder<double>();
        var h = builder.Data("x", new Shape(2, 2))
            .Multiply(builder.Parameter("w", new Shape(2), Initializer.Constant(0.5), 1, 1), "h0");
        for (var i = 1; i <= 12; i++)
            h = i is 3 or 9 ? builder.Apply(new Tapped<double>(wire, i == 3), [h], $"h{i}") : h.Tanh($"h{i}");
        var cone = Trace(builder.Build(h), LearningRule.Il(2, 0.5), "h2", seed: 1);
        Assert.False(cone.IsContained);
        Assert.Equal(["h9"], cone.Steps[0].Outside);
    }

    [Theory]
    [InlineData("x", "is a leaf")]
    [InlineData("w", "is a leaf")]
    [InlineData("root", "is the root")]
    [InlineData("y", "no vertex 'y'")]
    public void What_inference_does_not_move_is_refused_by_name(string vertex, string why)
    {
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(
            builder.Data("x", new Shape(2, 2))
                .Multiply(builder.Parameter("w", new Shape(2), Initializer.Constant(0.5), 1, 1)).Tanh("root"));
        var refusal = Assert.Throws<GraphException>(() => Trace(graph, Il, vertex, seed: 1));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(vertex, refusal.Vertex);
    }

    [Theory]
    [InlineData("activations")]
    [InlineData("products")]
    public void With_direct_vertices_it_is_kept_too(string latents)
    {
        for (var seed = 0UL; seed < 40; seed++)
        {
            var graph = RandomGraph<double>.Create(seed);
            var chosen = Latents.Parse(latents);
            foreach (var rule in new[] { Il, Catalogues.Rules.Parse("epc"), Catalogues.Rules.Parse("pc-alm") })
            {
                foreach (var vertex in chosen.Mark(graph).Vertices.Where(v => v.IsLatent))
                {
                    var batch = RandomBatch.Create(graph, Loss.SquaredError, 1, seed);
                    var cone = LightCone.Trace(graph, rule, Loss.SquaredError, batch, vertex.Name, 1, latents: chosen);
                    Assert.True(cone.IsContained, $"seed {seed}, {rule}, '{vertex.Name}'");
                    Assert.All(cone.Steps, s => Assert.InRange(s.LargestDistance, 0, s.DistanceLimit));
                }
            }
        }
    }

    [Fact]
    public void A_direct_vertex_holds_nothing_to_be_disturbed()
    {
        var graph = ResidualStack.Build<double>(1);
        var direct = Latents.Products.Mark(graph).Vertices.First(
            v => v.Kind == VertexKind.Function && !v.IsLatent && v.Id != graph.RootId && graph.RequiresError(v.Id));
        var batch = RandomBatch.Create(graph, Loss.SquaredError, 1, 1);
        Assert.Contains("is direct", Assert.Throws<GraphException>(() => LightCone.Trace(
            graph, Il, Loss.SquaredError, batch, direct.Name, latents: Latents.Products)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_that_inference_does_not_have_is_refused()
    {
        var graph = RandomGraph<float>.Create(0);
        var vertex = graph.Vertices[Moved(graph).First()].Name;
        foreach (var time in new[] { -1, Timesteps + 1 })
            Assert.Throws<ArgumentOutOfRangeException>(
                () =>
                    LightCone.Trace(graph, Il, Loss.SquaredError, RandomBatch.Create(graph, Loss.SquaredError, 1, 0),
                        vertex, time, latents: Latents.Every));
        Assert.Throws<ArgumentException>(
            () =>
                LightCone.Trace(graph, Il, Loss.SquaredError, RandomBatch.Create(graph, Loss.SquaredError, 2, 0),
                    vertex, latents: Latents.Every));
    }

    private static void Check<T>(Graph<T> graph, LearningRule rule, int vertex, ulong seed, int time, bool isFilled)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var cone = Trace(graph, rule, graph.Vertices[vertex].Name, seed, time);
        Assert.True(cone.IsContained);
        var expected = LightConeEquations.Cone(graph, vertex, cone.Steps.Count - 1);
        var hops = LightConeEquations.Hops(graph, vertex);
        foreach (var step in cone.Steps)
        {
            var within = expected[step.Timesteps].GroupBy(v => hops[v]).ToDictionary(g => g.Key, g => g.Count());
            Assert.Equal(Enumerable.Range(0, within.Keys.Max() + 1).Select(hop => within.GetValueOrDefault(hop)),
                step.ReachableAt);
            Assert.InRange(step.LargestDistance, 0, step.DistanceLimit);
            Assert.All(step.DifferingAt.Zip(step.ReachableAt), at =>
                Assert.InRange(at.First, isFilled ? Math.Min(1, at.Second) : 0, at.Second));
        }
        Assert.True(cone.Steps[0].DifferingAt[0] == 1, "the disturbance itself");
    }

    private static LightCone Trace<T>(Graph<T> graph, LearningRule rule, string vertex, ulong seed, int time = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        LightCone.Trace(graph, rule, Loss.SquaredError, RandomBatch.Create(graph, Loss.SquaredError, 1, seed), vertex,
            time, latents: Latents.Every);

    private static IEnumerable<int> Moved<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => graph.Vertices
        .Where(v => v.Kind == VertexKind.Function && v.Id != graph.RootId && graph.RequiresError(v.Id))
        .Select(v => v.Id);

    /// <summary>Whether some vertex does not heed one of its inputs: a unit that is saturated, x - x, a
    /// Softmax of one number.</summary>
    private static bool HasDeafVertex(Graph<double> graph, ulong seed)
    {
        var reference = new Backpropagation<double>(graph, Loss.SquaredError, new Sgd(1));
        reference.Predict(RandomBatch.Create(graph, Loss.SquaredError, 1, seed), 0);
        return graph.Vertices.Any(v => graph.Inputs(v.Id).Any(e => graph.RequiresError(e.From) && !Heeds(v, e.From)));

        bool Heeds(Vertex<double> vertex, int input)
        {
            var moved = reference.Value(input)!.Clone();
            var random = new SeededRandom(seed, "elsewhere");
            foreach (ref var element in moved.Writable) element += 0.125 * random.NextGaussian();
            var inputs = graph.Inputs(vertex.Id).Select(e => e.From == input ? moved : reference.Value(e.From)!)
                .ToArray();
            var prediction = new Tensor<double>(vertex.Shape);
            vertex.Function!.Predict(inputs, prediction);
            return !prediction.Span.SequenceEqual(reference.Value(vertex.Id)!.Span);
        }
    }

    private static void EachRandomGraph<T>(Action<Graph<T>, int, ulong> check, bool smooth)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var checkedGraphs = 0;
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var graph = RandomGraph<T>.Create(seed, smooth);
            var moved = Moved(graph).ToList();
            if (moved.Count == 0) continue;
            checkedGraphs++;
            foreach (var vertex in new HashSet<string> { graph.Vertices[moved[0]].Name, graph.Vertices[moved[^1]].Name,
                graph.Vertices[moved[moved.Count / 2]].Name })
            {
                try
                {
                    check(graph, graph.Find(vertex).Id, seed);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"seed {seed}, vertex '{vertex}': {e.Message}", e);
                }
            }
        }
        Assert.InRange(checkedGraphs, Graphs / 2, Graphs);
    }

    private sealed class Wire<T>
        where T : unmanaged
    {
        public T Value { get; set; }
    }

    /// <summary>An identity that tells a number to another one, past all edges.</summary>
    private sealed class Tapped<T>(Wire<T> wire, bool tells)
        : UnaryFunction<T>(new Operator("Tapped").With(Attributes.Empty))
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        protected override void Predict(ReadOnlySpan<T> x, Span<T> mu)
        {
            x.CopyTo(mu);
            if (tells) wire.Value = x[0];
            else mu[0] += wire.Value;
        }

        protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error,
            Span<T> result) => error.CopyTo(result);
    }
}
