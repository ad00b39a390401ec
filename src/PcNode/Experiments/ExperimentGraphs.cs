using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Tensors;
using PcActors.Weights;
using PcNode.Configuration;
using PcNode.Networks;

namespace PcNode.Experiments;

/// <summary>Makes an experiment's graph.</summary>
internal static class ExperimentGraphs
{
    /// <summary>The experiment's network for a data set.</summary>
    /// <exception cref="UsageException">It is not one that the data set can train.</exception>
    public static BuiltNetwork<T> BuildFor<T>(Experiment experiment, Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BuildFor<T>(experiment, DataForm.Of(data));

    /// <summary>The experiment's network for data of a form.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="data">The form.</param>
    /// <param name="parameters">Values in place of the initial ones; null for none.</param>
    /// <exception cref="UsageException">It is not one that such data can train.</exception>
    public static BuiltNetwork<T> BuildFor<T>(Experiment experiment, DataForm data,
        IReadOnlyList<NamedTensor<T>>? parameters = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var network = Build(experiment, data, parameters);
        var (root, feed) = (network.Graph.Root, experiment.Feeding.Feed);
        var isLoss = !experiment.Loss.TakesTarget && root.Shape.Length == 1;
        var hasClasses = feed.Target == Feed.Labels && data.HasClasses;
        if (!isLoss && !hasClasses && (root.Shape.Rank < 1 || root.Shape[0] != experiment.MicroBatchSize))
            throw new UsageException(
                $"{experiment.Model}: the root '{root.Name}' predicts {root.Shape}; the first axis has to be that of "
                + $"the {experiment.MicroBatchSize} samples of a micro-batch");
        // Where the loss takes classes, there may be several for each sample.
        var isRanked = root.Shape.Rank == 2 || (root.Shape.Rank > 2 && experiment.Loss.TakesClassesFor(root.Shape));
        if (!isLoss && hasClasses && (!isRanked || root.Shape[0] != experiment.MicroBatchSize))
        {
            throw new UsageException(
                $"{experiment.Model}: the root '{root.Name}' predicts {root.Shape}; [samples, classes] is needed, "
                + "with the " +
                $"{experiment.MicroBatchSize} samples of a micro-batch");
        }
        foreach (var leaf in network.Graph.DataLeaves)
        {
            if (leaf.Shape.Rank > 0 && leaf.Shape[0] == experiment.MicroBatchSize) continue;
            throw new UsageException(
                $"{experiment.Model}: the input '{leaf.Name}' takes {leaf.Shape}; to train on a data set, an input is "
                + $"needed whose first axis is that of the {experiment.MicroBatchSize} samples of a micro-batch");
        }
        return network;
    }

    /// <summary>The experiment's network for random samples and targets.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="data">What the network is for; null for its usual size.</param>
    /// <param name="parameters">Values in place of the initial ones; null for none.</param>
    /// <exception cref="UsageException">It is not one that can be trained.</exception>
    public static BuiltNetwork<T> BuildForRandom<T>(Experiment experiment, DataForm? data = null,
        IReadOnlyList<NamedTensor<T>>? parameters = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Build(experiment, data is null ? RandomForm(experiment) : data with { IsRandom = true }, parameters);

    /// <summary>The network as it runs: one that runs forward at least.</summary>
    /// <exception cref="UsageException">The network cannot be built.</exception>
    public static BuiltNetwork<T> BuildForward<T>(Experiment experiment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = SourceOf<T>(experiment, FormOf<T>(experiment));
        return new BuiltNetwork<T>(source, Divide(experiment, source.Graph));
    }

    /// <summary>The network with parameters of its own, for inference: nothing in it need learn.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="data">What the network is for; null for what the experiment says.</param>
    /// <param name="parameters">Values in place of the initial ones; null for none.</param>
    /// <exception cref="UsageException">The network cannot be built.</exception>
    public static BuiltNetwork<T> BuildForInference<T>(Experiment experiment, DataForm? data,
        IReadOnlyList<NamedTensor<T>>? parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var form = (data ?? FormOf<T>(experiment)) with { IsRandom = false };
        return ForPrediction(experiment, SourceOf<T>(experiment, form), parameters);
    }

    /// <summary>A network with parameters of its own, for predictions: nothing in it need learn.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="source">The network.</param>
    /// <param name="parameters">Values in place of the initial ones; null for none.</param>
    public static BuiltNetwork<T> ForPrediction<T>(Experiment experiment, SourceNetwork<T> source,
        IReadOnlyList<NamedTensor<T>>? parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(source, Divide(experiment, Restored(source.Graph, parameters)));

    /// <summary>A graph's parameters in the file of weights that the experiment names; null for none.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="graph">The network, as its source has it.</param>
    /// <exception cref="DataException">The file is missing or damaged, or does not fit the graph.</exception>
    public static IReadOnlyList<NamedTensor<T>>? WeightsFor<T>(Experiment experiment, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        experiment.Settings.Get(SettingCatalogue.WeightFile) is { } path ? WeightFile.Load<T>(path).For(graph) : null;

    /// <summary>The network as its source has it, for data of a form.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="data">The form; null for what the experiment says.</param>
    /// <exception cref="UsageException">The network cannot be built.</exception>
    public static SourceNetwork<T> SourceFor<T>(Experiment experiment, DataForm? data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SourceOf<T>(experiment, (data ?? FormOf<T>(experiment)) with { IsRandom = false });

    /// <summary>What the network is for, where any data would do that its source takes.</summary>
    private static DataForm FormOf<T>(Experiment experiment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!experiment.Source.IsFittedToData || experiment.Data == ValueTypes.RandomData)
            return RandomForm(experiment);
        return DataForm.Of(
            DatasetLoader.Load<T>(experiment.Data, experiment.Feeding.OptionsFor(experiment.Source)).Train);
    }

    private static DataForm RandomForm(Experiment experiment) =>
        new(experiment.Source.RandomSample, ClassCount: 10, IsRandom: true);

    /// <summary>The graph as it runs, but for levelling: with what is latent and free, split into blocks, or made
    /// finer, and replicated.</summary>
    /// <exception cref="UsageException">A vertex that is to be latent, free or other than the others is not
    /// there.</exception>
    /// <exception cref="GraphException">It does not come apart that far, or there are no
    /// samples to share out.</exception>
    private static Graph<T> Divide<T>(Experiment experiment, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        graph = experiment.Coding.Mark(graph);
        var divided = experiment.Granularity == Granularity.Tensor
            ? Partition.Split(graph, experiment.Blocks)
            : Refinement.Refine(graph, experiment.Granularity);
        divided = Replication.Replicate(divided, experiment.Replicas);
        return experiment.Infers && experiment.Coding.Choice is { } choice ? choice.Mark(divided) : divided;
    }

    private static SourceNetwork<T> SourceOf<T>(Experiment experiment, DataForm data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => experiment.Source.Build<T>(
        experiment.Settings, experiment.ShardSize, experiment.Feeding.FormFor(data));

    private static BuiltNetwork<T> Build<T>(Experiment experiment, DataForm data,
        IReadOnlyList<NamedTensor<T>>? parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = SourceOf<T>(experiment, data);
        parameters ??= WeightsFor(experiment, source.Graph);
        try
        {
            return Prepare(experiment, source, parameters);
        }
        catch (Exception e) when (e is GraphException or ShapeException)
        {
            throw new UsageException($"{experiment.Model}: {e.Message}");
        }
    }

    /// <summary>A graph with other initial values.</summary>
    private static Graph<T> Restored<T>(Graph<T> graph, IReadOnlyList<NamedTensor<T>>? parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (parameters is null) return graph;
        var values = parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        return graph.With(v => v.Kind == VertexKind.Parameter ? v with { Initial = values[v.Name] } : v);
    }

    /// <summary>A network that can learn, as it runs.</summary>
    /// <exception cref="GraphException">Nothing in it learns.</exception>
    /// <exception cref="ShapeException">The loss does not fit it.</exception>
    public static BuiltNetwork<T> Prepare<T>(Experiment experiment, SourceNetwork<T> source,
        IReadOnlyList<NamedTensor<T>>? parameters = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var graph = source.Graph;
        if (!graph.RequiresError(graph.RootId))
            throw source.Candidates.Count > 0
                ? LearningReport.NothingLearns(experiment.Model, source.Candidates)
                : new GraphException($"no parameter of the graph learns: '{graph.Root.Name}' needs no error");
        experiment.Loss.TargetShape(graph.Root.Shape);
        return new BuiltNetwork<T>(
            source, Divide(experiment, experiment.Feeding.Mark(Restored(graph, parameters))));
    }
}
