using System.Reflection;

namespace PcNode.Configuration;

/// <summary>Values of settings in layers: the command line over the environment over a file over
/// reference.conf. Immutable.</summary>
internal sealed class Settings
{
    private readonly Dictionary<string, Entry> _entries;

    private Settings(Dictionary<string, Entry> entries) => _entries = entries;

    /// <summary>The defaults, read from the embedded reference.conf.</summary>
    public static Settings Reference { get; } = new(ConfigurationFile.Parse("reference.conf", ReferenceText())
        .Values.ToDictionary(v => v.Key,
            v => new Entry(v.Text, OriginOfDefault(v.Key, v.Text), false, IsDefault: true)));

    /// <summary>The text of reference.conf.</summary>
    public static string ReferenceText()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("reference.conf")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>These settings under those of a file.</summary>
    public Settings Under(ConfigurationFile file) =>
        Under(file.Values.Select(v => (v.Key, new Entry(v.Text, v.Origin, false))));

    /// <summary>These settings under options of the command line.</summary>
    public Settings Under(IEnumerable<(Setting Setting, string Text)> options) =>
        Under(options.Select(o => (o.Setting.Key, new Entry(o.Text, o.Setting.OptionName, true))));

    /// <summary>These settings under those of an earlier run.</summary>
    /// <param name="stored">What it was set to.</param>
    /// <param name="place">Where that is written down, for messages.</param>
    public Settings UnderStored(IEnumerable<(Setting Setting, string Text)> stored, string place) =>
        Under(
            stored.Select(
                s => (s.Setting.Key, new Entry(s.Text, $"{s.Setting.OptionName} of the run in {place}", false))));

    /// <summary>These settings under those of the environment: --port is PCNODE_PORT there, and so on.</summary>
    public Settings UnderEnvironment(IEnumerable<Setting> settings)
    {
        var given = new List<(string, Entry)>();
        foreach (var setting in settings)
        {
            var variable = VariableOf(setting.OptionName);
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text)
                given.Add((setting.Key, new Entry(text, variable, false)));
        }
        return Under(given);
    }

    /// <summary>The environment variable that stands for an option.</summary>
    public static string VariableOf(string option) => $"PCNODE_{option[2..].ToUpperInvariant().Replace('-', '_')}";

    /// <summary>These settings with another default of one that nobody has set.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="text">Its default.</param>
    /// <param name="origin">Where that comes from, for messages.</param>
    public Settings Default(Setting setting, string text, string origin) =>
        IsDefault(setting) ? Under([(setting.Key, new Entry(text, origin, false, IsDefault: true))]) : this;

    /// <summary>These settings with the defaults of a command, where nobody has set anything else.</summary>
    public Settings For(string command)
    {
        var settings = this;
        foreach (var own in SettingGroups.CommandDefaults.Where(d => d.Command == command))
        {
            var entry = _entries[own.Own.Key];
            if (!entry.IsDefault || IsDefault(own.Setting)) settings = settings.Under([(own.Setting.Key, entry)]);
        }
        return settings;
    }

    /// <summary>A setting's value.</summary>
    /// <exception cref="UsageException">The text is not one that the setting accepts.</exception>
    public TValue Get<TValue>(Setting<TValue> setting)
    {
        var entry = _entries[setting.Key];
        if (setting.Type.Read(entry.Text) is { IsSome: true, Value: var value }) return value;
        // Of something with values of its own it is the name that may be misspelt.
        var end = setting.Type.Fault?.Invoke(entry.Text)
            ?? Suggestion.For(entry.Text.Split(':')[0], setting.Type.Choices ?? []);
        throw new UsageException(
            $"{entry.Origin}: '{HoconSource.Shown(entry.Text)}' is not {setting.Type.Accepted}{end}");
    }

    /// <summary>The text that a setting has.</summary>
    public string TextOf(Setting setting) => _entries[setting.Key].Text;

    /// <summary>Where a setting's value comes from, for messages: an option, or a file and key.</summary>
    public string OriginOf(Setting setting) => _entries[setting.Key].Origin;

    /// <summary>Whether a setting's value stands on the command line.</summary>
    public bool IsOnCommandLine(Setting setting) => _entries[setting.Key].IsOnCommandLine;

    /// <summary>Whether nobody has set it: neither on the command line nor in an experiment file.</summary>
    public bool IsDefault(Setting setting) => _entries[setting.Key].IsDefault;

    /// <summary>Whether a setting that can be left to the model has a value of its own.</summary>
    public bool IsSet(Setting setting) => TextOf(setting) != ValueTypes.Auto;

    /// <summary>Where a default comes from: for a user from the option that would set it, not from a file that is
    /// none of theirs.</summary>
    private static string OriginOfDefault(string key, string text)
    {
        var setting = SettingGroups.CommandDefaults.FirstOrDefault(d => d.Own.Key == key)?.Setting
            ?? SettingGroups.All.FirstOrDefault(s => s.Key == key);
        return $"{setting?.OptionName ?? key} ({text} by default)";
    }

    private Settings Under(IEnumerable<(string Key, Entry Entry)> entries)
    {
        var all = new Dictionary<string, Entry>(_entries);
        foreach (var (key, entry) in entries) all[key] = entry;
        return new Settings(all);
    }

    private sealed record Entry(string Text, string Origin, bool IsOnCommandLine, bool IsDefault = false);
}
