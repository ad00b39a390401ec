using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Reference;
using PcActors.Learning.Schedules;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Learning;

/// <summary>One comparison of a rule on vertices with backpropagation on the original graph,
/// over several steps.</summary>
internal sealed record Trial
{
    public LearningRule Rule { get; init; } = LearningRule.Zil;

    public Clock Clock { get; init; } = Clock.Wavefront;

    public Loss Loss { get; init; } = Loss.CrossEntropy;

    public Optimizer Optimizer { get; init; } = new Sgd(0.05);

    /// <summary>Which vertices are latent, where the rule asks; every one by default.</summary>
    public Latents Latents { get; init; } = Latents.Every;
    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>What the reference learns by, where that is not <see cref="Optimizer"/>.</summary>
    public Optimizer? ReferenceOptimizer { get; init; }

    public int Sweeps { get; init; } = 1;

    /// <summary>Whether vertices send again what has not moved; otherwise they compute all anew.</summary>
    public bool Reuses { get; init; } = true;

    /// <summary>The vertices that have an energy, or a rate of inference, of their own.</summary>
    public IReadOnlyList<VertexCoding> Codings { get; init; } = [];

    /// <summary>Latent vertices and free leaves that training steps clamp.</summary>
    public IReadOnlyList<string> Clamped { get; init; } = [];

    public int MicroBatches { get; init; } = 1;

    public int Steps { get; init; } = 3;

    public ulong DataSeed { get; init; }

    public Delivery Delivery { get; init; } = new();

    /// <summary>A network for a graph that is levelled already, if it has to be.</summary>
    public VertexNetwork<T> Network<T>(Graph<T> runGraph, Func<IVertex<T>, IVertex<T>>? replace = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(Rule.RestsBehindWave || runGraph.HasLatents ? runGraph : Latents.Mark(runGraph),
            new VertexOptions(Rule, Clock, Loss, Optimizer, MicroBatches, Rule.StepsOn(runGraph.Depth))
            {
                Schedule = Schedule,
                Sweeps = Sweeps,
                Clamped = Clamped,
                Codings = Codings,
                Reuses = Reuses,
            },
            Delivery, replace);

    /// <summary>The first difference to backpropagation in any bit of any parameter after any step; null
    /// when there is none.</summary>
    /// <param name="graph">The original graph.</param>
    /// <param name="runGraph">What runs in its stead; by default the levelled graph.</param>
    /// <param name="replace">Puts other vertices in vertices' places.</param>
    public string? FirstDifference<T>(Graph<T> graph, Graph<T>? runGraph = null,
        Func<IVertex<T>, IVertex<T>>? replace = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var reference = new Backpropagation<T>(graph, Loss, ReferenceOptimizer ?? Optimizer, MicroBatches,
            schedule: Schedule);
        var network = Network(runGraph ?? Levelling.Level(graph, everyLevel: !Rule.RestsBehindWave), replace);
        try
        {
            for (var step = 0; step < Steps; step++)
            {
                var batch = RandomBatch.Create(graph, Loss, MicroBatches, DataSeed + (ulong)step);
                if (step == 1 && PredictionDifference(network, reference, batch) is { } found) return found;
                var expected = reference.Step(batch);
                var loss = network.Step(batch);
                if (!double.IsFinite(expected)) return $"step {step + 1}: the loss of the reference is {expected}";
                if (!Bits.AreEqual(expected, loss)) return $"step {step + 1}: the loss is {loss:R}, not {expected:R}";
                foreach (var parameter in graph.Parameters)
                {
                    var value = network.Parameter(network.Graph.Find(parameter.Name).Id);
                    var where = $"step {step + 1}: '{parameter.Name}'";
                    if (Difference(reference.Parameter(parameter.Id), value, where) is { } difference)
                        return difference;
                }
            }
            return null;
        }
        catch (Exception e) when (e is ProtocolException or StalledException)
        {
            return e.Message;
        }
    }

    private string? PredictionDifference<T>(VertexNetwork<T> network, Backpropagation<T> reference, Batch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = Enumerable.Range(0, MicroBatches).Select(m => reference.Predict(batch, m).Clone()).ToList();
        return Difference(Tensor<T>.Stack(parts), network.Predict(batch), "the prediction");
    }

    private static string? Difference<T>(Tensor<T> expected, Tensor<T> actual, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (!Bits.AreEqual(expected.Span[i], actual.Span[i]))
                return $"{what}: element {i} is {actual.Span[i]:R}, not {expected.Span[i]:R}";
        }
        return null;
    }
}
