using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;

namespace PcActors.Runs;

/// <summary>What the coordinator knows of a graph: ids of leaves and root, and who acts at
/// which timestep. No functions, no edges, no values.</summary>
internal sealed class StepPlan
{
    private static readonly int[] None = [];

    private readonly int[][] _activeAt = [];
    private readonly int[][] _learningAt = [];
    private int[]? _all;

    private StepPlan(int[][] activeAt, int[][] learningAt) => (_activeAt, _learningAt) = (activeAt, learningAt);

    /// <summary>Names by id, in topological order, for messages to people.</summary>
    public required string[] Names { get; init; }

    /// <summary>All ids.</summary>
    public IReadOnlyList<int> All => _all ??= [.. Enumerable.Range(0, Names.Length)];

    /// <summary>Data leaves.</summary>
    public required int[] DataLeaves { get; init; }

    /// <summary>Parameters, trainable or not.</summary>
    public required int[] Parameters { get; init; }

    /// <summary>Parameters that report an update each step.</summary>
    public required int[] Learning { get; init; }

    /// <summary>The root.</summary>
    public required int Root { get; init; }

    /// <summary>Under lockstep, the number of timesteps, t = 0 included.</summary>
    public int Timesteps => _activeAt.Length;

    /// <summary>Under lockstep, the vertices that act at time t.</summary>
    public int[] ActiveAt(int time) => _activeAt[time];

    /// <summary>Under lockstep, the parameters that learn from the errors sent at time t.</summary>
    public int[] LearningAt(int time) => time < _learningAt.Length ? _learningAt[time] : None;

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
        int[] learning = [.. graph.Parameters.Where(v => graph.RequiresError(v.Id)).Select(v => v.Id)];
        int[] moving = [
            .. graph.Vertices.Where(v => v.Kind == VertexKind.Function && graph.RequiresError(v.Id)).Select(v => v.Id)];
        var (active, learningAt) = options.Clock == Clock.Lockstep
            ? Timetable(graph, options, learning, moving)
            : ([], []);
        return new StepPlan(active, learningAt)
        {
            Names = [.. graph.Vertices.Select(v => v.Name)],
            DataLeaves = [.. graph.DataLeaves.Select(v => v.Id)],
            Parameters = [.. graph.Parameters.Select(v => v.Id)],
            Learning = learning,
            Root = graph.RootId,
        };
    }

    private static (int[][] Active, int[][] LearningAt) Timetable<T>(
        Graph<T> graph, VertexOptions options, int[] learning, int[] moving)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // An error sent at time t acts at t + 1: on a parameter at its level, or after the last timestep.
        var steps = options.Rule.LearnsAtLevel ? learning.Max(graph.Level) : options.InferenceSteps + 1;
        var active = new int[steps][];
        var learningAt = new int[steps][];
        var movingByLevel = moving.ToLookup(graph.Level);
        var learningByLevel = learning.ToLookup(graph.Level);
        for (var time = 0; time < steps; time++)
        {
            active[time] = options.Rule.RestsBehindWave ? [.. movingByLevel[time]] : moving;
            learningAt[time] = options.Rule.LearnsAtLevel ? [.. learningByLevel[time + 1]]
                : time == steps - 1 ? learning
                : None;
        }
        return (active, learningAt);
    }
}
