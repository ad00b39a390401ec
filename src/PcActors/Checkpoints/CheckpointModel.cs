using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;

namespace PcActors.Checkpoints;

/// <summary>Identifies what a checkpoint's parameters are parameters of.</summary>
public static class CheckpointModel
{
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>A short text that is another one for another graph, element type, rule, loss, optimizer,
    /// schedule or number of micro-batches. The clock, and the values of parameters, are not in it.</summary>
    /// <param name="graph">The graph as it is before levelling.</param>
    /// <param name="rule">The rule; null for sequential backpropagation.</param>
    /// <param name="loss">What sets the root's error.</param>
    /// <param name="optimizer">How parameters learn.</param>
    /// <param name="microBatches">Micro-batches a step.</param>
    /// <param name="schedule">How the learning rate changes; null when it stays.</param>
    /// <param name="coding">Of a rule whose values settle: which vertices are latent and
    /// free, their energies and rates, and the sweeps; null where they rest.</param>
    public static string Of<T>(
        Graph<T> graph, LearningRule? rule, Loss loss, Optimizer optimizer, int microBatches,
        Schedule? schedule = null, string? coding = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var type = Unsafe.SizeOf<T>() == sizeof(float) ? "f32" : "f64";
        Add(type, rule?.Values.ToString(), loss.Values.ToString(), optimizer.Values.ToString(), microBatches);
        // Where the rate stays, the text is that of the versions before there were schedules.
        if (schedule is not null and not Constant) Add(schedule.Values.ToString());
        if (coding is not null) Add(coding);
        foreach (var vertex in graph.Vertices)
        {
            Add(vertex.Name, vertex.Kind, vertex.Shape.Dimensions.ToArray(), vertex.Trainable,
                graph.Inputs(vertex.Id).Select(e => e.From));
            if (vertex.Function is not { } function) continue;
            Add(function.OperatorType,
                function.Attributes.Names.Select(n => KeyValuePair.Create(n, function.Attributes[n])));
        }
        var digest = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{digest} ({graph.Vertices.Count} vertices, {graph.Parameters.Count()} parameters, {type})");

        void Add(params object?[] values) => hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(values, Json));
    }
}
