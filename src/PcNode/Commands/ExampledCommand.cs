using System.CommandLine;

namespace PcNode.Commands;

/// <summary>A command whose help has examples, and its options under headings.</summary>
internal sealed class ExampledCommand(string name, string description, params string[] examples) : Command(name, description)
{
    private readonly List<HelpEntry> _entries = [];

    /// <summary>Command lines that work, each perhaps with a remark behind two spaces.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>The options that have a heading, in the order of help.</summary>
    public IReadOnlyList<HelpEntry> Entries => [.. _entries.OrderBy(e => e.Heading)];

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
