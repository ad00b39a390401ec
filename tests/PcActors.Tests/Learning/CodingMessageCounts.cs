using System.Numerics;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Testing;
using PcActors.Tests.Graphs;

namespace PcActors.Tests.Learning;

/// <summary>Property: under every rule that infers, with every choice of latent vertices and with cycles, as many
/// messages pass as the closed form says, along every edge.</summary>
public sealed class CodingMessageCounts
{
    private const ulong Graphs = 60;

    private static readonly Latents[] Choices =
        [Latents.Every, Latents.Activations, Latents.Products, Latents.None];

    public static TheoryData<string> Rules => ["il", "ipc", "epc", "pc-alm", "langevin"];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Of_random_graphs(string name)
    {
        for (var seed = 0UL; seed < Graphs; seed++)
            Check(RandomGraph<float>.Create(seed), name, seed, Choices[seed % 4], sweeps: 1);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Of_cyclic_graphs_whatever_the_sweeps(string name)
    {
        for (var seed = 0UL; seed < Graphs; seed++)
            Check(CyclicGraph.Create<double>(seed), name, seed, Latents.Every, sweeps: 1 + (int)(seed % 4));
    }

    private static void Check<T>(Graph<T> graph, string name, ulong seed, Latents latents, int sweeps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var found = new Dictionary<int, (long Values, long Errors)>();
        var trial = new Trial
        {
            Rule = Catalogues.Rules.Find(name).Create(
                ("inferenceSteps", 1 + (int)(seed % 5)), ("inferenceRate", 1e-5)),
            Clock = Clock.Lockstep,
            Loss = Loss.SquaredError,
            Latents = latents,
            MicroBatches = 1 + (int)(seed % 3),
            Sweeps = sweeps,
            Delivery = new()
            {
                Seed = seed,
                Faults = envelope =>
                {
                    if (envelope.Message is ValueMessage<T> value) Add(value.Edge, 1, 0);
                    else if (envelope.Message is ErrorMessage<T> error) Add(error.Edge, 0, 1);
                    return Fate.Arrives;
                },
            },
        };
        var network = trial.Network(graph);
        graph = network.Graph;
        network.Step(RandomBatch.Create(graph, trial.Loss, trial.MicroBatches, seed));
        var forecast = MessageForecast.Of(graph, trial.Rule, trial.MicroBatches, sweeps);
        Assert.True((forecast.ValuesPerStep, forecast.ErrorsPerStep) == (network.Sent.Values, network.Sent.Errors),
            $"seed {seed}: {network.Sent} were sent, and not {forecast}");
        var traffic = EdgeTraffic.Of(graph, trial.Rule, Clock.Lockstep, trial.MicroBatches, sweeps);
        for (var i = 0; i < traffic.Length; i++)
        {
            var passed = found.GetValueOrDefault(graph.Edges[i].Number);
            Assert.True(passed == (traffic[i].Values, traffic[i].Errors),
                $"seed {seed}, {graph.Edges[i]}: {passed} passed, and not {traffic[i]}");
        }
        network.Predict(RandomBatch.Create(graph, trial.Loss, trial.MicroBatches, seed));
        Assert.True(
            (forecast.ValuesPerPrediction, 0L)
                == (network.Sent.Values - forecast.ValuesPerStep, network.Sent.Errors - forecast.ErrorsPerStep),
            $"seed {seed}: {network.Sent} after a prediction; {forecast}");

        void Add(int edge, long values, long errors)
        {
            var sum = found.GetValueOrDefault(edge);
            found[edge] = (sum.Values + values, sum.Errors + errors);
        }
    }
}
