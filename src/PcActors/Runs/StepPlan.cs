using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Protocol;

namespace PcActors.Runs;

/// <summary>What the coordinator knows of a graph: ids of leaves and root, and who acts at
/// which timestep. No functions, no edges, no values.</summary>
internal sealed class StepPlan
{
    private static readonly int[] None = [];

    private readonly LearningRule _rule;
    private readonly int[][] _activeAt;
    private readonly int[][] _learningAt;
    private readonly int[] _inferring;
    private readonly int[] _acting;
    private int[]? _all;

    private StepPlan(LearningRule rule, int[][] activeAt, int[][] learningAt, int[] inferring, int[] acting) =>
        (_rule, _activeAt, _learningAt, _inferring, _acting) = (rule, activeAt, learningAt, inferring, acting);

    /// <summary>Names by id, in topological order, for messages to people.</summary>
    public required string[] Names { get; init; }

    /// <summary>All ids.</summary>
    public IReadOnlyList<int> All => _all ??= [.. Enumerable.Range(0, Names.Length)];

    /// <summary>Data leaves.</summary>
    public required int[] DataLeaves { get; init; }

    /// <summary>Vertices that a batch has data for, in its order: data leaves and then latent vertices.</summary>
    public required int[] Clamped { get; init; }

    /// <summary>How many of them are data leaves.</summary>
    public required int ClampedLeaves { get; init; }

    /// <summary>Data leaves that it has none for: they are free.</summary>
    public required int[] Free { get; init; }

    /// <summary>Latent vertices.</summary>
    public required int[] Latents { get; init; }

    /// <summary>Parameters, trainable or not.</summary>
    public required int[] Parameters { get; init; }

    /// <summary>Parameters that report an update each step.</summary>
    public required int[] Learning { get; init; }

    /// <summary>The root.</summary>
    public required int Root { get; init; }

    /// <summary>Where the forward initialisation ends: the root, and vertices that only close cycles.</summary>
    public required int[] Ends { get; init; }

    /// <summary>Under lockstep, the last timestep of a training step and 1; the most, where inference may end
    /// earlier.</summary>
    public required int Timesteps { get; init; }

    /// <summary>The same of an inference outside training.</summary>
    public required int SettlingTimesteps { get; init; }

    /// <summary>The first timestep. With cycles it is 1: what closes one is read only then, as the forward
    /// initialisation left it.</summary>
    public required int First { get; init; }

    /// <summary>Sweeps of forward initialisation after the first, each a timestep.</summary>
    public required int FurtherSweeps { get; init; }

    /// <summary>Below this fall of the free energy, mean over the batch, inference ends; 0 for never.</summary>
    public double Tolerance => _rule.Tolerance;

    /// <summary>Whether parameters learn once inference has ended: at a timestep of its own.</summary>
    public bool LearnsLast => !_rule.LearnsAtLevel && !_rule.LearnsEveryTimestep;

    /// <summary>Under lockstep, what time t is for.</summary>
    /// <param name="time">t.</param>
    /// <param name="isSettled">Whether inference has ended before its last timestep.</param>
    /// <param name="learns">Whether parameters learn in this step.</param>
    public TimestepPurpose PurposeOf(int time, bool isSettled, bool learns)
    {
        if (time < First + FurtherSweeps) return TimestepPurpose.Initialise;
        var learning = learns ? TimestepPurpose.Learn : TimestepPurpose.None;
        var last = (learns ? Timesteps : SettlingTimesteps) - 1;
        if (isSettled || (LearnsLast && time == last)) return LearnsLast ? learning : TimestepPurpose.None;
        return LearnsLast ? TimestepPurpose.Infer : TimestepPurpose.Infer | learning;
    }

    /// <summary>Under lockstep, the vertices that act at time t.</summary>
    public int[] ActiveAt(int time, TimestepPurpose purpose) =>
        _rule.RestsBehindWave ? _activeAt[time]
        : (purpose & TimestepPurpose.Learn) != 0 ? _acting
        : _inferring;

    /// <summary>Under lockstep, the parameters that learn from the errors sent at time t.</summary>
    public int[] LearningAt(int time, TimestepPurpose purpose) =>
        (purpose & TimestepPurpose.Learn) == 0 ? None
        : _rule.LearnsAtLevel ? time < _learningAt.Length ? _learningAt[time] : None
        : Learning;

    /// <summary>The first few of some vertices by name, for a person.</summary>
    public string Name(IEnumerable<int> vertices)
    {
        var ids = vertices.Order().ToList();
        return string.Join(", ", ids.Take(3).Select(id => $"'{Names[id]}'"))
            + (ids.Count > 3 ? $" and {ids.Count - 3} more" : "");
    }

    /// <summary>The plan of a graph under a rule and a clock.</summary>
    public static StepPlan Of<T>(Graph<T> graph, VertexOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rule = options.Rule;
        int[] learning = [.. graph.Parameters.Where(v => graph.RequiresError(v.Id)).Select(v => v.Id)];
        int[] reached = [
            .. graph.Vertices.Where(v => v.Kind == VertexKind.Function && graph.RequiresError(v.Id)).Select(v => v.Id)];
        // Under lockstep an error sent at time t acts at t + 1: on a parameter at its
        // level, or after the last timestep.
        var levels = learning.Length == 0 ? 0 : learning.Max(graph.Level);
        var (first, further) = graph.HasCycles ? (1, options.Sweeps - 1) : (0, 0);
        var (byLevel, learningByLevel) = (reached.ToLookup(graph.Level), learning.ToLookup(graph.Level));
        // Under lockstep, the timesteps of T steps of inference.
        int TimestepsOf(int steps) => options.Clock == Clock.Wavefront ? 0
            : rule.LearnsAtLevel ? levels
            : first + further + steps + (rule.LearnsEveryTimestep ? 0 : 1);
        var clamped = ClampedVertices.Of(graph, options.Clamped);
        return new StepPlan(
            rule,
            rule.RestsBehindWave ? [.. Enumerable.Range(0, levels).Select(t => byLevel[t].ToArray())] : [],
            [.. Enumerable.Range(0, levels).Select(t => learningByLevel[t + 1].ToArray())],
            [.. graph.Vertices.Where(v => Acts(graph, rule, v, learns: false)).Select(v => v.Id)],
            [.. graph.Vertices.Where(v => Acts(graph, rule, v, learns: true)).Select(v => v.Id)])
        {
            Names = [.. graph.Vertices.Select(v => v.Name)],
            DataLeaves = [.. graph.DataLeaves.Select(v => v.Id)],
            Clamped = [.. clamped.Select(v => v.Id)],
            ClampedLeaves = clamped.Count(v => v.Kind == VertexKind.Data),
            Free = [.. graph.DataLeaves.Select(v => v.Id).Except(clamped.Select(v => v.Id))],
            Latents = [.. graph.Vertices.Where(v => v.IsLatent).Select(v => v.Id)],
            Parameters = [.. graph.Parameters.Select(v => v.Id)],
            Learning = learning,
            Root = graph.RootId,
            Ends = [.. graph.Vertices.Where(v => v.Function is not null
                && graph.Consumers(v.Id).All(e => e.IsRecurrent)).Select(v => v.Id)],
            First = first,
            FurtherSweeps = further,
            Timesteps = TimestepsOf(options.InferenceSteps),
            SettlingTimesteps = TimestepsOf(options.SettlingSteps ?? options.InferenceSteps),
        };
    }

    /// <summary>Whether a vertex has a part in a timestep: it holds or passes on what moves, or errors that somebody
    /// needs.</summary>
    private static bool Acts<T>(Graph<T> graph, LearningRule rule, Vertex<T> vertex, bool learns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => vertex.Kind switch
        {
            VertexKind.Data => vertex.IsFree && graph.RequiresError(vertex.Id),
            VertexKind.Function => graph.Moves(vertex.Id) || graph.Infers(vertex.Id) || vertex.Id == graph.RootId
                || ((learns || rule.LearnsEveryTimestep) && graph.RequiresError(vertex.Id)),
            _ => false,
        };
}
