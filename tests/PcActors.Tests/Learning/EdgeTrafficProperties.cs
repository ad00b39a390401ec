using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Protocol;
using PcActors.Testing;
using PcActors.Tests.Graphs;

namespace PcActors.Tests.Learning;

/// <summary>What passes along each edge in a step is what the closed form says: messages and bytes,
/// under either clock.</summary>
public sealed class EdgeTrafficProperties
{
    private const int Graphs = 120;

    [Fact]
    public void Messages_and_bytes_of_every_edge_are_foretold()
    {
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var graph = Levelling.Level(
                seed % 4 == 3
                    ? Replication.Replicate(RandomGraph<float>.Create(seed), 2)
                    : RandomGraph<float>.Create(seed));
            var found = graph.Edges.ToDictionary(e => e.Number, _ => default(EdgeTraffic));
            var trial = new Trial
            {
                Clock = seed % 2 == 0 ? Clock.Wavefront : Clock.Lockstep,
                Rule = seed % 5 == 4 ? LearningRule.Il(3, 0.1) : LearningRule.Zil,
                MicroBatches = 1 + (int)(seed % 3),
                Delivery = new() { Seed = seed, Faults = envelope => Count(envelope, found) },
            };
            if (trial.Rule != LearningRule.Zil)
            {
                trial = trial with { Clock = Clock.Lockstep };
                var latents = (seed % 3) switch
                {
                    0 => Latents.Every,
                    1 => Latents.Activations,
                    _ => Latents.Products,
                };
                (trial, graph) = (trial with { Latents = latents }, latents.Mark(graph));
            }
            trial.Network(graph).Step(RandomBatch.Create(graph, trial.Loss, trial.MicroBatches, seed));
            var foretold = EdgeTraffic.Of(graph, trial.Rule, trial.Clock, trial.MicroBatches);
            for (var i = 0; i < foretold.Length; i++)
                Assert.True(foretold[i] == found[graph.Edges[i].Number],
                    $"seed {seed}, {graph.Edges[i]}: {found[graph.Edges[i].Number]}, and not {foretold[i]}");
        }
    }

    [Fact]
    public void All_edges_together_send_what_the_forecast_says()
    {
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var graph = Latents.Every.Mark(RandomGraph<double>.Create(seed));
            var traffic = EdgeTraffic.Of(graph, LearningRule.Il(4, 0.1), Clock.Lockstep, 2);
            var forecast = MessageForecast.Of(graph, LearningRule.Il(4, 0.1), 2);
            Assert.Equal((forecast.ValuesPerStep, forecast.ErrorsPerStep),
                (traffic.Sum(t => t.Values), traffic.Sum(t => t.Errors)));
        }
    }

    private static Fate Count(Envelope envelope, Dictionary<int, EdgeTraffic> found)
    {
        switch (envelope.Message)
        {
            case ValueMessage<float> value:
                var values = found[value.Edge];
                found[value.Edge] = values with
                {
                    Values = values.Values + 1,
                    ValueBytes = values.ValueBytes + (value.Value.Length * sizeof(float))
                };
                break;
            case ErrorMessage<float> error:
                var errors = found[error.Edge];
                found[error.Edge] = errors with
                {
                    Errors = errors.Errors + 1,
                    ErrorBytes = errors.ErrorBytes + error.Error.Bytes
                };
                break;
        }
        return Fate.Arrives;
    }
}
