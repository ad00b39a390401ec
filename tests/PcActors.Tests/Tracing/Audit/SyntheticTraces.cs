using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Protocol;
using PcActors.Tests.Graphs;
using PcActors.Tests.Models;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Audit.Checks;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>An ideal run's records break no claim; the closed form from a header is that from the graph.</summary>
public class SyntheticTraces
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_ideal_run_on_a_random_graph_has_no_violations(int microBatches)
    {
        for (var seed = 0UL; seed < 100; seed++)
        {
            var graph = Levelling.Level(RandomGraph<float>.Create(seed));
            var header = Headers.Of(graph, microBatches: microBatches);
            var result = TraceAudit.Run(header, new SyntheticTrace(header).Records(6));
            Assert.Equal([], result.Checks.SelectMany(c => c.First));
            Assert.Equal(6, result.Steps);
            var forecast = MessageForecast.Of(graph, LearningRule.Zil, microBatches);
            Assert.Equal((6 * forecast.ValuesPerStep, 6 * forecast.ErrorsPerStep), (result.Values, result.Errors));
        }
    }

    [Theory]
    [MemberData(nameof(SmallModels.Names), MemberType = typeof(SmallModels))]
    public void The_closed_form_from_a_header_is_that_from_the_graph(string model)
    {
        var original = SmallModels.Build<float>(model, 2);
        var levelled = Levelling.Level(original);
        LearningRule[] rules = [LearningRule.Zil, Ablation.UpdateTime.Rule, Ablation.OfInferenceRate().Rule,
            LearningRule.Il(3, 0.1)];
        foreach (var microBatches in new[] { 1, 2 })
        {
            foreach (var rule in rules)
                Assert.Equal(MessageForecast.Of(levelled, rule, microBatches),
                    TraceForecast.Of(Headers.Of(levelled, rule, microBatches)));
            Assert.Equal(
                MessageForecast.Of(original, Ablation.Levelling.Rule, microBatches),
                TraceForecast.Of(Headers.Of(original, Ablation.Levelling.Rule, microBatches)));
        }
    }

    [Fact]
    public void Levels_follow_from_the_times_of_errors_alone()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            var graph = Levelling.Level(RandomGraph<double>.Create(seed));
            var header = Headers.Of(graph);
            var levels = new LevelsFromTimes(graph.Vertices.Count);
            Assert.All(new SyntheticTrace(header).Records(1), record => Assert.True(levels.See(record)));
            Assert.All(graph.Vertices,
                v => Assert.Equal(graph.RequiresError(v.Id) ? graph.Level(v.Id) : null, levels[v.Id]));
        }
    }

    [Fact]
    public void Times_that_contradict_each_other_are_seen()
    {
        var levels = new LevelsFromTimes(3);
        Assert.True(levels.See(new TraceRecord { Kind = MessageKind.Error.Name, From = 2, To = 1, Time = 1 }));
        Assert.True(levels.See(new TraceRecord { Kind = MessageKind.Error.Name, From = 1, To = 0, Time = 2 }));
        Assert.False(levels.See(new TraceRecord { Kind = MessageKind.Error.Name, From = 1, To = 0, Time = 3 }));
        Assert.Equal((2, 1, 0), (levels[0], levels[1], levels[2]));
    }
}
