namespace PcNode.Configuration;

/// <summary>A setting: a key below <c>pcactors</c> in an experiment file and, mostly, an option of commands.</summary>
/// <param name="key">Its key; also its option's name, without the dashes, unless that is another.</param>
/// <param name="description">One line for help.</param>
/// <param name="value">What help calls the option's value.</param>
/// <param name="option">The option's name, with the dashes, where it does not follow from the key.</param>
internal abstract class Setting(string key, string description, string value, string? option)
{
    public string Key { get; } = key;

    public string Description { get; } = description;

    public string ValueName { get; } = value;

    public string OptionName { get; } = option ?? $"--{key}";

    /// <summary>Whether the option may stand several times, its values being one list.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>The texts that are accepted, where there are only a few.</summary>
    public abstract IReadOnlyList<string>? Choices { get; }
}

/// <summary>A default that a command has of its own.</summary>
internal sealed record CommandDefault(string Command, Setting Setting)
{
    /// <summary>The default as a setting: its key is that of the setting below the command's name.</summary>
    public Setting Own { get; } = new Setting<string>($"{Command}.{Setting.Key}", ValueTypes.Text, "");
}

/// <summary>A setting with values of a type.</summary>
internal sealed class Setting<TValue>(string key, ValueType<TValue> type, string description, string value = "N",
    string? option = null)
    : Setting(key, description, value, option)
{
    /// <summary>What it accepts.</summary>
    public ValueType<TValue> Type { get; } = type;

    /// <summary>The hyperparameter that it is the value of, if it is one's.</summary>
    public string? Hyperparameter { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Choices => Type.Choices;
}
