using System.Numerics;
using Microsoft.Extensions.Logging;
using PcActors.Data;
using PcActors.Training;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Output;

namespace PcNode.Using;

/// <summary>What came of an evaluation.</summary>
/// <param name="Evaluation">It.</param>
/// <param name="Data">The data set.</param>
/// <param name="Standardization">What was done to features; null for nothing.</param>
/// <param name="Messages">Messages between vertices.</param>
/// <param name="WeightsSha256">SHA-256 of all parameters, in graph order, without what an export added.</param>
internal sealed record EvaluateResult(
    Evaluation Evaluation, string Data, Standardization? Standardization, long Messages, string WeightsSha256);

/// <summary>Measures what a network predicts for a data set.</summary>
/// <param name="request">Which network.</param>
/// <param name="part">Which part of the data set.</param>
/// <param name="terminal">Told how far it is.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class EvaluateRun(UseRequest request, DataPart part, Terminal terminal, CancellationToken cancellation)
    : IGenericWork<EvaluateResult>
{
    public async Task<EvaluateResult> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var experiment = request.Experiment;
        var data = ExperimentData.LoadForUse<T>(experiment, isWhole: part == DataPart.All);
        var form = request.Stored?.Form ?? DataForm.Of(data.Train);
        var source = ExperimentGraphs.SourceFor<T>(experiment, form);
        await using var used = await NetworkInUse<T>.StartAsync(request, source, data, forLoss: true, terminal,
            cancellation).ConfigureAwait(false);
        var parts = PartsOf(data);
        WholeNumbers.Require(experiment, used.Built, parts);
        var progress = new UseProgress(terminal, parts.Sum(p => p.Count));
        var evaluations = new List<Evaluation>();
        foreach (var samples in parts)
        {
            var options = new PredictionOptions
            {
                Standardization = used.Standardization,
                Progress = progress.Tell,
                Notice = text => terminal.Say($"{samples.Name}: {text}", LogLevel.Warning),
            };
            evaluations.Add(await EvaluateAsync(used, samples, options).ConfigureAwait(false));
            progress.EndPart(samples.Count);
        }
        var messages = await used.Network.CountMessagesAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return new EvaluateResult(evaluations.Aggregate(Evaluation.Join), parts[0].Name, used.Standardization,
            messages.Total, WeightsDigest.Of(experiment.Source, source.Graph, used.Parameters));
    }

    private async Task<Evaluation> EvaluateAsync<T>(NetworkInUse<T> used, Dataset<T> samples, PredictionOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return await used.Network.EvaluateAsync(samples, request.Experiment.Feeding.Feed, options, cancellation)
                .ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{request.Experiment.Model}: {e.Message}; infer settles such a network");
        }
    }

    private List<Dataset<T>> PartsOf<T>(DataSplit<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => part switch
        {
            DataPart.Train => [data.Train],
            DataPart.Test => [data.Test],
            // One sample alone is both parts.
            _ => [.. new[] { data.Train, data.Validation, data.Test }.OfType<Dataset<T>>().Distinct()],
        };
}

/// <summary>Which part of a data set is used.</summary>
internal enum DataPart
{
    /// <summary>All of it.</summary>
    All,

    /// <summary>What is trained on.</summary>
    Train,

    /// <summary>What is held out of it, or comes as a test part.</summary>
    Test,
}
