using System.Numerics;
using Microsoft.Extensions.Logging;
using PcActors.Data;
using PcActors.Data.Npy;
using PcActors.Graphs;
using PcActors.Runs;
using PcActors.Tensors;
using PcNode.Checkpointing;
using PcNode.Cluster;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Output;
using PcNode.Stepping;

namespace PcNode.Inferring;

/// <summary>What came of an inference.</summary>
/// <param name="Record">Its course.</param>
/// <param name="Latents">How many vertices were latent.</param>
/// <param name="Messages">Messages between vertices.</param>
/// <param name="Shapes">The shapes of what was read, by name.</param>
internal sealed record InferResult(
    InferenceRecord Record, LatentCount Latents, long Messages, IReadOnlyDictionary<string, Shape> Shapes);

/// <summary>Infers with vertices clamped, and writes the values that are asked for.</summary>
/// <param name="experiment">The experiment.</param>
/// <param name="request">What is clamped and read.</param>
/// <param name="checkpoint">Whose network it is; null for the experiment's own.</param>
/// <param name="energies">Receives the energies; null for nobody.</param>
/// <param name="terminal">Told what is latent.</param>
/// <param name="cancellation">Ends it before anything is written.</param>
internal sealed class InferRun(
    Experiment experiment, InferRequest request, StoredNetwork? checkpoint, EnergyFile? energies, Terminal terminal,
    CancellationToken cancellation) : IGenericWork<InferResult>
{
    public async Task<InferResult> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parameters = checkpoint is null ? null
            : await checkpoint.ParametersAsync<T>(cancellation).ConfigureAwait(false);
        var built = ExperimentGraphs.BuildForInference(experiment, checkpoint?.Form, parameters);
        var graph = built.Graph;
        built.Source.TellReading(terminal);
        if (checkpoint?.Standardization is { } standardization)
            terminal.Say(
                $"features: the run standardised them, {standardization}; so is what is clamped here, and what is read "
                + "is brought back");
        LatentCount.Require(experiment, graph);
        LatentCount.Tell(experiment, graph, terminal);
        await using var cluster = await ClusterSession.OpenAsync(experiment, graph, terminal, cancellation)
            .ConfigureAwait(false);
        await using var network = await NetworkFactory.StartAsync(experiment, graph, cluster?.Where,
            trains: false, cancellation: cancellation).ConfigureAwait(false);
        var clamps = ClampsOf(network.RunGraph);
        foreach (var name in request.Reads.Keys) Coding.Find(network.RunGraph, name, InferRequest.ReadOption);
        energies?.Begin();
        var inference = await InferAsync(network, clamps).ConfigureAwait(false);
        energies?.Add(0, inference.Record, network.RunGraph);
        if (inference.Record.Converged == false)
            terminal.Say($"{ToleranceNotice.Of(experiment)}; {ToleranceNotice.Advice}", LogLevel.Warning);
        var messages = await network.CountMessagesAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        foreach (var (name, path) in request.Reads)
        {
            var value = inference.Values[name];
            if (checkpoint?.Standardization is { } done
                && IsFeatures(network.RunGraph, network.RunGraph.Find(name), done))
                value = done.Undo(value);
            AtomicFile.Write(path, $"{InferRequest.ReadOption} {name}",
                stream => NpyFile.Write<T>(stream, value.Shape, value.Span));
        }
        return new InferResult(inference.Record, LatentCount.Of(experiment, graph)!, messages.Total,
            inference.Values.ToDictionary(v => v.Key, v => v.Value.Shape, StringComparer.Ordinal));
    }

    private async Task<Inference<T>> InferAsync<T>(INetwork<T> network, IReadOnlyDictionary<string, Clamp<T>> clamps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return await network.InferAsync(clamps, [.. request.Reads.Keys]).ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{InferRequest.ClampOption}: {e.Message}");
        }
    }

    private Dictionary<string, Clamp<T>> ClampsOf<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var clamps = new Dictionary<string, Clamp<T>>(StringComparer.Ordinal);
        foreach (var name in request.Masks.Keys)
            request.RequireClamp(Coding.Find(graph, name, InferRequest.MaskOption).Name);
        foreach (var (name, array) in request.Clamps)
        {
            var vertex = Coding.Find(graph, name, InferRequest.ClampOption);
            var mask = request.Masks.TryGetValue(name, out var given) ? given.ToTensor<T>() : null;
            RequireHeld(graph, vertex, isMasked: mask is not null);
            var value = ValueOf(graph, vertex, array);
            if (checkpoint?.Standardization is { } done && IsFeatures(graph, vertex, done)) value = done.Apply(value);
            clamps.Add(name, new Clamp<T>(value, mask));
        }
        return clamps;
    }

    /// <summary>Whether a vertex holds what the run standardised.</summary>
    private bool IsFeatures<T>(Graph<T> graph, Vertex<T> vertex, Standardization done)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        vertex.Id == graph.RootId ? experiment.Feeding.PredictsFeatures(done.FeaturesName)
            : experiment.Feeding.FeatureInputs(graph, done.FeaturesName).Contains(vertex.Name);

    private Tensor<T> ValueOf<T>(Graph<T> graph, Vertex<T> vertex, NpyArray array)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var origin = $"{InferRequest.ClampOption} {vertex.Name}";
        if (vertex.Id == graph.RootId)
        {
            var micros = experiment.Micro;
            Shape Whole(Shape part) => micros == 1 ? part : part.With(0, part[0] * micros);
            var target = new Tensor<T>(Whole(experiment.Loss.TargetShape(vertex.Shape)));
            TargetFile.CopyTo(array, Whole(vertex.Shape), vertex.Name, target, experiment.Loss, origin);
            return target;
        }
        var value = new Tensor<T>(array.Shape);
        var given = vertex.Kind != VertexKind.Data ? new GivenArray(array, origin, "a value is of finite numbers")
            : GivenArray.OfInput(array, origin, graph.DataLeaves.Count());
        given.CopyTo(value);
        if (vertex.Kind == VertexKind.Data)
            WholeNumbers.Require(new SourceNetwork<T>(graph), vertex, experiment.Model, given, value);
        return value;
    }

    private static void RequireHeld<T>(Graph<T> graph, Vertex<T> vertex, bool isMasked)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (vertex is { Kind: VertexKind.Function, IsLatent: false } && vertex.Id != graph.RootId)
            throw new UsageException(
                $"{InferRequest.ClampOption}: the vertex '{vertex.Name}' is direct: it is its prediction at every "
                + $"moment, "
                + $"and has no value that could be clamped; make it latent with --latents {vertex.Name}");
        if (vertex is { Kind: VertexKind.Data, IsFree: false } && isMasked)
            throw new UsageException(
                $"{InferRequest.MaskOption}: the data leaf '{vertex.Name}' is not free where the mask is 0; make it so "
                + $"with --free {vertex.Name}");
    }
}
