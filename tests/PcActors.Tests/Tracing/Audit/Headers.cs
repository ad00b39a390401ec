using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>Headers of runs.</summary>
internal static class Headers
{
    /// <summary>The header of a run on a graph as it is.</summary>
    public static TraceHeader Of<T>(Graph<T> graph, LearningRule? rule = null, int microBatches = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        rule ??= LearningRule.Zil;
        var clock = rule.RestsBehindWave ? Clock.Wavefront : Clock.Lockstep;
        var options = new VertexOptions(rule, clock, Loss.CrossEntropy, new Sgd(0.1), microBatches,
            rule.StepsOn(graph.Depth));
        return TraceHeader.Of(graph, options, "random", payloads: false);
    }
}
