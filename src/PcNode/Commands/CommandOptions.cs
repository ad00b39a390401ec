using System.CommandLine;
using PcNode.Configuration;

namespace PcNode.Commands;

/// <summary>A command's options: one for each of its settings.</summary>
internal sealed class CommandOptions
{
    private const string Json = "--json";

    private readonly List<(Setting Setting, Option Option)> _options = [];

    /// <summary>Adds options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="settings">Which, in the order of help.</param>
    public CommandOptions(ExampledCommand command, params ReadOnlySpan<Setting> settings)
    {
        foreach (var setting in settings)
        {
            var option = NewOption(setting, HelpTexts.Of(command.Name, setting));
            _options.Add((setting, option));
            command.Add(HelpTexts.HeadingOf(command.Name, setting), option, setting is Setting<bool> ? null : HelpTexts.DefaultOf(command.Name, setting));
        }
    }

    /// <summary>--json, which all commands have.</summary>
    public static Option<bool> NewJson() => new(Json) { Description = "one JSON object a line on standard output, and nothing else", Recursive = true };

    /// <summary>--extension, which all commands have.</summary>
    public static Option<string[]> NewExtension() => new(SettingCatalogue.Extension.OptionName)
    {
        Description = SettingCatalogue.Extension.Description,
        HelpName = SettingCatalogue.Extension.ValueName,
        Arity = ArgumentArity.OneOrMore,
        Recursive = true,
    };

    /// <summary>Whether results are JSON.</summary>
    public static bool IsJson(ParseResult result) => result.GetValue<bool>(Json);

    /// <summary>The options that were given.</summary>
    public IReadOnlyList<(Setting Setting, string Text)> Given(ParseResult result) =>
    [
        .. _options.Where(o => result.GetResult(o.Option) is { Implicit: false }).Select(o => (o.Setting, TextOf(o.Option, result))),
        .. result.GetValue<string[]>(SettingCatalogue.Extension.OptionName) is { Length: > 0 } extensions
            ? [(SettingCatalogue.Extension, string.Join(',', extensions))]
            : Array.Empty<(Setting, string)>(),
    ];

    private static Option NewOption(Setting setting, string description)
    {
        Option option = setting switch
        {
            { IsRepeatable: true } => new Option<string[]>(setting.OptionName) { Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false },
            Setting<bool> => new Option<bool>(setting.OptionName),
            _ => new Option<string>(setting.OptionName),
        };
        option.Description = description;
        if (setting is Setting<bool>) return option;
        option.HelpName = setting.ValueName;
        if (setting.Choices is { } choices) option.CompletionSources.Add([.. choices]);
        return option;
    }

    private static string TextOf(Option option, ParseResult result) => option switch
    {
        Option<string[]> list => string.Join(',', result.GetValue(list)!),
        Option<bool> given => result.GetValue(given) ? "true" : "false",
        _ => result.GetValue((Option<string>)option)!,
    };
}
