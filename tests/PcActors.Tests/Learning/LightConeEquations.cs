using PcActors.Graphs;

namespace PcActors.Tests.Learning;

/// <summary>Which values and errors a disturbed value can change, from the equations of inference
/// alone: each of x(t) and eps(t) is a quantity, and depends on those that stand on the right-hand
/// side of its equation.</summary>
internal static class LightConeEquations
{
    /// <summary>Which vertices' x or eps depend on the disturbed x, k timesteps later.</summary>
    public static HashSet<int>[] Cone<T>(Graph<T> graph, int disturbed, int timesteps)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var vertices = graph.Vertices.Where(v => v.Kind == VertexKind.Function && graph.RequiresError(v.Id))
            .Select(v => v.Id).ToList();
        var (x, cone) = (new HashSet<int> { disturbed }, new HashSet<int>[timesteps + 1]);
        for (var k = 0; k <= timesteps; k++)
        {
            // eps_i(t) = mu_i(x of the inputs at t) - x_i(t)
            var now = x;
            var eps = vertices.Where(i => now.Contains(i) || graph.Inputs(i).Any(e => now.Contains(e.From)))
                .ToHashSet();
            cone[k] = [.. now, .. eps];
            // x_i(t+1) = x_i(t) + gamma (eps_i(t) - sum over consumers j of J_ji(x of j's inputs at t)^T
            // eps_j(t)); the root's x is no quantity.
            x = [
                .. vertices.Where(
                    i => i != graph.RootId && (now.Contains(i) || eps.Contains(i) || graph.Consumers(i).Any(e =>
                graph.CarriesError(e)
                    && (eps.Contains(e.To) || graph.Inputs(e.To).Any(other => now.Contains(other.From))))))];
        }
        return cone;
    }

    /// <summary>Hops between two vertices by relaxation; <see cref="int.MaxValue"/> where
    /// they are not connected.</summary>
    public static int[] Hops<T>(Graph<T> graph, int from)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var hops = new int[graph.Vertices.Count];
        hops.AsSpan().Fill(int.MaxValue);
        hops[from] = 0;
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var edge in graph.Edges.Where(e => IsMoving(graph, e.From) && IsMoving(graph, e.To)))
            {
                var (a, b) = (hops[edge.From], hops[edge.To]);
                if (a < int.MaxValue && a + 1 < b) (hops[edge.To], changed) = (a + 1, true);
                if (b < int.MaxValue && b + 1 < a) (hops[edge.From], changed) = (b + 1, true);
            }
        }
        return hops;
    }

    private static bool IsMoving<T>(Graph<T> graph, int vertex)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        graph.Vertices[vertex].Kind == VertexKind.Function && graph.RequiresError(vertex);
}
