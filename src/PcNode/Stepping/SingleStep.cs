using System.Numerics;
using Microsoft.Extensions.Logging;
using PcActors.Data.Npy;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Onnx.Learning;
using PcActors.Runs;
using PcActors.Tensors;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Output;

namespace PcNode.Stepping;

/// <summary>What came of a step.</summary>
/// <param name="Loss">The loss before the update.</param>
/// <param name="Output">The output that was the root.</param>
/// <param name="Parameters">How many numbers learnt.</param>
/// <param name="Messages">Messages between vertices.</param>
/// <param name="WeightsSha256">SHA-256 of all parameters after the update, in graph order.</param>
/// <param name="ExportFailure">Why the model file could not be written; null when it was, or was not asked for.</param>
internal sealed record SingleStepResult(
    double Loss, string Output, long Parameters, long Messages, string WeightsSha256, string? ExportFailure = null)
{
    /// <summary>Everything that might have learnt.</summary>
    public required IReadOnlyList<OnnxParameter> Candidates { get; init; }

    /// <summary>Its number, from 1, over all steps whose state was kept.</summary>
    public required long Step { get; init; }

    /// <summary>The course of its inference; null where it had none.</summary>
    public InferenceRecord? Inference { get; init; }
}

/// <summary>Makes one update of a model file on given arrays.</summary>
/// <param name="experiment">The experiment; its source is a model file.</param>
/// <param name="inputs">Arrays by the names of the model's inputs.</param>
/// <param name="target">What should have been predicted; null where the network computes its loss.</param>
/// <param name="export">Where the model goes with its new parameters; null for nowhere.</param>
/// <param name="state">What the optimizer goes on from, and leaves; null for nothing.</param>
/// <param name="energies">Receives the energies of inference; null for nobody.</param>
/// <param name="terminal">Told what is latent.</param>
/// <param name="cancellation">Ends it before anything is written.</param>
internal sealed class SingleStep(
    Experiment experiment, IReadOnlyDictionary<string, NpyArray> inputs, NpyArray? target, string? export,
    StateFile? state, EnergyFile? energies, Terminal terminal, CancellationToken cancellation)
    : IGenericWork<SingleStepResult>
{
    public async Task<SingleStepResult> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = ((OnnxSource)experiment.Source).Import<T>(
            inputs.ToDictionary(i => i.Key, i => i.Value.Shape, StringComparer.Ordinal));
        var weights = ExperimentGraphs.WeightsFor(experiment, source.Graph);
        var standardization = experiment.StandardizedByWeights?.Given;
        if (standardization is not null)
            terminal.Say($"features: these weights take standardised ones, {standardization}; {InputFiles.Option} is "
                + "taken as it is, so give such ones. An exported model file standardises by itself");
        var built = Prepare(source, weights);
        LatentCount.Tell(experiment, built.Graph, terminal);
        var restored = state?.Read(built.Graph, terminal);
        await using var network = await NetworkFactory.StartAsync(experiment, built.Graph, restored: restored,
            withEnergies: energies is not null).ConfigureAwait(false);
        var batch = network.NewBatch();
        for (var leaf = 0; leaf < batch.Clamped.Count; leaf++)
        {
            var vertex = source.Graph.Find(built.Graph.Vertices[batch.Clamped[leaf]].Name);
            var given = GivenArray.OfInput(inputs[vertex.Name], $"{InputFiles.Option} {vertex.Name}", inputs.Count) with
            {
                HasSamples = ((OnnxSource)experiment.Source).Form.IsBatchFirst,
            };
            given.CopyTo(batch.Inputs[leaf]);
            WholeNumbers.Require(source, vertex, experiment.Model, given, batch.Inputs[leaf]);
        }
        if (target is not null)
            TargetFile.CopyTo(target, built.Graph.Root.Shape, built.Graph.Root.Name, batch.Target,
                experiment.Loss);
        source.TellReading(terminal);
        LossNotice.Tell(experiment, source.Graph, terminal);
        energies?.Begin();
        var step = await StepAsync(network, batch).ConfigureAwait(false);
        energies?.Add(step.Step, step.Inference, network.RunGraph);
        if (step.Inference?.Converged == false)
            terminal.Say($"{ToleranceNotice.Of(experiment)}; {ToleranceNotice.Advice}", LogLevel.Warning);
        var messages = await network.CountMessagesAsync().ConfigureAwait(false);
        var parameters = source.InOrder(await network.ParametersAsync().ConfigureAwait(false));
        RequireFinite(source.Graph, parameters);
        var sha256 = Parameters.Sha256(parameters);
        var result = new SingleStepResult(
            step.Loss,
            built.Graph.Root.Name,
            source.Graph.Parameters.Where(v => v.Trainable && source.Graph.RequiresError(v.Id))
                .Sum(v => (long)v.Shape.Length),
            // What a state tells of steps before it is theirs.
            messages.Total - (restored?.Messages.Total ?? 0),
            sha256)
        {
            Inference = step.Inference,
            Candidates = source.Candidates,
            Step = step.Step,
        };
        var snapshot = state is null ? null : await network.SnapshotAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (export is not null)
        {
            result = result with
            {
                ExportFailure = source.Export(parameters, export,
                    ExportHistory.Of(experiment, source.Graph, step.Step, sha256, standardization)),
            };
        }
        // A state without its weights would be of no use.
        if (snapshot is not null && result.ExportFailure is null) state!.Write(snapshot);
        return result;
    }

    private BuiltNetwork<T> Prepare<T>(SourceNetwork<T> source, IReadOnlyList<NamedTensor<T>>? parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return ExperimentGraphs.Prepare(experiment, source, parameters);
        }
        catch (Exception e) when (e is GraphException or ShapeException)
        {
            throw new UsageException($"{experiment.Model}: {e.Message}");
        }
    }

    private async Task<StepResult> StepAsync<T>(INetwork<T> network, Batch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return await network.StepAsync(batch).ConfigureAwait(false);
        }
        catch (Exception e) when (CauseOf(e) is IndexException cause)
        {
            // Indices are among the arrays that were given.
            throw new UsageException($"{experiment.Model}: {cause.Message}");
        }
    }

    /// <summary>Refuses an update that is no better than none. Constants may be infinite: masks are.</summary>
    private static void RequireFinite<T>(Graph<T> graph, IReadOnlyList<NamedTensor<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var (name, value) in parameters)
        {
            if (!graph.RequiresError(graph.Find(name).Id)) continue;
            foreach (var element in value.Span)
            {
                if (!T.IsFinite(element))
                    throw new RunFailedException(
                        $"the update makes the parameter '{name}' {element}; a smaller learning rate may help", name);
            }
        }
    }

    private static Exception CauseOf(Exception e) => e.InnerException is { } inner ? CauseOf(inner) : e;
}
