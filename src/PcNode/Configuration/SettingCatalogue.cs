using PcActors.Cluster;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning;
using PcActors.Learning.Descriptions;
using PcActors.Learning.Optimizers;
using PcActors.Training;

namespace PcNode.Configuration;

/// <summary>All settings. Their defaults stand in reference.conf.</summary>
internal static class SettingCatalogue
{
    public static Setting<string> Model { get; } = new("model", ValueTypes.Model)
    {
        Description = "the network",
    };

    public static Setting<IReadOnlyList<int>?> Hidden { get; } = new("hidden", ValueTypes.Sizes.OrAutomatic())
    {
        ValueName = "N,N,...",
        Description = "units of the hidden layers of a built-in model",
    };

    public static Setting<IReadOnlyList<int>?> Channels { get; } = new("channels", ValueTypes.Sizes.OrAutomatic())
    {
        ValueName = "N,N,...",
        Description = "channels of a built-in model's convolutional layers, or of a residual network's stages",
    };

    public static Setting<int?> Layers { get; } = new("layers", ValueTypes.Count.OrAuto())
    {
        Description = "blocks of a built-in transformer, or of each stage of a residual network",
    };

    public static Setting<int?> Width { get; } = new("width", ValueTypes.Count.OrAuto())
    {
        Description = "features of a token in a built-in transformer",
    };

    public static Setting<int?> Heads { get; } = new("heads", ValueTypes.Count.OrAuto())
    {
        Description = "attention heads of a built-in transformer",
    };

    public static Setting<string> Data { get; } = new("data", ValueTypes.Text)
    {
        ValueName = "PATH",
        Description = "the data set: digits (embedded), a folder with IDX files, an .npz, .csv or .csv.gz file",
    };

    public static Setting<IReadOnlyList<string>?> Freeze { get; } = new("freeze", ValueTypes.Names.OrAutomatic())
    {
        ValueName = "NAME,NAME,...",
        IsRepeatable = true,
        Description = "initializers of an .onnx file that do not learn; auto for those that only set an operator up",
    };

    public static Setting<IReadOnlyDictionary<string, int>?> Dim { get; } = new("dim", ValueTypes.Extents.OrAutomatic())
    {
        ValueName = "SYMBOL=N,...",
        IsRepeatable = true,
        Description = "extents of an .onnx file's symbolic dimensions other than the batch",
    };

    public static Setting<string?> Output { get; } = new("output", ValueTypes.Text.OrAutomatic())
    {
        ValueName = "NAME",
        Description = "the output of an .onnx file that is the root; auto for the first",
    };

    public static Setting<int?> Blocks { get; } = new("blocks", ValueTypes.Count.OrAuto())
    {
        Description = "blocks, each a vertex of its own, into which a dense or convolutional layer is split; 1 for none",
    };

    public static Setting<Granularity> Granularity { get; } = new("granularity", ValueTypes.Granularity)
    {
        ValueName = "tensor|unit|scalar",
        Description = "how much one vertex holds: a tensor, a unit's share of it, or a number",
    };

    public static Setting<string> Rule { get; } = new("rule", ValueTypes.Named(Catalogues.Rules, RuleNames.Bp))
    {
        ValueName = "zil|il|bp|NAME:...",
        Description = "how the network learns: Z-IL, inference learning, or sequential backpropagation without actors",
    };

    public static Setting<Clock?> Clock { get; } = new("clock", ValueTypes.Clock.OrAuto())
    {
        ValueName = "wavefront|lockstep",
        Description = "who says when a timestep has come: the messages themselves (zil only), or the coordinator",
    };

    public static Setting<object?> InferenceSteps { get; } = OfRules("inferenceSteps");

    public static Setting<object?> InferenceRate { get; } = OfRules("inferenceRate");

    public static Setting<int> Batch { get; } = new("batch", ValueTypes.Count)
    {
        Description = "samples a step; where an .onnx file fixes its first dimension, that is the default",
    };

    public static Setting<int> Micro { get; } = new("micro", ValueTypes.Count)
    {
        Description = "micro-batches into which a batch is cut, all in flight at once",
    };

    public static Setting<int> Replicas { get; } = new("replicas", ValueTypes.Count)
    {
        Description = "replicas of the network, each with an equal share of every micro-batch; parameters are shared",
    };

    public static Setting<int> Epochs { get; } = new("epochs", ValueTypes.CountOrNone)
    {
        Description = "passes over the training set",
    };

    public static Setting<int?> Steps { get; } = new("steps", ValueTypes.CountOrNone.OrAuto())
    {
        Description = "steps after which training ends, even within an epoch; auto for no limit",
    };

    public static Setting<string> Optimizer { get; } = new("optimizer", ValueTypes.Named(Catalogues.Optimizers))
    {
        ValueName = $"{string.Join('|', Catalogues.Optimizers.Names)}|NAME:KEY=VALUE,...",
        Description = "how a gradient becomes an update",
    };

    /// <summary>The hyperparameters of all optimizers that are known when pcnode starts.</summary>
    public static IReadOnlyList<Setting<object?>> OfOptimizers { get; } =
    [
        .. Catalogues.Optimizers.All.SelectMany(o => o.Hyperparameters, (o, h) => (Optimizer: o.Name, Hyperparameter: h))
            .GroupBy(pair => pair.Hyperparameter.Name)
            .Select(group => Of(group.First().Hyperparameter, HelpOf([.. group]))),
    ];

    public static Setting<object?> LearningRate { get; } = OfOptimizers.Single(s => s.Hyperparameter == "learningRate");

    public static Setting<string> Loss { get; } = new("loss", ValueTypes.Named(Catalogues.Losses))
    {
        ValueName = $"{string.Join('|', Catalogues.Losses.Names)}|NAME:KEY=VALUE,...",
        Description = "what sets the root's error",
    };

    public static Setting<ulong> Seed { get; } = new("seed", ValueTypes.Seed)
    {
        Description = "seed of initial values and of all that is drawn",
    };

    public static Setting<string> DType { get; } = new("dtype", ValueTypes.OneOf(ElementTypes.Names))
    {
        ValueName = "f32|f64",
        Description = "element type of all tensors; f64 for an .onnx file with double inputs, unless given",
    };

    public static Setting<int> Threads { get; } = new("threads", ValueTypes.CountOrNone)
    {
        Description = "threads on which vertices run; 0 for the thread pool's. No bit depends on it",
    };

    public static Setting<int?> Nodes { get; } = new("nodes", ValueTypes.Count.OrAuto())
    {
        Description = "starts so many worker processes on this machine, runs on them and stops them; auto for none",
    };

    public static Setting<int?> InspectNodes { get; } = new("inspect.nodes", ValueTypes.Count.OrAuto())
    {
        OptionName = "--nodes",
        Description = "shows how the graph would be placed on so many nodes; auto for none",
    };

    public static Setting<IReadOnlyList<double>?> Weights { get; } = new("weights", ValueTypes.Weights.OrAutomatic())
    {
        ValueName = "W,W,...",
        Description = "relative capacities of the nodes of --nodes, one for each; auto for equal ones",
    };

    public static Setting<IReadOnlyList<string>?> Join { get; } = new("join", ValueTypes.Names.OrAutomatic())
    {
        ValueName = "HOST:PORT,...",
        Description = "runs on the workers of a cluster, of which these are nodes; auto for none",
    };

    public static Setting<int> MinNodes { get; } = new("min-nodes", ValueTypes.Count)
    {
        Description = "workers that are waited for, at the start and after a loss, with --join",
    };

    public static Setting<string?> Hostname { get; } = new("hostname", ValueTypes.Host.OrAutomatic())
    {
        ValueName = "HOST",
        Description = "name or address under which other nodes reach this one; auto: 127.0.0.1 among nodes of this machine, else its name",
    };

    public static Setting<string?> TlsCertificate { get; } = new("tls.certificate", ValueTypes.Text.OrAutomatic())
    {
        OptionName = "--tls-certificate",
        ValueName = "FILE",
        Description = "the cluster's certificate with its private key, *.pfx or *.pem: nodes without it are refused; auto: no encryption",
    };

    public static Setting<string?> TlsPasswordFile { get; } = new("tls.password-file", ValueTypes.Text.OrAutomatic())
    {
        OptionName = "--tls-password-file",
        ValueName = "FILE",
        Description = "a file whose first line is the private key's password; auto: the environment variable PCNODE_TLS_PASSWORD, or none",
    };

    public static Setting<bool> Insecure { get; } = new("insecure", ValueTypes.Switch)
    {
        Description = "lets a node that other machines can reach do without a certificate: nothing is encrypted, and whoever reaches it can use it",
    };

    public static Setting<int> NodePort { get; } = new("node.port", ValueTypes.Port)
    {
        OptionName = "--port",
        Description = "the node's port; 0 for any that is free",
    };

    public static Setting<IReadOnlyList<string>?> NodeSeed { get; } = new("node.seed", ValueTypes.Names.OrAutomatic())
    {
        OptionName = "--seed",
        ValueName = "HOST:PORT,...",
        Description = "nodes of the cluster to join; auto: the node begins one",
    };

    public static Setting<IReadOnlyList<string>> NodeRole { get; } = new("node.role", ValueTypes.SomeOf(NodeRoles.Worker, NodeRoles.Coordinator))
    {
        OptionName = "--role",
        ValueName = "worker,coordinator",
        Description = "one or both; worker: hosts vertices; coordinator: may have the cluster's coordinator",
    };

    public static Setting<double> NodeWeight { get; } = new("node.weight", ValueTypes.Rate)
    {
        OptionName = "--weight",
        ValueName = "W",
        Description = "the node's capacity, relative to that of others: how much of a graph it gets",
    };

    public static Setting<CheckpointInterval> CheckpointEvery { get; } = new("checkpoint.every", ValueTypes.Interval)
    {
        OptionName = "--checkpoint-every",
        ValueName = "N|Ns",
        Description = "steps, or seconds with an s behind them, after which --checkpoint saves",
    };

    public static Setting<int> CheckpointKeep { get; } = new("checkpoint.keep", ValueTypes.Count)
    {
        OptionName = "--keep",
        ValueName = "N",
        Description = "checkpoints that --checkpoint keeps, the last ones",
    };

    public static Setting<string?> CheckpointConnection { get; } = new("checkpoint.connection-string", ValueTypes.Text.OrAutomatic())
    {
        Description = "how the database of checkpoints is reached",
    };

    public static Setting<int> VerifySteps { get; } = new("verify.steps", ValueTypes.Count)
    {
        OptionName = "--steps",
        Description = "training steps that are compared",
    };

    public static Setting<int> TraceSteps { get; } = new("trace.steps", ValueTypes.Count)
    {
        OptionName = "--steps",
        Description = "training steps that are recorded",
    };

    public static Setting<int> BenchTurns { get; } = new("bench.turns", ValueTypes.Count)
    {
        OptionName = "--turns",
        Description = "turns of measuring, of which the median counts",
    };

    public static Setting<IReadOnlyList<string>?> Extension { get; } = new("extension", ValueTypes.Names.OrAutomatic())
    {
        ValueName = "FILE",
        IsRepeatable = true,
        Description = "assemblies with optimizers, losses, rules and operators of one's own; auto for none",
    };

    /// <summary>The sizes of built-in models.</summary>
    public static IReadOnlyList<Setting> ModelSizes { get; } = [Hidden, Channels, Layers, Width, Heads];

    /// <summary>Settings for which a command has a default of its own.</summary>
    public static IReadOnlyList<CommandDefault> CommandDefaults { get; } =
    [
        new("step", Optimizer),
        new("bench", Data), new("bench", Optimizer), new("bench", LearningRate), new("bench", InferenceSteps),
        new("bench", InferenceRate), new("bench", Threads),
        new("paper", Optimizer), new("paper", InferenceSteps), new("paper", InferenceRate), new("paper", Threads),
    ];

    /// <summary>Every setting that a file may have.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Model, .. ModelSizes, Data, Freeze, Dim, Output, Blocks, Granularity, Rule, Clock, InferenceSteps, InferenceRate, Batch, Micro, Replicas, Epochs,
        Steps, Optimizer, .. OfOptimizers, Loss, Seed, DType, Threads, Nodes, InspectNodes, Weights, Join, MinNodes,
        Hostname, TlsCertificate, TlsPasswordFile, Insecure, NodePort, NodeSeed, NodeRole, NodeWeight, CheckpointEvery, CheckpointKeep, CheckpointConnection, VerifySteps,
        TraceSteps, BenchTurns, Extension,
        .. CommandDefaults.Select(d => d.Own),
    ];

    private static Setting<object?> OfRules(string name)
    {
        var known = LearningRule.IlDescription.Find(name);
        return Of(known, $"{known.Help}; for rules other than zil, auto for the rule's own: {known.Format(known.Default)} of il");
    }

    private static Setting<object?> Of(Hyperparameter known, string help)
    {
        var key = string.Concat(known.Name.Select(c => char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}"));
        return new(key, ValueTypes.Of(known).OrAutomatic()) { Hyperparameter = known.Name, ValueName = "X", Description = help };
    }

    private static string HelpOf(IReadOnlyList<(string Optimizer, Hyperparameter Hyperparameter)> owners)
    {
        var known = owners[0].Hyperparameter;
        var isEverybodys = owners.Count == Catalogues.Optimizers.Names.Count;
        var defaults = owners.Select(o => known.Format(o.Hyperparameter.Default)).Distinct().ToList();
        var byDefault = defaults is [var only] ? only : string.Join(", ", owners.Select(o => $"{known.Format(o.Hyperparameter.Default)} of {o.Optimizer}"));
        return $"{known.Help}{(isEverybodys ? "" : $"; for --optimizer {string.Join(" or ", owners.Select(o => o.Optimizer))}")}; auto for the optimizer's own: {byDefault}";
    }
}
