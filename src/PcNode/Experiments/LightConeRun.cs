using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Instruments;
using PcNode.Configuration;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>Disturbs one vertex's value in the inference of a step, and sees how far that
/// gets in how much time.</summary>
/// <param name="experiment">The experiment; it has one micro-batch.</param>
/// <param name="vertex">The vertex's name.</param>
/// <param name="time">The timestep of the disturbance.</param>
/// <param name="terminal">Told what was found in data and done to a model file.</param>
internal sealed class LightConeRun(Experiment experiment, string vertex, int time, Terminal terminal)
    : IGenericWork<LightCone>
{
    private static readonly Setting[] Unheeded =
    [
        SettingCatalogue.TraceSteps, SettingCatalogue.Clock, SettingCatalogue.Optimizer,
        .. SettingCatalogue.OfOptimizers,
        SettingCatalogue.Threads, SettingCatalogue.Nodes, SettingCatalogue.Join, .. SettingGroups.Cluster,
    ];

    /// <summary>The option that names the vertex.</summary>
    public const string Option = "--light-cone";

    /// <summary>The experiment.</summary>
    public Experiment Experiment => experiment;

    /// <summary>The timestep of the disturbance.</summary>
    public int Time => time;

    /// <summary>Refuses options that mean nothing to it: it makes no step, only the inference of one.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public static void RequireHeeded(IEnumerable<(Setting Setting, string Text)> given)
    {
        foreach (var (setting, _) in given.Where(g => Unheeded.Contains(g.Setting)))
            throw new UsageException(
                $"{setting.OptionName}: {Option} shows the inference of one step, which it does not change; leave "
                + "one of the two out");
    }

    public async Task<LightCone> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (experiment.LearningRule is not { } rule)
            throw new UsageException(
                $"--rule: {Option} needs inference, which {experiment.Rule} does not have; give zil or il");
        if (experiment.Micro != 1)
            throw new UsageException($"--micro: {Option} takes one micro-batch, and there are {experiment.Micro}");
        var (built, batchesOf) = TestBed.Prepare<T>(experiment, terminal: terminal);
        built.Source.TellReading(terminal);
        await using var reference = await NetworkFactory.ReferenceAsync(experiment, built.Graph).ConfigureAwait(false);
        var batch = reference.NewBatch();
        batchesOf(reference).Fill(0, batch);
        try
        {
            return LightCone.Trace(built.Graph, rule, experiment.Loss, batch, vertex, time);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new UsageException($"--at: {e.Message.ReplaceLineEndings(" ")}");
        }
        catch (GraphException e)
        {
            var names = built.Graph.Vertices.Select(v => v.Name).ToList();
            throw new UsageException(
                $"{Option}: {e.Message}{(names.Contains(vertex) ? "" : Suggestion.For(vertex, names))}");
        }
    }
}
