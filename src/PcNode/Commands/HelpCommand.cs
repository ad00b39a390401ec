using System.CommandLine;
using PcNode.Configuration;

namespace PcNode.Commands;

/// <summary><c>pcnode help [COMMAND]</c>.</summary>
internal static class HelpCommand
{
    public static ExampledCommand Create(Help help)
    {
        var command = new ExampledCommand("help", "Shows the help of a command, or of the whole.", "pcnode help train");
        var name = new Argument<string?>("COMMAND") { Arity = ArgumentArity.ZeroOrOne, Description = "the command; all of them are listed without one" };
        command.Arguments.Add(name);
        command.SetAction(result =>
        {
            var root = result.RootCommandResult.Command;
            if (result.GetValue(name) is not { } wanted) return help.Show(root, root);
            var known = root.Subcommands.Select(c => c.Name).ToList();
            var found = root.Subcommands.FirstOrDefault(c => c.Name == wanted)
                ?? throw new UsageException($"unknown command '{wanted}'{Suggestion.For(wanted, known)}; known are {string.Join(", ", known)}");
            return help.Show(found, root);
        });
        return command;
    }
}
