using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning.Vertices;

namespace PcActors.Cluster.Wire;

/// <summary>A node's part of the graph: functions go by their ONNX operator types and attributes.</summary>
internal static class PlanWire<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<RunOptions, Schema.RunOptions>("options", Schema.RunOptions.Parser, OptionsWire.Write, OptionsWire.Read),
        WireEntry.Of<VertexPlan<T>, Schema.VertexPlan>("vertex", Schema.VertexPlan.Parser, Write, Read),
        WireEntry.Of<SpawnVertices, Schema.SpawnVertices>(
            "spawn", Schema.SpawnVertices.Parser, m => new() { Count = m.Count }, w => new(w.Count)),
        WireEntry.Of<VerticesSpawned, Schema.VerticesSpawned>(
            "spawned", Schema.VerticesSpawned.Parser, m => new() { Index = m.Index }, w => new(w.Index)),
        WireEntry.Of<VertexFault, Schema.VertexFault>(
            "vertex-fault", Schema.VertexFault.Parser, m => new() { Vertex = m.Vertex, Cause = m.Cause }, w => new(w.Vertex, w.Cause)),
        WireEntry.Of<NodeFault, Schema.NodeFault>(
            "node-fault", Schema.NodeFault.Parser, m => new() { Index = m.Index, Cause = m.Cause }, w => new(w.Index, w.Cause)),
    ];

    private static Schema.VertexPlan Write(VertexPlan<T> plan)
    {
        var vertex = plan.Description;
        var written = new Schema.VertexPlan
        {
            Id = vertex.Id,
            Name = vertex.Name,
            Kind = (int)vertex.Kind,
            Level = vertex.Level,
            OperatorType = vertex.Function?.OperatorType ?? "",
            RequiresError = vertex.RequiresError,
            DependsOnData = vertex.DependsOnData,
        };
        TensorWire.Write(vertex.Shape, written.Dimensions);
        if (vertex.Function is { } function) AttributeWire.Write(function.Attributes, written.Attributes);
        if (vertex.Kind == VertexKind.Parameter)
            written.Parameter = ReportWire<T>.Write(vertex.Restored ?? new ParameterSnapshot<T>(vertex.Initial!, 0, []));
        for (var i = 0; i < vertex.Inputs.Count; i++)
        {
            var input = vertex.Inputs[i];
            var edge = new Schema.InputEdge
            {
                Edge = input.Edge,
                CarriesError = input.CarriesError,
                DependsOnData = input.DependsOnData,
                Moves = input.Moves,
                Vertex = plan.Inputs[i].Vertex,
                Node = plan.Inputs[i].Node,
            };
            TensorWire.Write(input.Shape, edge.Dimensions);
            written.Inputs.Add(edge);
        }
        for (var i = 0; i < vertex.Consumers.Count; i++)
        {
            var consumer = vertex.Consumers[i];
            written.Consumers.Add(new Schema.ConsumerEdge
            {
                Edge = consumer.Edge,
                CarriesError = consumer.CarriesError,
                Vertex = plan.Consumers[i].Vertex,
                Node = plan.Consumers[i].Node,
            });
        }
        return written;
    }

    private static VertexPlan<T> Read(Schema.VertexPlan written)
    {
        var kind = (VertexKind)written.Kind;
        if (!Enum.IsDefined(kind)) throw new WireException($"the vertex '{written.Name}' is of kind {written.Kind}, which is none");
        var shape = TensorWire.Read(written.Dimensions);
        var snapshot = kind == VertexKind.Parameter ? ReportWire<T>.Read(written.Parameter) : null;
        if (snapshot is not null && !snapshot.Value.Shape.Equals(shape))
            throw new WireException($"the parameter '{written.Name}' has a value of shape {snapshot.Value.Shape}; {shape} is wanted");
        var description = new VertexDescription<T>
        {
            Id = written.Id,
            Name = written.Name,
            Kind = kind,
            Level = written.Level,
            Shape = shape,
            Function = kind == VertexKind.Function
                ? OperatorCatalogue.Create<T>(written.OperatorType, AttributeWire.Read(written.Attributes))
                : null,
            Initial = snapshot?.Value,
            Restored = snapshot is { Updates: > 0 } ? snapshot : null,
            RequiresError = written.RequiresError,
            DependsOnData = written.DependsOnData,
            Inputs =
            [
                .. written.Inputs.Select(e => new InputEdge(e.Edge, TensorWire.Read(e.Dimensions), e.CarriesError, e.DependsOnData, e.Moves)),
            ],
            Consumers = [.. written.Consumers.Select(e => new ConsumerEdge(e.Edge, e.CarriesError))],
        };
        if (description.Function is { } function) RequireFit(description, function);
        return new VertexPlan<T>(
            description, [.. written.Inputs.Select(e => new Place(e.Vertex, e.Node))], [.. written.Consumers.Select(e => new Place(e.Vertex, e.Node))]);
    }

    private static void RequireFit(VertexDescription<T> vertex, ElementaryFunction<T> function)
    {
        var inferred = function.InferShape([.. vertex.Inputs.Select(i => i.Shape)]);
        if (!inferred.Equals(vertex.Shape)) throw new WireException($"the vertex '{vertex.Name}' should be {vertex.Shape} and predicts {inferred}");
    }
}
