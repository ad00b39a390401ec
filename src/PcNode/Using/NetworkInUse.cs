using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Output;

namespace PcNode.Using;

/// <summary>A network that predicts, with its parameters and what is done to features before it.</summary>
/// <param name="Network">The network.</param>
/// <param name="Built">Its graph.</param>
/// <param name="Standardization">What is done to features; null for nothing.</param>
/// <param name="Parameters">Its parameters, in the order of its source.</param>
internal sealed record NetworkInUse<T>(INetwork<T> Network, BuiltNetwork<T> Built, Standardization? Standardization,
    IReadOnlyList<NamedTensor<T>> Parameters) : IAsyncDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Starts it.</summary>
    /// <param name="request">Which network.</param>
    /// <param name="source">It, as its source has it.</param>
    /// <param name="data">A data set by whose training part features may be standardised; null for none.</param>
    /// <param name="forLoss">Whether the loss is measured.</param>
    /// <param name="terminal">Told what is done to features, and what has not learnt.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<NetworkInUse<T>> StartAsync(UseRequest request, SourceNetwork<T> source,
        DataSplit<T>? data, bool forLoss, Terminal terminal, CancellationToken cancellation)
    {
        var experiment = request.Experiment;
        var stored = request.Stored is null ? null
            : await request.Stored.ParametersAsync<T>(cancellation).ConfigureAwait(false);
        stored ??= ExperimentGraphs.WeightsFor(experiment, source.Graph);
        var built = ExperimentGraphs.ForPrediction(experiment, source, stored);
        if (stored is null && experiment.Source is not OnnxSource)
            terminal.Say(
                $"weights: those that {experiment.Model} begins with, drawn with the seed {experiment.Seed}; none has "
                + "learnt. --weights FILE or --checkpoint DIR give it others");
        if (request.Notice is { } meant) terminal.Say(meant);
        if (data?.Notice is { } found) terminal.Say(found);
        source.TellReading(terminal);
        var standardization = StandardizationOf(request, data);
        StandardizationReport.Tell(standardization, terminal);
        if (forLoss) LossNotice.Tell(experiment, source.Graph, terminal);
        var loss = forLoss ? experiment.Loss : Loss.SquaredError;
        var network = await StartAsync(experiment, built.Graph, loss, cancellation).ConfigureAwait(false);
        return new NetworkInUse<T>(network, built, standardization,
            stored ?? [.. source.Graph.Parameters.Select(v => new NamedTensor<T>(v.Name, v.Initial!))]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Network.DisposeAsync();

    private static async Task<INetwork<T>> StartAsync(Experiment experiment, Graph<T> graph, Loss loss,
        CancellationToken cancellation)
    {
        try
        {
            return await Network<T>.StartAsync(graph, NetworkFactory.OptionsForPrediction(experiment, graph, loss),
                cancellation: cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is GraphException or ShapeException)
        {
            throw new UsageException($"{experiment.Model}: {e.Message}");
        }
    }

    /// <summary>What was done in training holds, unless something else is asked for.</summary>
    private static Standardization? StandardizationOf(UseRequest request, DataSplit<T>? data)
    {
        var (experiment, chosen) = (request.Experiment, request.Experiment.Standardize);
        // What the run's own experiment file says, the run has done already.
        var isAsked = request.Stored is null ? experiment.Settings.IsSet(SettingCatalogue.Standardize)
            : experiment.Settings.IsOnCommandLine(SettingCatalogue.Standardize);
        if (!isAsked && request.Stored is { } stored) return stored.Standardization;
        if (chosen.Given is not null || chosen.Kind == StandardizationKind.None) return chosen.Given;
        if (data is not null) return Standardization.Of(data.Train, chosen.Kind);
        return !isAsked ? null : throw new UsageException(
            $"{experiment.Settings.OriginOf(SettingCatalogue.Standardize)}: "
            + $"{StandardizationReport.NameOf(chosen.Kind)} takes the numbers of a training set; give --data, or the "
            + "numbers themselves, MEAN,SCALE");
    }
}
