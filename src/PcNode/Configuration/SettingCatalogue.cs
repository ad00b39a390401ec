using PcActors.Cluster;
using PcActors.Data;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Descriptions;
using PcActors.Training;

namespace PcNode.Configuration;

/// <summary>All settings. Their defaults stand in reference.conf.</summary>
internal static class SettingCatalogue
{
    // Which network there is, and what it is for.
    public static Setting<string> Model { get; } = new("model", ValueTypes.Model,
        "the network");
    public static Setting<IReadOnlyList<int>?> Hidden { get; } = new("hidden", ValueTypes.Sizes.OrAutomatic(),
        "units of the hidden layers of a built-in model", "N,N,...");
    public static Setting<IReadOnlyList<int>?> Channels { get; } = new("channels", ValueTypes.Sizes.OrAutomatic(),
        "channels of a built-in model's convolutional layers, or of a residual network's stages", "N,N,...");
    public static Setting<int?> Layers { get; } = new("layers", ValueTypes.Count.OrAuto(),
        "blocks of a built-in transformer, or of each stage of a residual network");
    public static Setting<int?> Width { get; } = new("width", ValueTypes.Count.OrAuto(),
        "features of a token in a built-in transformer");
    public static Setting<int?> Heads { get; } = new("heads", ValueTypes.Count.OrAuto(),
        "attention heads of a built-in transformer");
    public static Setting<string> Data { get; } = new("data", ValueTypes.Text,
        "the data set: digits (embedded), a folder with IDX files or two of them with a comma between, an .npz, .csv, "
        + ".tsv or .csv.gz file", "PATH");
    public static Setting<IReadOnlyList<string>?> Inputs { get; } = new("inputs", ValueTypes.Names.OrAutomatic(),
        "the array that a data leaf gets in training, or a latent vertex, which is then clamped: features, labels, "
        + "zeros or one of an .npz file by its name; auto: features to the only data leaf, of several each what is "
        + "called as it is", "NAME=ARRAY,...")
    { IsRepeatable = true };
    public static Setting<string> Target { get; } = new("target", ValueTypes.Text,
        "what the root gets: labels, features, zeros, an array of an .npz file by its name, or columns of a CSV file "
        + "by name or number", "labels|features|zeros|NAME,...");
    public static Setting<TargetKind> TargetAs { get; } = new("target-as", ValueTypes.TargetKind,
        "whether what --target names is classes or numbers; auto: classes where it can be", "classes|numbers");
    public static Setting<CsvHeader> Header { get; } = new("header", ValueTypes.Header,
        "whether a CSV file's first line is a header; auto: if it names a label's column, has words where the next "
        + "line has numbers, or counts the columns", "yes|no");
    public static Setting<IReadOnlyList<string>?> Ignore { get; } = new("ignore", ValueTypes.Names.OrAutomatic(),
        "columns of a CSV file that are passed over, by name or number; auto for none", "NAME,...")
    { IsRepeatable = true };
    public static Setting<string> Layout { get; } = new("layout", ValueTypes.OneOf(ValueTypes.Auto, "NCHW", "NHWC"),
        "the order of samples' axes: with NHWC channels, which come last, are brought to the front; auto: as they are, "
        + "and refused where that looks wrong", "NCHW|NHWC");
    public static Setting<double?> Validation { get; } = new("validation", ValueTypes.Share.OrAuto(),
        "the share of the training samples that epochs are measured on, early stopping and best weights too; the test "
        + "set is then measured once, at the end; auto for none but what the data set has", "X");
    public static Setting<string?> Classify { get; } = new("classify", ValueTypes.Text.OrAutomatic(),
        "measures the accuracy of what this vertex settles at when it is free and everything else is clamped; it gets "
        + "labels in training; auto: of the prediction, where the root gets labels", "NAME");
    public static Setting<int?> TestInferenceSteps { get; } = new("test-inference-steps", ValueTypes.Count.OrAuto(),
        "T, the timesteps of inference outside training: of --classify, of a free energy on the test set, of "
        + "pictures; auto for those of training");
    public static Setting<int?> Samples { get; } = new("samples", ValueTypes.Count.OrAuto(),
        "trains on the first so many samples, and tests on as many at most; auto for all");
    public static Setting<ChosenStandardization?> Standardize { get; } = new("standardize",
        ValueTypes.Standardization.OrAutomatic(),
        "what is done to features, as a part of the model: all: (x - mean) * scale with one pair of numbers of the "
        + "training set; feature: with a pair for each feature; MEAN,SCALE: with these; none; auto: all, and none "
        + "for an .onnx file, which brings its own", "all|feature|none|MEAN,SCALE");
    public static Setting<IReadOnlyList<string>?> Freeze { get; } = new("freeze", ValueTypes.Names.OrAutomatic(),
        "tensors of an .onnx file that do not learn; * and ? stand for letters; auto for those that are no weights",
        "NAME,NAME,...")
    { IsRepeatable = true };
    public static Setting<IReadOnlyList<string>?> Learn { get; } = new("learn", ValueTypes.Names.OrAutomatic(),
        "tensors of an .onnx file that learn although they look like buffers, or stand in Constant nodes",
        "NAME,NAME,...")
    { IsRepeatable = true };
    public static Setting<IReadOnlyDictionary<string, int>?> Dim { get; } = new("dim", ValueTypes.Extents.OrAutomatic(),
        "extents of an .onnx file's symbolic dimensions other than the batch", "SYMBOL=N,...")
    { IsRepeatable = true };
    public static Setting<IReadOnlyList<string>?> Rewrite { get; } = new("rewrite", ValueTypes.Rewriting,
        "rules by which nodes of an .onnx file that its exporter took apart become one vertex: all, none, or some of "
        + "them", "all|none|RULE,...");
    public static Setting<string?> Output { get; } = new("output", ValueTypes.Text.OrAutomatic(),
        "the output of an .onnx file that is the root; auto for the first", "NAME");
    public static Setting<string?> Root { get; } = new("output", ValueTypes.Text.OrAutomatic(),
        "the output of an .onnx file that is predicted; auto for the first", "NAME", option: "--root");
    public static Setting<string?> WeightFile { get; } = new("weights-file", ValueTypes.Text.OrAutomatic(),
        "a file of weights, *.safetensors or *.npz, that the network begins with; auto: its own", "FILE",
        option: "--weights");
    public static Setting<int?> Blocks { get; } = new("blocks", ValueTypes.Count.OrAuto(),
        "blocks, each a vertex of its own, into which a dense or convolutional layer is split; 1 for none");
    public static Setting<Granularity> Granularity { get; } = new("granularity", ValueTypes.Granularity,
        "how much one vertex holds: a tensor, a unit's share of it, or a number", "tensor|unit|scalar");
    public static Setting<int> Batch { get; } = new("batch", ValueTypes.Count,
        "samples a step; where an .onnx file fixes its first dimension, that is the default");
    public static Setting<int> Micro { get; } = new("micro", ValueTypes.Count,
        "micro-batches into which a batch is cut, all in flight at once");
    public static Setting<int> Replicas { get; } = new("replicas", ValueTypes.Count,
        "replicas of the network, each with an equal share of every micro-batch; parameters are shared");
    public static Setting<string> DType { get; } = new("dtype", ValueTypes.OneOf(ElementTypes.Names),
        "element type of all tensors; f64 for an .onnx file with double inputs, unless given", "f32|f64");

    // How it learns, and for how long.
    public static Setting<string> Rule { get; } = new("rule", ValueTypes.Named(Catalogues.Rules, RuleNames.Bp),
        "how the network learns: Z-IL, another rule of predictive coding, or sequential backpropagation without actors",
        $"{string.Join('|', Catalogues.Rules.Names)}|{RuleNames.Bp}|NAME:KEY=VALUE,...");
    public static Setting<Clock?> Clock { get; } = new("clock", ValueTypes.Clock.OrAuto(),
        "who says when a timestep has come: the messages themselves (zil only), or the coordinator",
        "wavefront|lockstep");
    public static Setting<string?> Latents { get; } = new("latents", ValueTypes.Text.OrAutomatic(),
        "which vertices hold a value that inference moves, for rules other than zil and bp; auto for those that the "
        + "network marks, or activations: what feeds a product with a weight",
        "every|activations|products|none|NAME,...")
    { IsRepeatable = true };
    public static Setting<object?> InferenceSteps { get; } = OfRules("inferenceSteps");
    public static Setting<object?> InferenceRate { get; } = OfRules("inferenceRate");
    public static Setting<object?> InferenceOptimizer { get; } = OfRules("inferenceOptimizer", "sgd|momentum|adam");
    public static Setting<object?> InferenceMomentum { get; } = OfRules("inferenceMomentum");
    public static Setting<object?> Tolerance { get; } = OfRules("tolerance");
    public static Setting<IReadOnlyList<string>?> EnergyOf { get; } = new("energy-of", ValueTypes.Names.OrAutomatic(),
        "the energy of a latent vertex, or the prior of a free leaf: gaussian:precision=2, laplace, bernoulli, "
        + "categorical; auto for gaussian with the precision 1", "NAME=ENERGY")
    { IsRepeatable = true };
    public static Setting<IReadOnlyList<string>?> RateOf { get; } = new("rate-of", ValueTypes.Names.OrAutomatic(),
        "the inference rate of one vertex; auto for the rule's", "NAME=X")
    { IsRepeatable = true };
    public static Setting<IReadOnlyList<string>?> Free { get; } = new("free", ValueTypes.Names.OrAutomatic(),
        "data leaves that inference moves; auto for those that the network makes free", "NAME,...")
    { IsRepeatable = true };
    public static Setting<int> Sweeps { get; } = new("sweeps", ValueTypes.Count,
        "sweeps of the forward initialisation of a network with cycles");

    public static Setting<int> Epochs { get; } = new("epochs", ValueTypes.CountOrNone,
        "passes over the training set");
    public static Setting<int?> Steps { get; } = new("steps", ValueTypes.CountOrNone.OrAuto(),
        "steps after which training ends, even within an epoch; auto for no limit");
    public static Setting<int?> EarlyStopping { get; } = new("early-stopping", ValueTypes.Count.OrAuto(),
        "ends training after so many epochs without a better score on the validation set, or without one on the test "
        + "set, and keeps the best epoch's weights; auto for never");
    public static Setting<bool> KeepBest { get; } = new("keep-best", ValueTypes.Switch,
        "keeps the weights of the epoch with the best score on the validation set, or without one on the test set: "
        + "they are the result's");
    public static Setting<string> Optimizer { get; } = new("optimizer", ValueTypes.Named(Catalogues.Optimizers),
        "how a gradient becomes an update", $"{string.Join('|', Catalogues.Optimizers.Names)}|NAME:KEY=VALUE,...");

    /// <summary>The hyperparameters of all optimizers that are known when pcnode starts.</summary>
    public static IReadOnlyList<Setting<object?>> OfOptimizers { get; } =
    [
        .. Catalogues.Optimizers.All.SelectMany(o => o.Hyperparameters,
            (o, h) => (Optimizer: o.Name, Hyperparameter: h))
            .GroupBy(pair => pair.Hyperparameter.Name)
            .Select(group => Of(group.First().Hyperparameter, HelpOf([.. group]))),
    ];

    public static Setting<object?> LearningRate { get; } = OfOptimizers.Single(s => s.Hyperparameter == "learningRate");

    public static Setting<string> Schedule { get; } = new("schedule", ValueTypes.Named(Catalogues.Schedules),
        "how the learning rate changes from step to step",
        $"{string.Join('|', Catalogues.Schedules.Names)}|NAME:KEY=VALUE,...");

    public static Setting<string> Loss { get; } = new("loss", ValueTypes.Named(Catalogues.Losses),
        "what sets the root's error", $"{string.Join('|', Catalogues.Losses.Names)}|NAME:KEY=VALUE,...");
    public static Setting<ulong> Seed { get; } = new("seed", ValueTypes.Seed,
        "seed of initial values and of all that is drawn");
    public static Setting<int> Threads { get; } = new("threads", ValueTypes.CountOrNone,
        "threads on which vertices run, and how many work at one large kernel at most; 0 for one for each processor. "
        + "No bit depends on it");
    public static Setting<int> VerifySteps { get; } = new("verify.steps", ValueTypes.Count,
        "training steps that are compared", option: "--steps");
    public static Setting<int> TraceSteps { get; } = new("trace.steps", ValueTypes.Count,
        "training steps that are recorded", option: "--steps");
    public static Setting<int> DiagnoseHessian { get; } = new("diagnose.hessian", ValueTypes.CountOrNone,
        "the most numbers of one sample that may move for the Hessian of the free energy in them to be taken; 0 for "
        + "never", option: "--hessian");
    public static Setting<int> BenchTurns { get; } = new("bench.turns", ValueTypes.Count,
        "turns of measuring, of which the median counts", option: "--turns");
    public static Setting<IReadOnlyList<string>?> Extension { get; } = new("extension", ValueTypes.Names.OrAutomatic(),
        "assemblies with optimizers, losses, rules and operators of one's own; auto for none",
        "FILE")
    { IsRepeatable = true };

    // Nodes, and what is saved.
    public static Setting<int?> Nodes { get; } = new("nodes", ValueTypes.Count.OrAuto(),
        "starts so many worker processes on this machine, runs on them and stops them; auto for none");
    public static Setting<int?> InspectNodes { get; } = new("inspect.nodes", ValueTypes.Count.OrAuto(),
        "shows how the graph would be placed on so many nodes; auto for none", option: "--nodes");
    public static Setting<IReadOnlyList<double>?> Weights { get; } = new("weights", ValueTypes.Weights.OrAutomatic(),
        "relative capacities of the nodes of --nodes, one for each; auto for equal ones", "W,W,...");
    public static Setting<IReadOnlyList<string>?> Join { get; } = new("join", ValueTypes.Names.OrAutomatic(),
        "runs on the workers of a cluster, of which these are nodes; auto for none", "HOST:PORT,...");
    public static Setting<int> MinNodes { get; } = new("min-nodes", ValueTypes.Count,
        "workers that are waited for, at the start and after a loss, with --join");
    public static Setting<string?> Hostname { get; } = new("hostname", ValueTypes.Host.OrAutomatic(),
        "name or address under which other nodes reach this one; auto: 127.0.0.1 among nodes of this machine, else "
        + "its name", "HOST");
    public static Setting<string?> TlsCertificate { get; } = new("tls.certificate", ValueTypes.Text.OrAutomatic(),
        "the cluster's certificate with its private key, *.pfx or *.pem: nodes without it are refused; auto: no "
        + "encryption", "FILE", option: "--tls-certificate");
    public static Setting<string?> TlsPasswordFile { get; } = new("tls.password-file", ValueTypes.Text.OrAutomatic(),
        "a file whose first line is the private key's password; auto: the environment variable PCNODE_TLS_PASSWORD, "
        + "or none", "FILE", option: "--tls-password-file");
    public static Setting<bool> Insecure { get; } = new("insecure", ValueTypes.Switch,
        "lets a node that other machines can reach do without a certificate: nothing is encrypted, and whoever "
        + "reaches it can use it");
    public static Setting<int> NodePort { get; } = new("node.port", ValueTypes.Port,
        "the node's port; 0 for any that is free", option: "--port");
    public static Setting<IReadOnlyList<string>?> NodeSeed { get; } = new("node.seed", ValueTypes.Names.OrAutomatic(),
        "nodes of the cluster to join; auto: the node begins one", "HOST:PORT,...", option: "--seed");
    public static Setting<IReadOnlyList<string>> NodeRole { get; } = new("node.role",
        ValueTypes.SomeOf(NodeRoles.Worker, NodeRoles.Coordinator),
        "one or both; worker: hosts vertices; coordinator: may have the cluster's coordinator", "worker,coordinator",
        option: "--role");
    public static Setting<double> NodeWeight { get; } = new("node.weight", ValueTypes.Rate,
        "the node's capacity, relative to that of others: how much of a graph it gets", "W", option: "--weight");
    public static Setting<CheckpointInterval> CheckpointEvery { get; } = new("checkpoint.every", ValueTypes.Interval,
        "steps, or seconds with an s behind them, after which --checkpoint saves", "N|Ns",
        option: "--checkpoint-every");
    public static Setting<int> CheckpointKeep { get; } = new("checkpoint.keep", ValueTypes.Count,
        "checkpoints that --checkpoint keeps, the last ones", "N", option: "--keep");
    public static Setting<string?> CheckpointConnection { get; } = new("checkpoint.connection-string",
        ValueTypes.Text.OrAutomatic(),
        "how the database of checkpoints is reached");

    private static Setting<object?> OfRules(string name, string value = "X")
    {
        var known = LearningRule.IlDescription.Find(name);
        return Of(known,
            $"{known.Help}; for rules other than zil, auto for the rule's own: {known.Format(known.Default)} of il",
            value);
    }

    private static Setting<object?> Of(Hyperparameter known, string help, string value = "X") =>
        new(known.Hyphenated, ValueTypes.Of(known).OrAutomatic(), help, value) { Hyperparameter = known.Name };

    private static string HelpOf(IReadOnlyList<(string Optimizer, Hyperparameter Hyperparameter)> owners)
    {
        var known = owners[0].Hyperparameter;
        var isEverybodys = owners.Count == Catalogues.Optimizers.Names.Count;
        var defaults = owners.Select(o => known.Format(o.Hyperparameter.Default)).Distinct().ToList();
        var byDefault = defaults is [var only]
            ? only
            : string.Join(", ", owners.Select(o => $"{known.Format(o.Hyperparameter.Default)} of {o.Optimizer}"));
        var whose = isEverybodys ? "" : $"; for --optimizer {string.Join(" or ", owners.Select(o => o.Optimizer))}";
        return $"{known.Help}{whose}; auto for the optimizer's own: {byDefault}";
    }
}

/// <summary>The rules by which a network can learn, as the command line calls them.</summary>
internal static class RuleNames
{
    public const string Zil = "zil";
    public const string Il = "il";
    public const string Bp = "bp";
}
