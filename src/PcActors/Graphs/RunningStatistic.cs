using System.Numerics;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Graphs;

/// <summary>A parameter that is a running statistic: each training step moves it towards the statistic of the batch, to
/// momentum times itself plus 1 - momentum times the mean of what its sources send.</summary>
/// <param name="Momentum">What is kept of it at a step.</param>
/// <param name="Sources">How many vertices send it a statistic, for each micro-batch; what is read through identities
/// arrives as their sum.</param>
public readonly record struct RunningStatistic(double Momentum, int Sources)
{
    /// <summary>momentum running + (1 - momentum) sum / count, as ONNX's BatchNormalization has it for a count of
    /// 1.</summary>
    internal void Move<T>(ReadOnlySpan<T> running, ReadOnlySpan<T> sum, int count, Span<T> next)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < next.Length; i++)
        {
            var statistic = Precision.Widen(sum[i]) / count;
            next[i] = Precision.Narrow<T>(
                double.FusedMultiplyAdd(Precision.Widen(running[i]), Momentum, statistic * (1 - Momentum)));
        }
    }

    /// <summary>The running statistics of a graph, by vertex: parameters that do not learn, of which nothing else is
    /// read, and the identities through which they are read.</summary>
    internal static Dictionary<int, RunningStatistic> Of<T>(
        IReadOnlyList<Vertex<T>> vertices, EdgeGroups inputs, EdgeGroups consumers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var found = new Dictionary<int, RunningStatistic>();
        for (var id = vertices.Count - 1; id >= 0; id--)
        {
            var (vertex, edges) = (vertices[id], consumers[id]);
            var canBe = vertex.Kind == VertexKind.Parameter ? !vertex.Trainable
                : vertex.Function?.OperatorType is "Identity" or "Sum" && inputs[id].Count == 1 && !vertex.IsLatent;
            if (!canBe || edges.Count == 0) continue;
            var sources = 0;
            double? momentum = null;
            foreach (var edge in edges)
            {
                var read = edge.IsRecurrent ? null
                    : vertices[edge.To].Function!.RunningMomentum(edge.Slot) is { } own
                        ? new RunningStatistic(own, 1)
                    : found.TryGetValue(edge.To, out var further) ? further : (RunningStatistic?)null;
                if (read is null || (momentum ?? read.Value.Momentum) != read.Value.Momentum)
                {
                    sources = 0;
                    break;
                }
                (momentum, sources) = (read.Value.Momentum, sources + read.Value.Sources);
            }
            if (sources > 0) found[id] = new RunningStatistic(momentum!.Value, sources);
        }
        return found;
    }
}
