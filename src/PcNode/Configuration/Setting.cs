namespace PcNode.Configuration;

/// <summary>A setting: a key below <c>pcactors</c> in an experiment file and, mostly, an option of commands.</summary>
/// <param name="key">Its key; also its option's name, without the dashes.</param>
internal abstract class Setting(string key)
{
    /// <summary>The key below <c>pcactors</c>.</summary>
    public string Key { get; } = key;

    /// <summary>The option's name, with the dashes.</summary>
    public string OptionName { get; init; } = $"--{key}";

    /// <summary>What help calls the option's value.</summary>
    public string ValueName { get; init; } = "N";

    /// <summary>Whether the option may stand several times, its values being one list.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>The texts that are accepted, where there are only a few.</summary>
    public abstract IReadOnlyList<string>? Choices { get; }

    /// <summary>One line for help.</summary>
    public required string Description { get; init; }
}

/// <summary>A default that a command has of its own.</summary>
/// <param name="Command">The command.</param>
/// <param name="Setting">What it is the default of.</param>
internal sealed record CommandDefault(string Command, Setting Setting)
{
    /// <summary>The default as a setting: its key is that of the setting below the command's name.</summary>
    public Setting Own { get; } = new Setting<string>($"{Command}.{Setting.Key}", ValueTypes.Text) { Description = "" };
}

/// <summary>A setting with values of a type.</summary>
/// <param name="key">Its key.</param>
/// <param name="type">What it accepts.</param>
internal sealed class Setting<TValue>(string key, ValueType<TValue> type) : Setting(key)
{
    /// <summary>What it accepts.</summary>
    public ValueType<TValue> Type { get; } = type;

    /// <summary>The hyperparameter that it is the value of, if it is one's.</summary>
    public string? Hyperparameter { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Choices => Type.Choices;
}
