using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcNode.Configuration;
using PcNode.Networks;

namespace PcNode.Experiments;

/// <summary>Makes an experiment's graph and network.</summary>
internal static class NetworkFactory
{
    /// <summary>The experiment's data set, standardised.</summary>
    /// <exception cref="DataException">It is missing or wrong.</exception>
    /// <exception cref="UsageException">The batch is larger than it.</exception>
    public static DataSplit<T> LoadData<T>(Experiment experiment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (experiment.Data == ValueTypes.RandomData)
        {
            throw new UsageException(
                $"{experiment.Settings.OriginOf(SettingCatalogue.Data)}: random samples are for verify, trace, bench "
                + "and paper; give a data set");
        }
        var data = DatasetLoader.Load<T>(experiment.Data).Standardized();
        if (experiment.Batch > data.Train.Count)
        {
            throw new UsageException(
                $"{experiment.Settings.OriginOf(SettingCatalogue.Batch)}: a batch of {experiment.Batch} samples is "
                + "larger than the " +
                $"training set, {data.Train.Name}, which has {data.Train.Count}");
        }
        return data;
    }

    /// <summary>The experiment's network for a data set.</summary>
    /// <exception cref="UsageException">It is not one that the data set can train.</exception>
    public static BuiltNetwork<T> BuildFor<T>(Experiment experiment, Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BuildFor<T>(experiment, new DataForm(data.SampleShape, data.ClassCount));

    /// <summary>The experiment's network for data of a form.</summary>
    /// <exception cref="UsageException">It is not one that such data can train.</exception>
    public static BuiltNetwork<T> BuildFor<T>(Experiment experiment, DataForm data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var network = Build<T>(experiment, data);
        var root = network.Graph.Root;
        if (root.Shape.Rank != 2 || root.Shape[0] != experiment.MicroBatchSize)
        {
            throw new UsageException(
                $"{experiment.Model}: the root '{root.Name}' predicts {root.Shape}; [samples, classes] is needed, "
                + "with the " +
                $"{experiment.MicroBatchSize} samples of a micro-batch");
        }
        foreach (var leaf in network.Graph.DataLeaves)
        {
            if (leaf.Shape.Rank > 0 && leaf.Shape[0] == experiment.MicroBatchSize
                && !network.Source.TakesIntegers(leaf)) continue;
            throw new UsageException(
                $"{experiment.Model}: the input '{leaf.Name}' takes "
                + $"{(network.Source.TakesIntegers(leaf) ? "whole numbers of shape " : "")}{leaf.Shape}; " +
                $"to train on a data set, floats are needed whose first axis is that of the "
                + $"{experiment.MicroBatchSize} samples of a micro-batch");
        }
        return network;
    }

    /// <summary>The experiment's network for random samples and targets.</summary>
    /// <exception cref="UsageException">It is not one that can be trained.</exception>
    public static BuiltNetwork<T> BuildForRandom<T>(Experiment experiment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Build<T>(experiment, RandomForm(experiment));

    /// <summary>The graph alone, as it runs, before levelling: one that runs forward at least.</summary>
    /// <exception cref="UsageException">The network cannot be built.</exception>
    public static Graph<T> BuildGraph<T>(Experiment experiment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var form = RandomForm(experiment);
        if (experiment.Source.IsFittedToData && experiment.Data != ValueTypes.RandomData)
        {
            var data = LoadData<T>(experiment);
            form = new DataForm(data.Train.SampleShape, data.Train.ClassCount);
        }
        return Divide(experiment, experiment.Source.Build<T>(experiment.Settings, experiment.ShardSize, form).Graph);
    }

    /// <summary>Starts the experiment's network in this process.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="where">Where it runs; null for this process.</param>
    /// <param name="restored">What it goes on from, in place of initial values.</param>
    /// <param name="recording">Records it; null for nobody.</param>
    /// <param name="cancellation">Ends the waiting for the cluster.</param>
    public static async Task<INetwork<T>> StartAsync<T>(
        Experiment experiment, Graph<T> graph, NetworkPlace? where = null, NetworkSnapshot<T>? restored = null,
        Recording? recording = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var options = Options(experiment) with { Recording = recording };
        if (where is not null) options = options with { Where = where };
        return await Network<T>.StartAsync(graph, options, restored, cancellation).ConfigureAwait(false);
    }

    /// <summary>Sequential backpropagation on the experiment's graph.</summary>
    public static Task<Network<T>> ReferenceAsync<T>(Experiment experiment, Graph<T> graph, Optimizer? optimizer = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Network<T>.StartAsync(graph, Options(experiment) with
        {
            Where = new Reference(),
            Rule = LearningRule.Zil,
            Clock = null,
            Optimizer = optimizer ?? experiment.Optimizer,
        });

    /// <summary>How the experiment runs in this process.</summary>
    public static NetworkOptions Options(Experiment experiment) => new()
    {
        Rule = experiment.LearningRule ?? LearningRule.Zil,
        Clock = experiment.Clock,
        Loss = experiment.Loss,
        Optimizer = experiment.Optimizer,
        MicroBatches = experiment.Micro,
        Logs = experiment.Logs,
        Seed = experiment.Seed,
        Where = experiment.LearningRule is null ? new Reference() : new InProcess { Threads = experiment.Threads },
    };

    private static DataForm RandomForm(Experiment experiment) =>
        new(experiment.Source.RandomSample, ClassCount: 10, IsRandom: true);

    /// <summary>The graph as it runs, but for levelling: split into blocks, or made finer, and replicated.</summary>
    /// <exception cref="GraphException">It does not come apart that far, or there are no
    /// samples to share out.</exception>
    private static Graph<T> Divide<T>(Experiment experiment, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var divided = experiment.Granularity == Granularity.Tensor
            ? Partition.Split(graph, experiment.Blocks)
            : Refinement.Refine(graph, experiment.Granularity);
        return Replication.Replicate(divided, experiment.Replicas);
    }

    private static BuiltNetwork<T> Build<T>(Experiment experiment, DataForm data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = experiment.Source.Build<T>(experiment.Settings, experiment.ShardSize, data);
        try
        {
            return Prepare(experiment, source);
        }
        catch (Exception e) when (e is GraphException or ShapeException)
        {
            throw new UsageException($"{experiment.Model}: {e.Message}");
        }
    }

    /// <summary>A network that can learn, as it runs.</summary>
    /// <exception cref="GraphException">Nothing in it learns.</exception>
    /// <exception cref="ShapeException">The loss does not fit it.</exception>
    public static BuiltNetwork<T> Prepare<T>(Experiment experiment, SourceNetwork<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var graph = source.Graph;
        if (!graph.RequiresError(graph.RootId))
            throw new GraphException($"no parameter of the graph learns: '{graph.Root.Name}' needs no error");
        experiment.Loss.TargetShape(graph.Root.Shape);
        return new BuiltNetwork<T>(source, Divide(experiment, graph));
    }
}
