using System.Numerics;
using PcActors.Actors;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Models;
using PcActors.Tensors;
using PcNode.Configuration;

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
        var data = DatasetLoader.Load<T>(experiment.Data).Standardized();
        if (experiment.Batch > data.Train.Count)
        {
            throw new UsageException(
                $"{experiment.Settings.OriginOf(SettingCatalogue.Batch)}: a batch of {experiment.Batch} samples is larger than the " +
                $"training set, {data.Train.Name}, which has {data.Train.Count}");
        }
        return data;
    }

    /// <summary>The experiment's graph, split into blocks, before levelling.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="data">What a built-in model is fitted to.</param>
    /// <exception cref="UsageException">The graph is not one that can be trained.</exception>
    public static Graph<T> BuildGraph<T>(Experiment experiment, Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var graph = experiment.Graph is { } section
            ? section.Build<T>(experiment.MicroBatchSize, experiment.Seed)
            : BuildModel<T>(experiment, data);
        try
        {
            if (!graph.RequiresError(graph.RootId)) throw new GraphException($"no parameter of the graph learns: '{graph.Root.Name}' needs no error");
            experiment.Loss.TargetShape(graph.Root.Shape);
            if (graph.Root.Shape[0] != experiment.MicroBatchSize)
            {
                throw new ShapeException(
                    $"the root '{graph.Root.Name}' predicts {graph.Root.Shape}; its first axis must be that of the " +
                    $"{experiment.MicroBatchSize} samples of a micro-batch");
            }
            return Partition.Split(graph, experiment.Blocks);
        }
        catch (Exception e) when (e is GraphException or ShapeException)
        {
            throw new UsageException($"{experiment.Model}: {e.Message}");
        }
    }

    /// <summary>The experiment's network.</summary>
    public static INetwork<T> Create<T>(Experiment experiment, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => experiment.LearningRule is null
        ? Reference(experiment, graph)
        : Simulation<T>.Start(graph, Options(experiment));

    /// <summary>Sequential backpropagation on the experiment's graph.</summary>
    public static BackpropagationNetwork<T> Reference<T>(Experiment experiment, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(graph, experiment.Loss, experiment.Optimizer, experiment.Micro);

    /// <summary>How the experiment runs on actors.</summary>
    public static SimulationOptions Options(Experiment experiment) => new()
    {
        Rule = experiment.LearningRule ?? LearningRule.Zil,
        Clock = experiment.Clock,
        Loss = experiment.Loss,
        Optimizer = experiment.Optimizer,
        MicroBatches = experiment.Micro,
        Threads = experiment.Threads,
    };

    private static Graph<T> BuildModel<T>(Experiment experiment, Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var settings = experiment.Settings;
        var options = new ModelOptions(experiment.MicroBatchSize, data.SampleShape, data.ClassCount, experiment.Seed)
        {
            Hidden = settings.Get(SettingCatalogue.Hidden),
            Channels = settings.Get(SettingCatalogue.Channels),
            Layers = settings.Get(SettingCatalogue.Layers),
            Width = settings.Get(SettingCatalogue.Width),
            Heads = settings.Get(SettingCatalogue.Heads),
        };
        try
        {
            return ModelCatalogue.Build<T>(experiment.Model, options);
        }
        catch (Exception e) when (e is ArgumentException or GraphException or ShapeException)
        {
            // The sizes are what can be wrong here; the sample's shape is, when none is given.
            var given = SettingCatalogue.ModelSizes.Where(settings.IsSet).Select(settings.OriginOf).ToList();
            throw new UsageException($"{(given.Count == 0 ? experiment.Model : string.Join(", ", given))}: {e.Message}");
        }
    }
}
