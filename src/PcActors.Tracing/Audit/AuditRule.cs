using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit;

/// <summary>What of the learning rule decides which messages there are.</summary>
/// <param name="RestsBehindWave">Whether a vertex acts only when the wave passes it.</param>
/// <param name="LearnsAtLevel">Whether a parameter learns from the errors of its level's time.</param>
/// <param name="LearnsEveryTimestep">Whether it learns at every timestep.</param>
/// <param name="Sweeps">Whether values are swept forward at each timestep, rather than held.</param>
/// <param name="KeepsFactors">Whether errors to parameters may travel factored.</param>
/// <param name="IsLockstep">Whether the coordinator says when a timestep has come.</param>
/// <param name="Timesteps">Under the full dynamics, the last timestep that there may be in training and 1; otherwise
/// 0.</param>
/// <param name="SettlingTimesteps">The same of an inference outside training.</param>
internal sealed record AuditRule(
    bool RestsBehindWave, bool LearnsAtLevel, bool LearnsEveryTimestep, bool Sweeps, bool KeepsFactors,
    bool IsLockstep, int Timesteps, int SettlingTimesteps)
{
    /// <summary>What a header says of it.</summary>
    public static AuditRule Of(TraceHeader header, AuditGraph graph)
    {
        var (rule, options) = (header.Rule, header.VertexOptions);
        var learning = Enumerable.Range(0, graph.Vertices.Count).Where(graph.Learns).Select(v => graph.Levels[v]);
        int TimestepsOf(int steps) => rule.RestsBehindWave ? 0
            : rule.LearnsAtLevel ? learning.DefaultIfEmpty(0).Max()
            : (graph.HasCycles ? options.Sweeps : 0) + steps + (rule.LearnsEveryTimestep ? 0 : 1);
        return new AuditRule(rule.RestsBehindWave, rule.LearnsAtLevel, rule.LearnsEveryTimestep, rule.Sweeps,
            rule.KeepsFactors, header.Clock == Clock.Lockstep, TimestepsOf(options.InferenceSteps),
            TimestepsOf(options.SettlingSteps ?? options.InferenceSteps));
    }
}

/// <summary>What the coordinator said that each timestep of an attempt is for.</summary>
/// <param name="most">Timesteps that there may be.</param>
/// <param name="microBatches">Micro-batches.</param>
/// <param name="infers">Whether vertices are clamped by hand.</param>
internal sealed class Timetable(int most, int microBatches, bool infers)
{
    private readonly TimestepPurpose?[] _purposes = new TimestepPurpose?[most];

    /// <summary>The last timestep and 1; 0 before the first.</summary>
    public int Timesteps { get; private set; }

    /// <summary>Micro-batches.</summary>
    public int MicroBatches => microBatches;

    /// <summary>Whether vertices are clamped by hand.</summary>
    public bool Infers => infers;

    /// <summary>Null when nothing was said.</summary>
    public TimestepPurpose? this[int time] => (uint)time < (uint)_purposes.Length ? _purposes[time] : null;

    /// <summary>Takes what was said to one vertex.</summary>
    /// <returns>Whether the same was said to those before.</returns>
    public bool Add(int time, TimestepPurpose purpose)
    {
        if ((uint)time >= (uint)_purposes.Length) return true;
        _purposes[time] ??= purpose;
        Timesteps = Math.Max(Timesteps, time + 1);
        return _purposes[time] == purpose;
    }
}

/// <summary>How many messages must pass between vertices, in closed form, from a trace's header alone; where inference
/// may end earlier, the most. The formula is <see cref="MessageForecast"/>'s, taken from the edges anew.</summary>
internal static class TraceForecast
{
    /// <summary>The forecast for the graph that a header describes.</summary>
    /// <exception cref="ArgumentException">The header describes no graph.</exception>
    public static MessageForecast Of(TraceHeader header)
    {
        var graph = new AuditGraph(header);
        var rule = AuditRule.Of(header, graph);
        var (values, errors) = DueMessages.AtRest(graph, header.MicroBatches);
        if (rule.RestsBehindWave) return new MessageForecast(values, errors, values);
        var table = new Timetable(rule.Timesteps, header.MicroBatches, infers: false);
        var learnsLast = !rule.LearnsAtLevel && !rule.LearnsEveryTimestep;
        var first = graph.HasCycles ? header.Sweeps : 0;
        for (var time = graph.HasCycles ? 1 : 0; time < rule.Timesteps; time++)
        {
            table.Add(time, time < first ? TimestepPurpose.Initialise
                : !learnsLast ? TimestepPurpose.InferAndLearn
                : time < rule.Timesteps - 1 ? TimestepPurpose.Infer
                : TimestepPurpose.Learn);
        }
        var (allValues, allErrors) = new DueMessages(graph, rule, table).Count();
        return new MessageForecast(allValues, allErrors, values);
    }
}
