using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Runs;

namespace PcActors.Cluster.Wire;

/// <summary>A run, as its client describes it to the coordinator.</summary>
internal static class RunWire<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<RunTerms, Schema.RunTerms>("run", Schema.RunTerms.Parser, Write, Read),
        WireEntry.Of<RunVertex<T>, Schema.RunVertex>("run-vertex", Schema.RunVertex.Parser, Write, Read),
    ];

    private static Schema.RunTerms Write(RunTerms terms) => new()
    {
        Model = terms.Model,
        Options = OptionsWire.Write(new RunOptions(terms.Options, terms.Trace)),
        StepTimeoutSeconds = terms.Retries.Timeout.TotalSeconds,
        MaxRetries = terms.Retries.MaxRetries,
        Nodes = terms.Nodes,
        MinNodes = terms.MinNodes,
        PatienceSeconds = terms.Patience.TotalSeconds,
        Version = terms.Version,
        Vertices = terms.Vertices,
        Step = terms.Step,
        HasBegun = terms.HasBegun,
    };

    private static RunTerms Read(Schema.RunTerms written)
    {
        if (written.Options is null) throw new WireException("a run without options");
        if (written.Vertices < 1 || written.Nodes < 1 || written.MinNodes < 1 || written.Step < 0 || written.MaxRetries < 0)
            throw new WireException($"there is no run of {written.Vertices} vertices on {written.Nodes} nodes from step {written.Step}");
        var options = OptionsWire.Read(written.Options);
        return new(
            written.Model,
            options.Options,
            new RetryPolicy(Seconds(written.StepTimeoutSeconds), written.MaxRetries),
            written.Nodes,
            written.MinNodes,
            Seconds(written.PatienceSeconds),
            written.Version,
            written.Vertices,
            written.Step,
            written.HasBegun,
            options.Trace);
    }

    private static TimeSpan Seconds(double seconds) =>
        seconds > 0 ? TimeSpan.FromSeconds(seconds) : throw new WireException($"{seconds} s are no time to wait");

    private static Schema.RunVertex Write(RunVertex<T> planned)
    {
        var vertex = planned.Vertex;
        var written = new Schema.RunVertex
        {
            Id = vertex.Id,
            Name = vertex.Name,
            Kind = (int)vertex.Kind,
            OperatorType = vertex.Function?.OperatorType ?? "",
            Trainable = vertex.Trainable,
            IsLevellingIdentity = vertex.IsLevellingIdentity,
            Parameter = planned.State is { } state ? ReportWire<T>.Write(state) : null,
        };
        TensorWire.Write(vertex.Shape, written.Dimensions);
        if (vertex.Function is { } function) AttributeWire.Write(function.Attributes, written.Attributes);
        foreach (var edge in planned.Inputs) written.Inputs.Add(new Schema.RunEdge { Number = edge.Number, From = edge.From });
        return written;
    }

    private static RunVertex<T> Read(Schema.RunVertex written)
    {
        var kind = (VertexKind)written.Kind;
        if (!Enum.IsDefined(kind)) throw new WireException($"the vertex '{written.Name}' is of kind {written.Kind}, which is none");
        var shape = TensorWire.Read(written.Dimensions);
        var state = kind == VertexKind.Parameter ? ReportWire<T>.Read(written.Parameter) : null;
        if (state is not null && !state.Value.Shape.Equals(shape))
            throw new WireException($"the parameter '{written.Name}' has a value of shape {state.Value.Shape}; {shape} is wanted");
        var vertex = new Vertex<T>
        {
            Id = written.Id,
            Name = written.Name,
            Kind = kind,
            Shape = shape,
            Function = kind == VertexKind.Function
                ? OperatorCatalogue.Create<T>(written.OperatorType, AttributeWire.Read(written.Attributes))
                : null,
            Initial = state?.Value,
            Trainable = written.Trainable,
            IsLevellingIdentity = written.IsLevellingIdentity,
        };
        return new(vertex, [.. written.Inputs.Select((edge, slot) => new Edge(edge.Number, edge.From, written.Id, slot))], state);
    }
}
