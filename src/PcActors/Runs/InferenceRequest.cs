using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Runs;

/// <summary>Makes of clamps by name, for the whole batch, what the coordinator sends, and refuses what cannot
/// be.</summary>
internal static class InferenceRequest
{
    /// <summary>The job.</summary>
    /// <exception cref="ArgumentException">A clamp does not fit, or is of a vertex that cannot be clamped; or the rule
    /// does not infer.</exception>
    /// <exception cref="GraphException">There is no vertex of a name.</exception>
    public static InferenceJob<T> JobOf<T>(
        NetworkPlan<T> plan, IReadOnlyDictionary<string, Clamp<T>> clamps, IReadOnlyList<string> reads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (graph, rule) = (plan.Graph, plan.Options.Rule);
        if (plan.Options.Where is Reference || rule.LearnsAtLevel)
            throw new ArgumentException(
                $"under the rule '{rule.Name}' values do not settle; clamps need il, ipc, epc, pc-alm or langevin");
        foreach (var leaf in graph.DataLeaves.Where(v => !v.IsFree))
        {
            if (clamps.GetValueOrDefault(leaf.Name)?.Value is null)
                throw new ArgumentException(
                    $"the data leaf '{leaf.Name}' is neither clamped nor free; clamp it, or make it free");
        }
        var byId = clamps.ToDictionary(c => graph.Find(c.Key).Id, c => Parts(plan, graph.Find(c.Key), c.Value));
        return new InferenceJob<T>(byId, [.. reads.Select(name => graph.Find(name).Id).Distinct()], SizeOf(plan));
    }

    /// <summary>Refuses a vertex that has no value of its own.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static void RequireHeld<T>(Vertex<T> vertex, bool isRoot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (isRoot || vertex.IsLatent || vertex.Kind == VertexKind.Data) return;
        throw new ArgumentException(vertex.Kind == VertexKind.Parameter
            ? $"the vertex '{vertex.Name}' is a parameter; what is clamped is a data leaf, a latent vertex or the root"
            : $"the vertex '{vertex.Name}' is direct: it is its prediction at every moment and has no value to be "
                + "clamped; make it latent");
    }

    private static int SizeOf<T>(NetworkPlan<T> plan)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        plan.Options.Loss.TargetShape(plan.Graph.Root.Shape)[0] * plan.Options.MicroBatches;

    private static Clamp<T>[] Parts<T>(NetworkPlan<T> plan, Vertex<T> vertex, Clamp<T> clamp)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var isRoot = vertex.Id == plan.Graph.RootId;
        RequireHeld(vertex, isRoot);
        if (vertex is { Kind: VertexKind.Data, IsFree: false } && clamp.Mask is not null)
            throw new ArgumentException($"the data leaf '{vertex.Name}' has a mask, but is not free; make it free");
        var shape = isRoot ? plan.Options.Loss.TargetShape(vertex.Shape) : vertex.Shape;
        if (isRoot && clamp.Mask is not null && !shape.Equals(vertex.Shape))
            throw new ArgumentException(
                $"the root '{vertex.Name}' has a mask, which {plan.Options.Loss.Name} knows no meaning of: its "
                + $"target is no "
                + "array of the prediction's shape");
        return
        [
            .. Enumerable.Range(0, plan.Options.MicroBatches).Select(m => new Clamp<T>(
                Part(clamp.Value, "clamp", m), Part(clamp.Mask, "mask", m))),
        ];

        Tensor<T>? Part(Tensor<T>? whole, string what, int micro)
        {
            if (whole is null) return null;
            var micros = plan.Options.MicroBatches;
            var wanted = micros == 1 ? shape : shape.With(0, shape[0] * micros);
            if (!whole.Shape.Equals(wanted))
                throw new ArgumentException(
                    $"the {what} of '{vertex.Name}' has the shape {whole.Shape}; {wanted} is wanted");
            return micros == 1 ? whole : whole.Rows(micro * shape[0], shape[0]);
        }
    }
}
