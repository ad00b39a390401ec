using static PcNode.Configuration.SettingCatalogue;

namespace PcNode.Configuration;

/// <summary>Settings that go together.</summary>
internal static class SettingGroups
{
    /// <summary>The sizes of built-in models.</summary>
    public static IReadOnlyList<Setting> ModelSizes { get; } = [Hidden, Channels, Layers, Width, Heads];

    /// <summary>The settings that only model files heed.</summary>
    public static Setting[] ModelFile { get; } = [Freeze, Learn, Dim, Rewrite, SettingCatalogue.Output];

    /// <summary>The settings that say which network there is.</summary>
    public static Setting[] Network { get; } =
    [
        .. ModelSizes, Blocks, Granularity, .. ModelFile,
        Data, Batch, Micro, Replicas, Loss, Seed,
        DType,
    ];

    /// <summary>The settings of rules that infer: they are not for zil and bp.</summary>
    public static Setting[] Inference { get; } =
    [
        Latents, .. OfRules, EnergyOf, RateOf, Free, Sweeps,
    ];

    /// <summary>The settings that say what a network is trained and tested on.</summary>
    public static Setting[] Feeding { get; } = [.. Fed, Validation, Classify, TestInferenceSteps];

    /// <summary>The settings of what a network is used on.</summary>
    public static Setting[] Use { get; } =
    [
        .. ModelSizes, Blocks, Dim, Rewrite, Root, WeightFile, Data, Batch, Loss, Seed, DType, .. Fed, Threads,
    ];

    /// <summary>Those of them that say what it is trained on.</summary>
    public static Setting[] Fed => [Inputs, Target, .. Reading, Samples, Standardize];

    /// <summary>Those that say how a data set's files are read.</summary>
    public static Setting[] Reading => [TargetAs, Header, Ignore, Layout];

    /// <summary>The settings that say how it learns.</summary>
    public static Setting[] Learning { get; } =
    [
        Rule, Clock, .. Inference,
        Optimizer, .. OfOptimizers, Schedule,
        Threads,
    ];

    /// <summary>The hyperparameters of rules.</summary>
    public static Setting<object?>[] OfRules =>
        [InferenceSteps, InferenceRate, InferenceOptimizer, InferenceMomentum, Tolerance];

    /// <summary>The settings of encryption between nodes, or none.</summary>
    public static Setting[] Tls { get; } = [TlsCertificate, TlsPasswordFile, Insecure];

    /// <summary>The settings that say on which nodes it runs.</summary>
    public static Setting[] Cluster { get; } =
        [Nodes, Weights, Join, MinNodes, Hostname, .. Tls];

    /// <summary>Settings for which a command has a default of its own.</summary>
    public static IReadOnlyList<CommandDefault> CommandDefaults { get; } =
    [
        new("step", Optimizer),
        new("infer", Rule), new("infer", Blocks),
        new("predict", Batch), new("evaluate", Batch),
        new("diagnose", Rule), new("diagnose", Blocks), new("diagnose", Optimizer),
        new("bench", Data), new("bench", Optimizer), new("bench", LearningRate), new("bench", InferenceSteps),
        new("bench", InferenceRate), new("bench", Threads),
        new("paper", Optimizer), new("paper", InferenceSteps), new("paper", InferenceRate), new("paper", Threads),
    ];

    /// <summary>Every setting that a file may have.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Model, .. ModelSizes, Data, .. Feeding, Freeze, Learn, Dim, Rewrite, SettingCatalogue.Output, Blocks,
        Granularity, Rule, Clock, .. Inference, Batch, Micro, Replicas, Epochs, Steps, EarlyStopping,
        KeepBest, Optimizer, .. OfOptimizers, Schedule, Loss, Seed, DType, Threads, Nodes, InspectNodes, Weights,
        Join, MinNodes, Hostname, TlsCertificate, TlsPasswordFile, Insecure, NodePort, NodeSeed, NodeRole, NodeWeight,
        CheckpointEvery, CheckpointKeep, CheckpointConnection, WeightFile, VerifySteps, TraceSteps,
        DiagnoseHessian, BenchTurns, Extension,
        .. CommandDefaults.Select(d => d.Own),
    ];
}
