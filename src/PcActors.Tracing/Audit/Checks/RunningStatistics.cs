using PcActors.Graphs;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>What the edges and the operators say of running statistics: parameters that do not learn, of which nothing
/// is read but as a running statistic of batch normalisation in training, be it through identities.</summary>
internal sealed class RunningStatistics
{
    // X, scale and B come before mean and variance.
    private const int FirstStatistic = 3;
    private const double DefaultMomentum = 0.9;

    private readonly AuditGraph _graph;
    private readonly RunningStatistic?[] _found;

    /// <summary>Of all vertices.</summary>
    public RunningStatistics(AuditGraph graph)
    {
        (_graph, _found) = (graph, new RunningStatistic?[graph.Vertices.Count]);
        // Consumers come first.
        foreach (var v in Enumerable.Range(0, _found.Length).OrderBy(v => graph.Levels[v])) _found[v] = Of(v);
    }

    /// <summary>Of a vertex; null when it is none, and leads to none.</summary>
    public RunningStatistic? this[int vertex] => _found[vertex];

    private RunningStatistic? Of(int v)
    {
        var vertex = _graph.Vertices[v];
        var canBe = vertex.Kind == VertexKind.Parameter ? !vertex.Trainable
            : vertex is { Operator: "Identity" or "Sum", IsLatent: false } && _graph.Inputs(v).Length == 1;
        if (!canBe) return null;
        RunningStatistic? all = null;
        foreach (var e in _graph.Consumers(v))
        {
            if (Read(e) is not { } read || (all is { } other && other.Momentum != read.Momentum)) return null;
            all = read with { Sources = read.Sources + (all?.Sources ?? 0) };
        }
        return all;
    }

    private RunningStatistic? Read(int e)
    {
        var edge = _graph.Edges[e];
        var consumer = _graph.Vertices[edge.To];
        if (edge.IsRecurrent) return null;
        return consumer.Operator == "BatchNormalization" && edge.Slot >= FirstStatistic
            && consumer.Attributes.Flag("training_mode", false)
            ? new RunningStatistic(consumer.Attributes.Float("momentum", DefaultMomentum), 1) : _found[edge.To];
    }
}
