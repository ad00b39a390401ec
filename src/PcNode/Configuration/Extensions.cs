using PcActors.Extensions;

namespace PcNode.Configuration;

/// <summary>Loads assemblies with optimizers, losses, rules and operators of one's own.</summary>
internal static class Extensions
{
    /// <summary>Loads those that a command line names: before it is read, because it may
    /// name what is in them.</summary>
    /// <exception cref="ExtensionException">One cannot be loaded.</exception>
    public static void Load(IReadOnlyList<string> args)
    {
        var option = SettingName;
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == option && i + 1 < args.Count) Load(args[i + 1]);
            else if (args[i].StartsWith($"{option}=", StringComparison.Ordinal)) Load(args[i][(option.Length + 1)..]);
        }
    }

    /// <summary>Loads those that settings name.</summary>
    /// <exception cref="ExtensionException">One cannot be loaded.</exception>
    public static void Load(Settings settings)
    {
        foreach (var path in settings.Get(SettingCatalogue.Extension) ?? []) ExtensionAssembly.Load(path);
    }

    // Not the setting's own: it is made together with settings that follow from what is loaded.
    private const string SettingName = "--extension";

    private static void Load(string paths)
    {
        foreach (var path in paths.Split(',', StringSplitOptions.TrimEntries).Where(path => path != ValueTypes.Auto))
            ExtensionAssembly.Load(path);
    }
}
