using PcActors.Extensions;
using PcActors.Learning;
using PcActors.Learning.Descriptions;

namespace PcNode.Configuration;

/// <summary>Settings, whose defaults stand in reference.conf: how a network learns, and for how long.</summary>
internal static partial class SettingCatalogue
{
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

    public static Setting<int> Threads { get; } = new("threads", ValueTypes.CountOrNone)
    {
        Description = "threads on which vertices run; 0 for the thread pool's. No bit depends on it",
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
