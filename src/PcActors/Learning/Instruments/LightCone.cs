using System.Numerics;
using System.Runtime.InteropServices;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Learning.Instruments;

/// <summary>How far a disturbance of one value gets in how much time: two runs of inference that
/// differ in it alone, compared bit by bit.</summary>
/// <remarks>
/// <para>An instrument, no part of a network that learns. It runs the full dynamics: under Z-IL,
/// too, vertices do not rest behind the wave.</para>
/// <para>In one timestep it goes two hops at most, one along an edge and then one against an edge.
/// The value of vertex i at time t is read at t by its consumers, whose errors at t it changes: a hop along an edge.
/// Errors of t are pulled back and act on values at t + 1: a hop against an edge, to every input of those consumers;
/// and each vertex's own error moves its own value at t + 1. So k timesteps after the disturbance values can differ
/// within 2k hops, either way along edges, and errors within 2k + 1. A hop along an edge and the hop against one that
/// follows it share a timestep; every other hop takes one. So a path that leads only towards the inputs, or only
/// towards the root, takes a timestep a hop; towards the root, errors are one hop ahead of values.</para>
/// </remarks>
public sealed class LightCone
{
    /// <summary>How many latent vertices a message names.</summary>
    private const int Named = 5;

    private LightCone(string vertex, IReadOnlyList<LightConeStep> steps) => (Vertex, Steps) = (vertex, steps);

    /// <summary>The vertex whose value is disturbed.</summary>
    public string Vertex { get; }

    /// <summary>What differs after k timesteps, from k = 0.</summary>
    public IReadOnlyList<LightConeStep> Steps { get; }

    /// <summary>Whether nothing outside the cone differs in any bit, at any time.</summary>
    public bool IsContained => Steps.All(s => s.Outside.Count == 0);

    /// <summary>Runs the inference of one step with and without a disturbance.</summary>
    /// <param name="graph">The graph, which is levelled here where the rule asks for it.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="loss">Sets the root's error.</param>
    /// <param name="batch">Inputs and target, of one micro-batch.</param>
    /// <param name="vertex">The name of a vertex whose value inference moves.</param>
    /// <param name="time">The timestep at which the value is disturbed: after it has moved, before
    /// its consumers read it.</param>
    /// <param name="amount">The standard deviation of what is added to the value's elements; they get
    /// different amounts, because some functions, such as Softmax, do not heed what is added to all alike.</param>
    /// <param name="latents">Which vertices are latent; null as for a network.</param>
    /// <exception cref="GraphException">There is no such vertex, or inference does not move its value.</exception>
    /// <exception cref="ArgumentException">The batch has several micro-batches.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Inference has no such timestep.</exception>
    public static LightCone Trace<T>(
        Graph<T> graph, LearningRule rule, Loss loss, Batch<T> batch, string vertex, int time = 0,
        double amount = 0.125, Latents? latents = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        rule = rule with { RestsBehindWave = false };
        graph = rule.RunGraphOf(graph, latents: latents);
        var end = rule.StepsOn(graph.Depth);
        ArgumentOutOfRangeException.ThrowIfNegative(time);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, end);
        var source = MovedVertex(graph, vertex);
        var (plain, disturbed) = (new InferenceRun<T>(graph, rule, loss, batch),
            new InferenceRun<T>(graph, rule, loss, batch));
        for (var t = 0; t < time; t++)
        {
            plain.Advance(t);
            disturbed.Advance(t);
        }
        var amounts = new T[graph.Vertices[source].Shape.Length];
        var random = new SeededRandom(0, "disturbance");
        foreach (ref var element in amounts.AsSpan()) element = T.CreateChecked(amount * random.NextGaussian());
        var reach = new ConeReach<T>(graph, source, rule.Sweeps);
        var steps = new List<LightConeStep>();
        for (var t = time; t <= end; t++)
        {
            plain.Advance(t);
            disturbed.Advance(t, t == time ? () => disturbed.Displace(source, amounts) : null);
            if (t > time) reach.Advance();
            steps.Add(Compare(graph, t - time, plain, disturbed, reach));
        }
        return new LightCone(vertex, steps);
    }

    private static int MovedVertex<T>(Graph<T> graph, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var vertex = graph.Find(name);
        if (InferenceRun<T>.Acts(graph, vertex.Id) && vertex.Id != graph.RootId && vertex.IsLatent) return vertex.Id;
        var why = vertex.Kind != VertexKind.Function ? "is a leaf"
            : vertex.Id == graph.RootId ? "is the root, whose error the loss sets"
            : graph.RequiresError(vertex.Id) ? $"is direct, and holds none; {Latents(graph)}"
            : "needs no error";
        throw new GraphException($"inference does not move the value of the vertex '{name}': it {why}", name);
    }

    private static string Latents<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var held = graph.Vertices.Where(v => v.IsLatent && v.Id != graph.RootId).Select(v => $"'{v.Name}'").ToList();
        if (held.Count == 0) return "no vertex is latent";
        var rest = held.Count > Named ? $" and {held.Count - Named} more" : "";
        return $"latent are {string.Join(", ", held.Take(Named))}{rest}";
    }

    private static LightConeStep Compare<T>(
        Graph<T> graph, int timesteps, InferenceRun<T> plain, InferenceRun<T> disturbed, ConeReach<T> reach)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var farthest = Enumerable.Range(0, graph.Vertices.Count).Where(reach.Includes).Max(v => reach.Distances[v]);
        var (differing, reachable) = (new int[farthest + 1], new int[farthest + 1]);
        var outside = new List<string>();
        for (var id = 0; id < graph.Vertices.Count; id++)
        {
            if (!InferenceRun<T>.Acts(graph, id)) continue;
            var isSame = AreSame(plain.Held(id), disturbed.Held(id))
                && AreSame(plain.Error(id), disturbed.Error(id));
            if (!reach.Includes(id))
            {
                if (!isSame) outside.Add(graph.Vertices[id].Name);
                continue;
            }
            reachable[reach.Distances[id]]++;
            if (!isSame) differing[reach.Distances[id]]++;
        }
        return new LightConeStep(timesteps, differing, reachable, outside)
        {
            DistanceLimit = reach.IsHopwise ? (2 * timesteps) + 1 : farthest,
        };
    }

    private static bool AreSame<T>(Tensor<T> a, Tensor<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        MemoryMarshal.AsBytes(a.Span).SequenceEqual(MemoryMarshal.AsBytes(b.Span));
}

/// <summary>What differs some timesteps after a value was disturbed.</summary>
/// <param name="Timesteps">k, from the disturbance.</param>
/// <param name="DifferingAt">By distance in edges from the disturbed vertex: how many vertices' value or
/// error differs in any bit.</param>
/// <param name="ReachableAt">By distance: how many vertices' value or error can differ, by
/// the graph's edges alone.</param>
/// <param name="Outside">Names of vertices that differ and cannot: there are none.</param>
public sealed record LightConeStep(
    int Timesteps, IReadOnlyList<int> DifferingAt, IReadOnlyList<int> ReachableAt, IReadOnlyList<string> Outside)
{
    /// <summary>How many vertices differ.</summary>
    public int Differing => DifferingAt.Sum() + Outside.Count;

    /// <summary>How many vertices can differ.</summary>
    public int Reachable => ReachableAt.Sum();

    /// <summary>The largest distance, in edges, at which a vertex differs.</summary>
    public int LargestDistance =>
        DifferingAt.Select((count, distance) => count > 0 ? distance : 0).DefaultIfEmpty(0).Max();

    /// <summary>The largest distance that anything can have reached in this time: where every
    /// vertex holds its value 2k + 1 on any graph, and where some are direct the farthest reachable one.</summary>
    public int DistanceLimit { get; init; } = (2 * Timesteps) + 1;
}
