using PcActors.Extensions;
using PcNode.Configuration;

namespace PcNode.Experiments;

/// <summary>Settings as they are written down, in checkpoints and exported files, whichever spelling of keys they are
/// given in.</summary>
internal static class WrittenTexts
{
    /// <summary>A setting's text.</summary>
    public static string Of(Settings settings, Setting setting)
    {
        var text = settings.TextOf(setting);
        if (setting == SettingCatalogue.Optimizer) return Catalogues.Optimizers.Written(text);
        if (setting == SettingCatalogue.Schedule) return Catalogues.Schedules.Written(text);
        if (setting == SettingCatalogue.Loss) return Catalogues.Losses.Written(text);
        if (setting == SettingCatalogue.Rule) return Catalogues.Rules.Written(text);
        return setting == SettingCatalogue.EnergyOf && text != ValueTypes.Auto
            ? EnergyTexts.Written(text, settings.OriginOf(setting)) : text;
    }
}
