using System.Numerics;
using Microsoft.Extensions.Logging;
using PcActors.Data;
using PcActors.Functions;
using PcActors.Tensors;
using PcActors.Training;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Output;

namespace PcNode.Using;

/// <summary>What came of a prediction.</summary>
/// <param name="Output">What was predicted: the root's name.</param>
/// <param name="Shape">The shape of all predictions.</param>
/// <param name="Samples">How many samples.</param>
/// <param name="Standardization">What was done to features; null for nothing.</param>
/// <param name="Messages">Messages between vertices.</param>
internal sealed record PredictResult(string Output, Shape Shape, int Samples, Standardization? Standardization,
    long Messages);

/// <summary>Predicts samples, and writes what comes out.</summary>
/// <param name="request">Which network.</param>
/// <param name="files">Arrays for its inputs; null for the data set of the experiment.</param>
/// <param name="part">Which part of that.</param>
/// <param name="sink">Receives the predictions.</param>
/// <param name="terminal">Told how far it is.</param>
/// <param name="cancellation">Ends it before anything is written.</param>
internal sealed class PredictRun(UseRequest request, SampleFiles? files, DataPart part, PredictionSink sink,
    Terminal terminal, CancellationToken cancellation) : IGenericWork<PredictResult>
{
    private readonly string _model = request.Experiment.Model;

    public async Task<PredictResult> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var isNeeded = request.NeedsTrainingSet && !request.Experiment.Settings.IsDefault(SettingCatalogue.Data);
        var data = files is null || isNeeded
            ? ExperimentData.LoadForUse<T>(request.Experiment, isWhole: part == DataPart.All) : null;
        var source = files is not null ? files.SourceFor<T>(request)
            : ExperimentGraphs.SourceFor<T>(request.Experiment,
                request.Stored?.Form ?? DataForm.Of(data!.Train));
        await using var used = await NetworkInUse<T>.StartAsync(request, source, data, forLoss: false, terminal,
            cancellation).ConfigureAwait(false);
        if (data is not null)
            WholeNumbers.Require(request.Experiment, used.Built, data.Train, data.Validation, data.Test);
        var (predictions, samples) = await PredictAsync(used, data).ConfigureAwait(false);
        var messages = await used.Network.CountMessagesAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (used.Standardization is { } standardization
            && request.Experiment.Feeding.PredictsFeatures(standardization.FeaturesName))
            predictions = standardization.Undo(predictions);
        TellNotFinite(predictions);
        sink.Write(predictions);
        return new PredictResult(source.Graph.Root.Name, predictions.Shape, samples, used.Standardization,
            messages.Total);
    }

    /// <summary>Says what predictions are no numbers: numbers that were fed may be too large, or masked away.</summary>
    private void TellNotFinite<T>(Tensor<T> predictions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var elements = predictions.Span;
        var (first, count) = (-1, 0);
        for (var i = 0; i < elements.Length; i++)
        {
            if (T.IsFinite(elements[i])) continue;
            if (count++ == 0) first = i;
        }
        if (count == 0) return;
        terminal.Say($"{count:#,0} of {elements.Length:#,0} numbers predicted are not finite; the first is "
            + ArrayOrigin.WordsOf(predictions.Shape, first), LogLevel.Warning);
    }

    private async Task<(Tensor<T> Predictions, int Samples)> PredictAsync<T>(NetworkInUse<T> used, DataSplit<T>? data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return files is null ? await OfDataAsync(used, data!).ConfigureAwait(false)
                : await OfArraysAsync(used, files.Tensors(used.Built.Source, _model)).ConfigureAwait(false);
        }
        catch (Exception e) when (CauseOf(e) is ArgumentException or ShapeException or IndexException)
        {
            throw new UsageException($"{_model}: {CauseOf(e).Message}");
        }
    }

    private async Task<(Tensor<T> Predictions, int Samples)> OfArraysAsync<T>(NetworkInUse<T> used,
        IReadOnlyDictionary<string, Tensor<T>> tensors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = request.Experiment.Feeding.FeatureInputs(used.Built.Source.Graph,
            used.Standardization?.FeaturesName);
        tensors = tensors.ToDictionary(t => t.Key, t => used.Standardization is { } done && features.Contains(t.Key)
            ? done.Apply(t.Value) : t.Value);
        if (files!.Rows is not null)
        {
            var count = tensors.First().Value.Shape[0];
            var progress = new UseProgress(terminal, count);
            return (await used.Network.PredictAsync(tensors, Options(progress, null), cancellation)
                .ConfigureAwait(false), count);
        }
        var batch = used.Network.NewBatch();
        foreach (var (place, id) in batch.Clamped.Index())
            tensors[used.Network.Graph.Vertices[id].Name].Span.CopyTo(batch.Inputs[place].Writable);
        var made = await used.Network.PredictAsync(batch).WaitAsync(cancellation).ConfigureAwait(false);
        return (made, made.Shape.Rank > 0 ? made.Shape[0] : 1);
    }

    private async Task<(Tensor<T> Predictions, int Samples)> OfDataAsync<T>(NetworkInUse<T> used, DataSplit<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sets = part switch
        {
            DataPart.Train => new[] { data.Train },
            DataPart.Test => [data.Test],
            // A validation part that a file has of its own comes last.
            _ => [.. new[] { data.Train, data.Test, data.Validation }.OfType<Dataset<T>>().Distinct()],
        };
        var progress = new UseProgress(terminal, sets.Sum(s => s.Count));
        var made = new List<Tensor<T>>();
        foreach (var samples in sets)
        {
            made.Add(await used.Network.PredictAsync(samples, request.Experiment.Feeding.Feed,
                Options(progress, used.Standardization), cancellation).ConfigureAwait(false));
            progress.EndPart(samples.Count);
        }
        if (made is [var only]) return (only, sets[0].Count);
        var (all, count) = (PredictionOrder.Merge(made[0], made[1], sets[0].Count, sets[1].Count, data.HeldOut),
            sets[0].Count + sets[1].Count);
        return made is [_, _, var further]
            ? (PredictionOrder.Merge(all, further, count, sets[2].Count, heldOut: null), count + sets[2].Count)
            : (all, count);
    }

    private PredictionOptions Options(UseProgress progress, Standardization? standardization) => new()
    {
        Standardization = standardization,
        Progress = progress.Tell,
        Notice = text => terminal.Say($"predictions: {text}", LogLevel.Warning),
    };

    private static Exception CauseOf(Exception e) => e.InnerException is { } inner ? CauseOf(inner) : e;
}

/// <summary>Brings the predictions of both parts of a data set into the order of its file.</summary>
internal static class PredictionOrder
{
    /// <summary>All predictions.</summary>
    /// <param name="train">Those of the training part, some rows a sample.</param>
    /// <param name="test">Those of the test part.</param>
    /// <param name="trained">Samples of the training part.</param>
    /// <param name="tested">Samples of the test part.</param>
    /// <param name="heldOut">The places of the test part's samples; null where they come last.</param>
    public static Tensor<T> Merge<T>(Tensor<T> train, Tensor<T> test, int trained, int tested,
        IReadOnlyList<int>? heldOut)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rows = train.Shape[0] / trained;
        var all = new Tensor<T>(train.Shape.With(0, train.Shape[0] + test.Shape[0]));
        var places = heldOut?.ToHashSet() ?? [.. Enumerable.Range(trained, tested)];
        var (fromTrain, fromTest) = (0, 0);
        for (var place = 0; place < trained + tested; place++)
        {
            var source = places.Contains(place) ? test.Rows(rows * fromTest++, rows)
                : train.Rows(rows * fromTrain++, rows);
            source.Span.CopyTo(all.Rows(rows * place, rows).Writable);
        }
        return all;
    }
}
