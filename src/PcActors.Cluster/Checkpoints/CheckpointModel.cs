using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Google.Protobuf;
using PcActors.Cluster.Hosting;
using PcActors.Cluster.Wire;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning;

namespace PcActors.Cluster.Checkpoints;

/// <summary>Identifies what a checkpoint's parameters are parameters of.</summary>
public static class CheckpointModel
{
    /// <summary>A short text that is another one for another graph, element type, rule, loss, optimizer or number of micro-batches.
    /// The clock, and the values of parameters, are not in it.</summary>
    /// <param name="graph">The graph as it is before levelling.</param>
    /// <param name="rule">The rule; null for sequential backpropagation.</param>
    /// <param name="loss">What sets the root's error.</param>
    /// <param name="optimizer">How parameters learn.</param>
    /// <param name="microBatches">Micro-batches a step.</param>
    public static string Of<T>(Graph<T> graph, LearningRule? rule, Loss loss, Optimizer optimizer, int microBatches)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        rule ??= new LearningRule { Name = "bp" };
        Add(hash, OptionsWire.Write(new RunOptions(new VertexOptions(rule, Clock.Wavefront, loss, optimizer, microBatches, rule.InferenceSteps))));
        foreach (var vertex in graph.Vertices) Add(hash, Describe(graph, vertex));
        var digest = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        var type = Unsafe.SizeOf<T>() == sizeof(float) ? "f32" : "f64";
        return string.Create(CultureInfo.InvariantCulture, $"{digest} ({graph.Vertices.Count} vertices, {graph.Parameters.Count()} parameters, {type})");
    }

    private static Schema.DescribedVertex Describe<T>(Graph<T> graph, Vertex<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var described = new Schema.DescribedVertex
        {
            Name = vertex.Name,
            Kind = (int)vertex.Kind,
            OperatorType = vertex.Function?.OperatorType ?? "",
            IsTrainable = vertex.Trainable,
            ElementBytes = Unsafe.SizeOf<T>(),
        };
        TensorWire.Write(vertex.Shape, described.Dimensions);
        if (vertex.Function is { } function) AttributeWire.Write(function.Attributes, described.Attributes);
        foreach (var edge in graph.Inputs(vertex.Id)) described.Inputs.Add(edge.From);
        return described;
    }

    private static void Add(IncrementalHash hash, IMessage message)
    {
        // With its length before it, so that no two sequences of messages give the same bytes.
        using var stream = new MemoryStream();
        message.WriteDelimitedTo(stream);
        hash.AppendData(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
