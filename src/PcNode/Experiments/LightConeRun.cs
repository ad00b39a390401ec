using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcNode.Configuration;

namespace PcNode.Experiments;

/// <summary>Disturbs one vertex's value in the inference of a step, and sees how far that gets in how much time.</summary>
/// <param name="experiment">The experiment; it has one micro-batch.</param>
/// <param name="vertex">The vertex's name.</param>
internal sealed class LightConeRun(Experiment experiment, string vertex) : IGenericWork<LightCone>
{
    /// <summary>The option that names the vertex.</summary>
    public const string Option = "--light-cone";

    public async Task<LightCone> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (experiment.Micro != 1) throw new UsageException($"--micro: {Option} takes one micro-batch, and there are {experiment.Micro}");
        var (built, batchesOf) = TestBed.Prepare<T>(experiment);
        await using var reference = NetworkFactory.Reference(experiment, built.Graph);
        var batch = reference.NewBatch();
        batchesOf(reference).Fill(0, batch);
        try
        {
            return LightCone.Trace(built.Graph, experiment.LearningRule ?? LearningRule.Zil, experiment.Loss, batch, vertex);
        }
        catch (GraphException e)
        {
            throw new UsageException($"{Option}: {e.Message}{Suggestion.For(vertex, built.Graph.Vertices.Select(v => v.Name))}");
        }
    }
}
