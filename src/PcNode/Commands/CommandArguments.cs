using System.CommandLine;
using System.CommandLine.Completions;
using PcActors.Models;

namespace PcNode.Commands;

/// <summary>Arguments that several commands take.</summary>
internal static class CommandArguments
{
    private static readonly string Known = $"a built-in network ({string.Join(", ", ModelCatalogue.Names)}), a model file, *.onnx, or an experiment file, *.conf";

    /// <summary>MODEL, at most one.</summary>
    public static Argument<string?> Model() => new("MODEL")
    {
        Arity = ArgumentArity.ZeroOrOne,
        CompletionSources = { _ => ModelCatalogue.Names.Select(n => new CompletionItem(n)) },
        Description = $"{Known}; the default is {ModelCatalogue.Names[0]}",
    };

    /// <summary>--export FILE.</summary>
    /// <param name="what">What is written, for help.</param>
    public static Option<string?> Export(string what = "the network with its new parameters") => new("--export")
    {
        HelpName = "OUT.onnx",
        Description = $"writes {what} into a model file, whole or not at all",
    };

    /// <summary>--checkpoint DIR.</summary>
    public static Option<string?> Checkpoint() => new("--checkpoint")
    {
        HelpName = "DIR",
        Description = "saves the run there as it goes on, and at its end; with a database in the settings, the name of a run in it",
    };

    /// <summary>--resume.</summary>
    public static Option<bool> Resume() => new("--resume")
    {
        Description = "goes on from the last checkpoint, with the options of its run",
    };

    /// <summary>MODEL..., any number.</summary>
    public static Argument<string[]> Models() => new("MODEL")
    {
        Arity = ArgumentArity.ZeroOrMore,
        CompletionSources = { _ => ModelCatalogue.Names.Select(n => new CompletionItem(n)) },
        Description = $"{Known}, any number of them; the default is every built-in one",
    };
}
