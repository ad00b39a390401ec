using System.CommandLine;
using System.CommandLine.Invocation;
using PcNode.Configuration;
using PcNode.Output;

namespace PcNode.Commands;

/// <summary>What <c>--help</c>, <c>pcnode help COMMAND</c> and <c>pcnode</c> alone do.</summary>
internal sealed class Help(Terminal terminal, params string[] examples) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult) =>
        Show(parseResult.CommandResult.Command, parseResult.RootCommandResult.Command);

    /// <summary>Shows a command's help.</summary>
    /// <param name="command">The command; the root for the whole.</param>
    /// <param name="root">What has all commands.</param>
    public int Show(Command command, Command root)
    {
        var page = new TextPage(terminal.OutputWidth);
        var name = command == root ? "pcnode" : $"pcnode {command.Name}";
        page.Write(command.Description!);
        page.Section("Usage");
        page.Write($"{name}{(command == root ? " COMMAND" : ArgumentsOf(command))} [options]", 2, 6);
        if (command.Arguments.Count > 0)
            page.Section("Arguments", command.Arguments.Select(a => (a.Name, a.Description!)));
        if (command == root)
            page.Section("Commands", root.Subcommands.Select(c => ($"{c.Name}{ArgumentsOf(c)}", c.Description!)));
        var entries = (command as ExampledCommand)?.Entries ?? [];
        foreach (var group in entries.GroupBy(e => e.Heading)) page.Section(group.Key.ToString(), group.Select(RowOf));
        var general = root.Options.Where(o => command == root || o.Recursive)
            .Select(o => RowOf(new HelpEntry(default, o, null)));
        page.Section("General", general);
        page.Section("Examples");
        foreach (var example in (command as ExampledCommand)?.Examples ?? examples) page.Example(example);
        terminal.Output.Write(page.ToString());
        return ExitCode.Done;
    }

    private static string ArgumentsOf(Command command) =>
        string.Concat(
            command.Arguments.Select(a => a.Arity.MaximumNumberOfValues > 1 ? $" [{a.Name}...]" : $" [{a.Name}]"));

    private static (string, string) RowOf(HelpEntry entry)
    {
        var names = string.Join(", ",
            entry.Option.Aliases.Prepend(entry.Option.Name).Where(n => n is not ("-?" or "/?" or "/h")));
        var value = entry.Option.HelpName is { } name ? $" {name}" : "";
        var byDefault = entry.Default is null ? "" : $" [default:{TextPage.HardSpace}{entry.Default}]";
        return ($"{names}{value}", entry.Option.Description + byDefault);
    }
}

/// <summary><c>pcnode help [COMMAND]</c>.</summary>
internal static class HelpCommand
{
    public static ExampledCommand Create(Help help)
    {
        var command = new ExampledCommand("help", "Shows the help of a command, or of the whole.", "pcnode help train");
        var name = command.AddArgument("COMMAND", "the command; all of them are listed without one");
        command.SetAction(result =>
        {
            var root = result.RootCommandResult.Command;
            if (result.GetValue(name) is not { } wanted) return help.Show(root, root);
            var known = root.Subcommands.Select(c => c.Name).ToList();
            var found = root.Subcommands.FirstOrDefault(c => c.Name == wanted)
                ?? throw new UsageException(
                    $"unknown command '{wanted}'{Suggestion.For(wanted, known)}; known are {string.Join(", ", known)}");
            return help.Show(found, root);
        });
        return command;
    }
}

/// <summary>What <c>--version</c> does.</summary>
internal sealed class ShowVersion(Terminal terminal) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        terminal.Output.WriteLine(ThisProgram.Version);
        return ExitCode.Done;
    }
}
