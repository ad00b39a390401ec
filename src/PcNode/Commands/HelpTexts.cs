using PcNode.Configuration;

namespace PcNode.Commands;

/// <summary>Where help shows a setting, and what it says of one that is something else to a
/// command than to others.</summary>
internal static class HelpTexts
{
    private const string Usual = "the network's usual";

    private static readonly (Heading Heading, Setting[] Settings)[] Headings =
    [
        (Heading.Run, [
            SettingCatalogue.Epochs, SettingCatalogue.Steps, SettingCatalogue.VerifySteps, SettingCatalogue.TraceSteps,
            SettingCatalogue.DiagnoseHessian, SettingCatalogue.EarlyStopping, SettingCatalogue.KeepBest,
            SettingCatalogue.BenchTurns,
            SettingCatalogue.Threads,
        ]),
        (Heading.Model, [
            .. SettingGroups.ModelSizes, SettingCatalogue.Blocks, SettingCatalogue.Granularity, SettingCatalogue.DType,
            SettingCatalogue.Freeze,
            SettingCatalogue.Learn,
            SettingCatalogue.Dim, SettingCatalogue.Rewrite, SettingCatalogue.Output, SettingCatalogue.Root,
            SettingCatalogue.WeightFile,
        ]),
        (Heading.Data,
            [SettingCatalogue.Data, .. SettingGroups.Feeding, SettingCatalogue.Batch, SettingCatalogue.Micro,
                SettingCatalogue.Replicas, SettingCatalogue.Seed]),
        (Heading.Cluster, [.. SettingGroups.Cluster, SettingCatalogue.InspectNodes]),
        (Heading.Checkpoints, [SettingCatalogue.CheckpointEvery, SettingCatalogue.CheckpointKeep]),
    ];

    private static readonly (string Command, Setting Setting, string Text)[] Texts =
    [
        .. new[] { "verify", "trace", "diagnose" }.Select(
            c => (c, (Setting)SettingCatalogue.Data, $"{SettingCatalogue.Data.Description}; random: drawn ones, the "
                + "default for an .onnx file")),
        ("bench", SettingCatalogue.Data,
            $"{SettingCatalogue.Data.Description}; random: drawn ones of the network's usual size"),
        ("paper", SettingCatalogue.Data,
            $"{SettingCatalogue.Data.Description}; random: drawn ones. Times are measured on drawn ones unless it is "
            + "given"),
        ("paper", SettingCatalogue.Batch, $"samples a step; times are measured at {Usual} number unless it is given"),
        ("bench", SettingCatalogue.InferenceSteps, "timesteps of inference a step, of inference learning"),
        ("bench", SettingCatalogue.InferenceRate, "gamma, how far a value moves in a timestep, of inference learning"),
        ("verify", SettingCatalogue.InferenceRate,
            "gamma, how far a value moves in a timestep, for rules other than zil; for --ablate inference-rate it is "
            + "0.5 unless "
            + "given"),
        ("verify", SettingCatalogue.Rule, "how the network learns: Z-IL or another rule of predictive coding"),
        ("inspect", SettingCatalogue.Rule,
            "how the network would learn: by Z-IL, which needs a levelled graph, by another rule or by "
            + "backpropagation"),
        ("train", SettingCatalogue.Weights,
            "a file of weights, *.safetensors or *.npz, that the network begins with; or, W,W,..., relative capacities "
            + "of the nodes of --nodes, one for each; auto for its own weights, and equal nodes"),
        ("inspect", SettingCatalogue.Weights,
            "relative capacities of the nodes of --nodes, one for each; auto for equal ones"),
        ("cluster", SettingCatalogue.Join, "nodes of the cluster, one of which is asked"),
        ("node", SettingCatalogue.Threads,
            "threads on which its vertices run; 0 for one for each processor. No bit depends on it"),
    ];

    /// <summary>What help says of a setting.</summary>
    public static string Of(string command, Setting setting) =>
        Texts.Where(t => t.Command == command && t.Setting == setting).Select(t => t.Text).FirstOrDefault()
            ?? setting.Description;

    /// <summary>The default that help shows: words where it depends on the network.</summary>
    public static string DefaultOf(string command, Setting setting) =>
        (command, setting) is ("bench", _) && setting == SettingCatalogue.Batch
            ? Usual
            : Settings.Reference.For(command).TextOf(setting);

    /// <summary>What a setting stands under.</summary>
    public static Heading HeadingOf(string command, Setting setting)
    {
        if (command is "node" or "cluster") return Heading.Cluster;
        foreach (var (heading, settings) in Headings)
        {
            if (settings.Contains(setting)) return heading;
        }
        return Heading.Learning;
    }
}
