using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Training;

/// <summary>Measures what a network predicts for a data set of any size, whatever batch it was made for. Dropout drops
/// nothing, and nothing is learnt.</summary>
public static class Evaluations
{
    /// <summary>Measures it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The samples, and what is right.</param>
    /// <param name="feed">Which array each vertex gets; null for features to the only data leaf, labels to the
    /// root.</param>
    /// <param name="options">What is done to features, and who is told how far it is.</param>
    /// <param name="cancellation">Ends it after the batch at hand.</param>
    /// <exception cref="DataException">The data do not fit the network.</exception>
    /// <exception cref="ArgumentException">The feed names a vertex that gets no array; or what the network is for is no
    /// prediction from its leaves: leaves are free, or latent vertices clamped.</exception>
    /// <exception cref="RunFailedException">A vertex threw, or a prediction did not arrive in time.</exception>
    public static async Task<Evaluation> EvaluateAsync<T>(this INetwork<T> network, Dataset<T> data, Feed? feed = null,
        PredictionOptions? options = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (feed, options) = (feed ?? Feed.Default, options ?? new PredictionOptions());
        var batch = network.NewBatch();
        RequirePrediction(network, batch);
        data = options.Standardization?.Apply(data) ?? data;
        var arrays = new FedArrays<T>(feed, network.Graph, batch, data, isForUse: true);
        var batches = new PaddedBatches<T>(network, batch, batch.Samples, data.Count,
            (numbers, b) => arrays.Fill(numbers, b));
        if (options.Notice is { } tell && batches.Notice() is { } notice) tell(notice);
        // A root that is one number is the loss of a whole batch.
        var isOfBatches = batch.Size != batch.Samples;
        if (isOfBatches && data.Count % batch.Samples is > 0 and var rest && rest < data.Count)
            options.Notice?.Invoke(
                $"the last {rest} of {data.Count} samples do not fill a batch of {batch.Samples}, and are left out");
        var tally = new EvaluationTally(
            arrays.Classes is { } classes ? Math.Max(data.ClassCount, classes.Count) : 0, data.ClassNames);
        // What is predicted is features: errors are in the data's own units.
        Tensor<T> OwnUnits(Tensor<T> rows) => arrays.PredictsFeatures
            ? options.Standardization?.Undo(rows) ?? rows : rows;
        var losses = new double[batch.Size];
        Tensor<T>? error = null;
        foreach (var start in batches.Starts)
        {
            cancellation.ThrowIfCancellationRequested();
            if (isOfBatches && start > 0 && data.Count - start < batch.Samples) break;
            var counted = batches.Fill(start);
            var made = await network.PredictAsync(batch).WaitAsync(cancellation).ConfigureAwait(false);
            network.Loss.Evaluate(made, batch.Target, losses, error ??= new Tensor<T>(made.Shape));
            for (var i = 0; i < counted; i++)
            {
                tally.AddLoss(isOfBatches ? losses.Average() : losses[i]);
                if (!batch.TakesTarget) continue;
                for (var place = 0; place < arrays.Classes?.Positions; place++)
                {
                    tally.AddClass(arrays.Classes.Right(data, start + i, batch.Target, i, place),
                        arrays.Classes.Predicted(made, i, place));
                }
                if (arrays.Classes is null && made.Shape.Equals(batch.Target.Shape))
                    tally.AddErrors<T>(OwnUnits(made.Rows(i, 1)).Span, OwnUnits(batch.Target.Rows(i, 1)).Span);
            }
            options.Progress?.Invoke(start + counted);
        }
        return tally.Result;
    }

    /// <summary>Refuses a network that is for something else than to predict its root from its leaves.</summary>
    /// <exception cref="ArgumentException">Leaves are free, or latent vertices clamped.</exception>
    internal static void RequirePrediction<T>(INetwork<T> network, Batch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (network.Graph.DataLeaves.FirstOrDefault(v => v.IsFree) is { } free)
            throw new ArgumentException(
                $"the data leaf '{free.Name}' is free, so that what the network is for is no prediction from its "
                + "leaves");
        if (batch.Clamped.Select(id => network.Graph.Vertices[id]).FirstOrDefault(v => v.Kind != VertexKind.Data)
            is { } clamped)
            throw new ArgumentException(
                $"the vertex '{clamped.Name}' is clamped, so that what the network is for is no prediction from its "
                + "leaves");
    }
}
