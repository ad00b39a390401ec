using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using PcActors.Models;
using PcNode.Configuration;
using PcNode.Networks;

namespace PcNode.Commands;

/// <summary>A command whose help has examples, and its options under headings.</summary>
internal sealed class ExampledCommand(string name, string description, params string[] examples)
    : Command(name, description)
{
    private readonly List<HelpEntry> _entries = [];

    /// <summary>Command lines that work, each perhaps with a remark behind two spaces.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>The options that have a heading, in the order of help.</summary>
    public IReadOnlyList<HelpEntry> Entries => [.. _entries.OrderBy(e => e.Heading)];

    /// <summary>Adds an argument that may be left out.</summary>
    public Argument<string?> AddArgument(string name, string description)
    {
        var argument = new Argument<string?>(name) { Arity = ArgumentArity.ZeroOrOne, Description = description };
        Arguments.Add(argument);
        return argument;
    }

    /// <summary>Adds MODEL, at most one or any number of them.</summary>
    public Argument<TValue> AddModels<TValue>()
    {
        var isOne = typeof(TValue) == typeof(string);
        var argument = new Argument<TValue>("MODEL")
        {
            Arity = isOne ? ArgumentArity.ZeroOrOne : ArgumentArity.ZeroOrMore,
            CompletionSources = { _ => ModelCatalogue.Names.Select(n => new CompletionItem(n)) },
            Description =
                $"a built-in network ({string.Join(", ", ModelCatalogue.Names)}), a model file, *.onnx, or an "
                + "experiment file, *.conf"
                + (isOne
                    ? $"; the default is {ModelCatalogue.Names[0]}"
                    : ", any number of them; the default is every built-in one"),
        };
        Arguments.Add(argument);
        return argument;
    }

    /// <summary>Adds an option.</summary>
    /// <param name="heading">Where help has it.</param>
    /// <param name="name">With the dashes.</param>
    /// <param name="value">What help calls its value; null for a switch.</param>
    /// <param name="description">What help says of it.</param>
    public Option<TValue> AddOption<TValue>(Heading heading, string name, string? value, string description)
    {
        var option = new Option<TValue>(name) { HelpName = value, Description = description };
        if (typeof(TValue).IsArray) option.Arity = ArgumentArity.OneOrMore;
        Add(heading, option);
        return option;
    }

    /// <summary>Adds --export.</summary>
    public Option<string?> AddExport(string what = "the network with its new parameters") =>
        AddOption<string?>(Heading.Output, ModelExport.Option, ModelExport.ValueName,
            $"writes {what} into a model file, or its parameters alone into a file of weights, whole or not at all");

    /// <summary>Adds an option.</summary>
    public void Add(Heading heading, Option option, string? byDefault = null)
    {
        Options.Add(option);
        _entries.Add(new HelpEntry(heading, option, byDefault));
    }
}

/// <summary>An option in help.</summary>
/// <param name="Heading">What it stands under.</param>
/// <param name="Option">The option.</param>
/// <param name="Default">What holds where it is not given; null for nothing.</param>
internal sealed record HelpEntry(Heading Heading, Option Option, string? Default);

/// <summary>What the options of a command's help stand under, in this order.</summary>
internal enum Heading
{
    Run,
    Model,
    Data,
    Learning,
    Cluster,
    Checkpoints,
    Output,
}

/// <summary>A command's options: one for each of its settings.</summary>
internal sealed class CommandOptions
{
    private const string Json = "--json";

    private readonly List<(Setting Setting, Option Option)> _options = [];
    private readonly bool _takesWeightFile;

    /// <summary>Adds options to a command.</summary>
    public CommandOptions(ExampledCommand command, params ReadOnlySpan<Setting> settings)
    {
        _takesWeightFile = command.Name == "train";
        foreach (var setting in settings)
        {
            var option = NewOption(setting, HelpTexts.Of(command.Name, setting));
            _options.Add((setting, option));
            command.Add(HelpTexts.HeadingOf(command.Name, setting), option,
                setting is Setting<bool> ? null : HelpTexts.DefaultOf(command.Name, setting));
        }
    }

    /// <summary>--json, which all commands have.</summary>
    public static Option<bool> NewJson() =>
        new(Json) { Description = "one JSON object a line on standard output, and nothing else", Recursive = true };

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
        .. _options.Where(o => result.GetResult(o.Option) is { Implicit: false })
            .Select(o => Meant(o.Setting, TextOf(o.Option, result))),
        .. result.GetValue<string[]>(SettingCatalogue.Extension.OptionName) is { Length: > 0 } extensions
            ? [(SettingCatalogue.Extension, string.Join(',', extensions))]
            : Array.Empty<(Setting, string)>(),
    ];

    /// <summary>The setting that a text is for: of --weights, numbers are nodes' capacities, and anything else is a
    /// file of parameters.</summary>
    private (Setting Setting, string Text) Meant(Setting setting, string text) =>
        setting == SettingCatalogue.Weights && _takesWeightFile
        && !text.Split(',').All(w => double.TryParse(w, CultureInfo.InvariantCulture, out _))
            ? (SettingCatalogue.WeightFile, text) : (setting, text);

    private static Option NewOption(Setting setting, string description)
    {
        Option option = setting switch
        {
            { IsRepeatable: true } =>
                new Option<string[]>(setting.OptionName)
                {
                    Arity = ArgumentArity.OneOrMore,
                    AllowMultipleArgumentsPerToken = false
                },
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
