using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Vertices;

namespace PcActors.Cluster.Placing;

/// <summary>What a vertex has to do for one micro-batch, in floating-point operations or what takes as long.</summary>
/// <remarks>A product that travels factored is the work of whoever carries it out.</remarks>
/// <param name="Forward">Its prediction.</param>
/// <param name="Backward">Its pull-backs; of a parameter, the products that are left to it.</param>
/// <param name="Times">How often it does that in a training step.</param>
/// <param name="Once">What it does once a step: its update, and everything that messages cost.</param>
internal readonly record struct VertexWork(double Forward, double Backward, long Times, double Once)
{
    // A message takes about as long as a thousand operations.
    private const double PerMessage = 1_000;

    // An optimizer reads and writes memory for each of its few operations.
    private const double PerUpdatedElement = 10;

    /// <summary>In a training step.</summary>
    public double Total => ((Forward + Backward) * Times) + Once;

    /// <summary>The work of every vertex, by id.</summary>
    public static VertexWork[] Of<T>(Graph<T> graph, VertexOptions options, ErrorForm[][] forms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var microBatches = options.MicroBatches;
        var counts = new MessageForecast.Counts<T>(graph, options.Rule, microBatches, options.Sweeps);
        var work = new VertexWork[graph.Vertices.Count];
        foreach (var vertex in graph.Vertices)
        {
            var id = vertex.Id;
            var inputs = graph.Inputs(id);
            var messages = graph.Consumers(id).Sum(counts.Values) + inputs.Sum(counts.Errors);
            var times = counts.Timesteps * (graph.DependsOnData(id) || graph.RequiresError(id) ? microBatches : 1);
            if (vertex.Function is { } function)
            {
                var shapes = graph.InputShapes(id);
                var own = inputs.Where(e => graph.CarriesError(e) && forms[id][e.Slot].Terms == 0)
                    .Sum(e => function.PullBackCost(e.Slot, shapes, vertex.Shape));
                work[id] = new VertexWork(function.Cost(shapes, vertex.Shape), own + Received(graph, id, forms), times,
                    messages * PerMessage);
            }
            else
            {
                var update = vertex.Kind == VertexKind.Parameter && graph.RequiresError(id)
                    ? PerUpdatedElement * vertex.Shape.Length
                    : 0;
                work[id] = new VertexWork(0, Received(graph, id, forms), times, update + (messages * PerMessage));
            }
        }
        return work;
    }

    /// <summary>The products in the errors that come to a vertex, unless it passes them on.</summary>
    private static double Received<T>(Graph<T> graph, int vertex, ErrorForm[][] forms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (graph.Vertices[vertex].Kind == VertexKind.Function && graph.Inputs(vertex) is [var only]
            && forms[vertex][only.Slot].Terms > 0
            && ErrorForm.PassesErrors(graph, vertex))
            return 0;
        return ErrorForm.Received(graph, vertex, forms).Sum(f => (double)f.Operations);
    }
}
