using System.CommandLine;
using PcActors.Models;

namespace PcNode.Commands;

/// <summary>Arguments that several commands take.</summary>
internal static class CommandArguments
{
    private static readonly string Description =
        $"a built-in network ({string.Join(", ", ModelCatalogue.Names)}) or an experiment file, *.conf; the default is {ModelCatalogue.Names[0]}";

    /// <summary>MODEL, at most one.</summary>
    public static Argument<string?> Model() => new("MODEL") { Arity = ArgumentArity.ZeroOrOne, Description = Description };
}
