using PcActors.Extensions;
using PcActors.Learning;
using PcActors.Learning.Descriptions;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;
using PcNode.Configuration;

namespace PcNode.Experiments;

/// <summary>What settings choose by name, made with the values that they give.</summary>
internal static class Chosen
{
    /// <summary>The optimizer.</summary>
    public static Optimizer Optimizer(Settings settings) => Make(
        settings, SettingCatalogue.Optimizer, Catalogues.Optimizers, settings.Get(SettingCatalogue.Optimizer),
        SettingCatalogue.OfOptimizers);

    /// <summary>The schedule of the learning rate; it may lack the length of the run.</summary>
    public static Schedule Schedule(Settings settings) => Make(
        settings, SettingCatalogue.Schedule, Catalogues.Schedules, settings.Get(SettingCatalogue.Schedule), []);

    /// <summary>The loss.</summary>
    public static Loss Loss(Settings settings) =>
        Make(settings, SettingCatalogue.Loss, Catalogues.Losses, settings.Get(SettingCatalogue.Loss), []);

    /// <summary>The rule; null for sequential backpropagation.</summary>
    public static LearningRule? Rule(Settings settings, string rule)
    {
        if (rule == RuleNames.Bp) return null;
        return Make(settings, SettingCatalogue.Rule, Catalogues.Rules, rule, rule.Split(':')[0] == RuleNames.Zil
            ? []
            : SettingGroups.OfRules);
    }

    /// <summary>The clock of a rule.</summary>
    public static Clock? Clock(Settings settings, LearningRule? rule)
    {
        var clock = settings.Get(SettingCatalogue.Clock);
        if (rule is null) return null;
        if (rule.FitsWavefront) return clock ?? PcActors.Learning.Clock.Wavefront;
        if (clock == PcActors.Learning.Clock.Wavefront)
        {
            throw new UsageException(
                $"{settings.OriginOf(SettingCatalogue.Clock)}: the wavefront clock serves the rule zil only; "
                + $"{rule.Name} needs lockstep");
        }
        return PcActors.Learning.Clock.Lockstep;
    }

    /// <summary>What a setting names, made with the values that its text gives and those of further settings.</summary>
    private static TKind Make<TKind>(
        Settings settings, Setting<string> setting, Catalogue<TKind> catalogue, string text,
        IReadOnlyList<Setting<object?>> further)
        where TKind : class, IDescribed
    {
        try
        {
            var (description, values) = catalogue.Read(text);
            var given = values.ToDictionary();
            foreach (var own in further)
            {
                if (settings.Get(own) is not { } value) continue;
                var name = own.Hyperparameter!;
                if (description.Hyperparameters.All(h => h.Name != name))
                {
                    if (!settings.IsOnCommandLine(own)) continue;
                    var owners = catalogue.All.Where(d => d.Hyperparameters.Any(h => h.Name == name))
                        .Select(d => d.Name);
                    throw new UsageException(
                        $"{own.OptionName}: it is for {setting.OptionName} {string.Join(" or ", owners)}, and the "
                        + $"{setting.Key} is {description.Name}");
                }
                if (given.TryAdd(name, value) || given[name].Equals(value) || settings.IsDefault(own)) continue;
                throw new UsageException(
                    $"{settings.OriginOf(own)}: {settings.OriginOf(setting)} has another {name}, in {text}; give one "
                    + "of the two");
            }
            return description.Create([.. given.Select(pair => (pair.Key, (object?)pair.Value))]);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{settings.OriginOf(setting)}: {e.Message}");
        }
    }
}
