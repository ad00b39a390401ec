using System.Numerics;
using System.Runtime.InteropServices;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Graphs;

namespace PcActors.Tests.Learning;

/// <summary>Property: what vertices send again, because nothing has moved that it follows from, is what they would
/// compute anew. Every message has the same bits, and every report is the same, under every rule that infers.</summary>
public sealed class ReuseProperties
{
    private const int Parts = 4;
    private const ulong GraphsOfPart = 6;
    private const ulong MoreGraphsOfPart = 18;

    private static readonly Latents[] Choices =
        [Latents.Every, Latents.Activations, Latents.Products, Latents.None];

    public static TheoryData<int> AllParts => [.. Enumerable.Range(0, Parts)];

    [Theory]
    [MemberData(nameof(AllParts))]
    public void On_random_graphs_and_cyclic_ones(int part) => Each(part, OnGraph);

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Where_vertices_are_clamped_and_leaves_are_free(int part) => Each(part, WithClamps);

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Whatever_the_energies(int part) => Each(part, WithEnergies);

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Where_messages_are_lost_and_steps_begin_anew(int part) => Each(part, WithLosses);

    [Theory]
    [Trait("Suite", "Long")]
    [MemberData(nameof(AllParts))]
    public void All_of_it_on_more_graphs(int part)
    {
        var first = (Parts * GraphsOfPart) + ((ulong)part * MoreGraphsOfPart);
        Each(first, first + MoreGraphsOfPart, (seed, trial) =>
        {
            OnGraph(seed, trial);
            WithClamps(seed, trial);
            WithEnergies(seed, trial);
            WithLosses(seed, trial);
        });
    }

    /// <summary>Values that have come to rest, to the bit, before inference ends.</summary>
    [Theory]
    [InlineData("il:inferenceSteps=200,inferenceRate=0.5")]
    [InlineData("pc-alm:inferenceSteps=200")]
    [InlineData("ipc:inferenceSteps=50")]
    public void Where_values_come_to_rest(string rule)
    {
        for (var seed = 0UL; seed < 4; seed++)
        {
            AssertSame(
                new Trial { Rule = Catalogues.Rules.Parse(rule), Loss = Loss.SquaredError, Steps = 1 },
                RandomGraph<float>.Create(seed, smooth: true), seed);
        }
    }

    /// <summary>0 times infinity is no number: a product with a zero error may not be taken for zero there.</summary>
    [Fact]
    public void Where_an_error_of_zeros_meets_infinity()
    {
        var builder = new GraphBuilder<float>(3);
        var weights = Enumerable.Range(1, 3)
            .Select(l => builder.Parameter($"w{l}", new Shape(4, 4), Initializer.GlorotUniform, 4, 4)).ToList();
        var node = builder.Data("x", new Shape(2, 4)).MatMul(weights[0]).Sigmoid("hidden1");
        var graph = builder.Build(node.MatMul(weights[1]).Tanh("hidden2").MatMul(weights[2]));
        graph.Find("w2").Initial!.Writable[5] = float.PositiveInfinity;
        var trial = new Trial { Loss = Loss.SquaredError, Latents = Latents.Activations };
        AssertSame(trial with { Rule = LearningRule.Il(3, 0.1) }, graph, 1);
    }

    private static void OnGraph(ulong seed, Trial trial)
    {
        var graph = seed % 4 == 3 ? CyclicGraph.Create<float>(seed) : RandomGraph<float>.Create(seed);
        AssertSame(trial with { Latents = Choices[seed / 4 % 4], Sweeps = 1 + (int)(seed / 4 % 3) }, graph, seed);
    }

    private static void WithClamps(ulong seed, Trial trial)
    {
        var graph = seed % 4 == 3 ? CyclicGraph.Create<double>(seed)
            : Choices[seed % 3].Mark(RandomGraph<double>.Create(seed));
        (graph, var clamped) = ClampedGraph.Of(graph, seed);
        AssertSame(trial with { Clamped = clamped }, graph, seed);
    }

    private static void WithEnergies(ulong seed, Trial trial)
    {
        var graph = Latents.Every.Mark(RandomGraph<float>.Create(seed));
        var names = Catalogues.Energies.All.Select(e => e.Name).ToList();
        var codings = graph.Vertices.Where(v => v.IsLatent && v.Shape.Rank > 0).Select((v, i) => new VertexCoding(
            v.Name, Catalogues.Energies.Parse(names[(i + (int)seed) % names.Count]), i % 2 == 0 ? 0.03 : null));
        AssertSame(trial with { Codings = [.. codings] }, graph, seed);
    }

    private static void WithLosses(ulong seed, Trial trial) =>
        AssertSame(trial, RandomGraph<float>.Create(seed), seed, lost: 3 + (int)(seed % 60));

    private static void Each(int part, Action<ulong, Trial> check) =>
        Each((ulong)part * GraphsOfPart, (ulong)(part + 1) * GraphsOfPart, check);

    private static void Each(ulong first, ulong end, Action<ulong, Trial> check)
    {
        for (var seed = first; seed < end; seed++)
        {
            foreach (var rule in Rules(seed))
            {
                check(seed, new Trial
                {
                    Rule = rule,
                    Loss = seed % 2 == 0 ? Loss.SquaredError : Loss.CrossEntropy,
                    Optimizer = seed % 4 < 2 ? new Sgd(0.05) : new Adam(0.01),
                    MicroBatches = 1 + (int)(seed % 3),
                    Steps = 2,
                });
            }
        }
    }

    private static IEnumerable<LearningRule> Rules(ulong seed)
    {
        var steps = 1 + (int)(seed % 6);
        foreach (var name in new[] { "il", "ipc", "epc", "pc-alm", "langevin" })
            yield return Catalogues.Rules.Find(name).Create(("inferenceSteps", steps), ("inferenceRate", 0.05));
        yield return Catalogues.Rules.Parse($"il:inferenceSteps={steps},inferenceRate=0.01,inferenceOptimizer=adam");
        yield return Catalogues.Rules.Parse(
            $"ipc:inferenceSteps={steps + 5},inferenceRate=0.01,inferenceOptimizer=momentum,tolerance=0.001");
        yield return Catalogues.Rules.Parse(
            $"il:inferenceSteps={steps},inferenceRate=0.05,forwardInitialisation=false");
        yield return Ablation.Parse("levelling").Rule with { InferenceRate = 0.05 };
    }

    private static void AssertSame<T>(Trial trial, Graph<T> graph, ulong seed, int lost = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        trial = trial with { Clock = Clock.Lockstep };
        var expected = Messages(trial with { Reuses = false }, graph, seed, lost);
        var found = Messages(trial, graph, seed, lost);
        for (var i = 0; i < Math.Min(expected.Count, found.Count); i++)
            Assert.True(expected[i] == found[i], $"seed {seed}, {trial.Rule}: {found[i]}, and not {expected[i]}");
        Assert.Equal(expected.Count, found.Count);
    }

    /// <summary>All that is sent, with its bits, as it is sent.</summary>
    private static List<string> Messages<T>(Trial trial, Graph<T> graph, ulong seed, int lost)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var messages = new List<string>();
        var delivery = new Delivery
        {
            Seed = seed,
            MaxAttempts = 3,
            Faults = _ => --lost == 0 ? Fate.IsLost : Fate.Arrives,
        };
        var network = (trial with { Delivery = delivery }).Network(graph);
        network.Sending = envelope => messages.Add(
            $"{envelope.Sender} to {envelope.Receiver}: {envelope.Message} {BitsOf<T>(envelope.Message)}");
        for (var step = 0; step < trial.Steps; step++)
        {
            var batch = RandomBatch.Create(
                network.Graph, trial.Loss, trial.MicroBatches, seed + (ulong)step, trial.Clamped);
            try
            {
                network.Train(batch);
            }
            catch (Exception e) when (e is StalledException or DivergedException)
            {
                messages.Add(e.Message);
                return messages;
            }
        }
        messages.Add(Parameters.Sha256(Parameters.Join(network.Graph, network.Parameter)));
        return messages;
    }

    private static string BitsOf<T>(object message)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (message is ValueMessage<T> value) return Hash(value.Value);
        if (message is not ErrorMessage<T> error) return "";
        var whole = new Tensor<T>(error.Error.Shape);
        error.Error.WriteTo(whole);
        return Hash(whole);

        static string Hash(Tensor<T> tensor) => Convert.ToHexString(
            System.Security.Cryptography.SHA256.HashData(MemoryMarshal.AsBytes(tensor.Span)), 0, 8);
    }
}
