namespace PcNode.Configuration;

/// <summary>Settings that go together.</summary>
internal static class SettingGroups
{
    /// <summary>The settings that only model files heed.</summary>
    public static Setting[] ModelFile { get; } = [SettingCatalogue.Freeze, SettingCatalogue.Dim, SettingCatalogue.Output];

    /// <summary>The settings that say which network there is.</summary>
    public static Setting[] Network { get; } =
    [
        .. SettingCatalogue.ModelSizes, SettingCatalogue.Blocks, SettingCatalogue.Granularity, .. ModelFile,
        SettingCatalogue.Data, SettingCatalogue.Batch, SettingCatalogue.Micro, SettingCatalogue.Replicas, SettingCatalogue.Loss, SettingCatalogue.Seed,
        SettingCatalogue.DType,
    ];

    /// <summary>The settings that say how it learns.</summary>
    public static Setting[] Learning { get; } =
    [
        SettingCatalogue.Rule, SettingCatalogue.Clock, SettingCatalogue.InferenceSteps, SettingCatalogue.InferenceRate,
        SettingCatalogue.Optimizer, .. SettingCatalogue.OfOptimizers,
        SettingCatalogue.Threads,
    ];

    /// <summary>The settings of encryption between nodes, or none.</summary>
    public static Setting[] Tls { get; } = [SettingCatalogue.TlsCertificate, SettingCatalogue.TlsPasswordFile, SettingCatalogue.Insecure];

    /// <summary>The settings that say on which nodes it runs.</summary>
    public static Setting[] Cluster { get; } =
        [SettingCatalogue.Nodes, SettingCatalogue.Weights, SettingCatalogue.Join, SettingCatalogue.MinNodes, SettingCatalogue.Hostname, .. Tls];
}
