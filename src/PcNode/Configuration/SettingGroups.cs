using static PcNode.Configuration.SettingCatalogue;

namespace PcNode.Configuration;

/// <summary>Settings that go together.</summary>
internal static class SettingGroups
{
    /// <summary>The sizes of built-in models.</summary>
    public static IReadOnlyList<Setting> ModelSizes { get; } = [Hidden, Channels, Layers, Width, Heads];

    /// <summary>The settings that only model files heed.</summary>
    public static Setting[] ModelFile { get; } = [Freeze, Dim, SettingCatalogue.Output];

    /// <summary>The settings that say which network there is.</summary>
    public static Setting[] Network { get; } =
    [
        .. ModelSizes, Blocks, Granularity, .. ModelFile,
        Data, Batch, Micro, Replicas, Loss, Seed,
        DType,
    ];

    /// <summary>The settings that say how it learns.</summary>
    public static Setting[] Learning { get; } =
    [
        Rule, Clock, InferenceSteps, InferenceRate,
        Optimizer, .. OfOptimizers,
        Threads,
    ];

    /// <summary>The settings of encryption between nodes, or none.</summary>
    public static Setting[] Tls { get; } = [TlsCertificate, TlsPasswordFile, Insecure];

    /// <summary>The settings that say on which nodes it runs.</summary>
    public static Setting[] Cluster { get; } =
        [Nodes, Weights, Join, MinNodes, Hostname, .. Tls];

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
        Model, .. ModelSizes, Data, Freeze, Dim, SettingCatalogue.Output, Blocks, Granularity, Rule, Clock,
        InferenceSteps, InferenceRate, Batch, Micro, Replicas, Epochs,
        Steps, Optimizer, .. OfOptimizers, Loss, Seed, DType, Threads, Nodes, InspectNodes, Weights, Join, MinNodes,
        Hostname, TlsCertificate, TlsPasswordFile, Insecure, NodePort, NodeSeed, NodeRole, NodeWeight, CheckpointEvery,
        CheckpointKeep, CheckpointConnection, VerifySteps,
        TraceSteps, BenchTurns, Extension,
        .. CommandDefaults.Select(d => d.Own),
    ];
}
