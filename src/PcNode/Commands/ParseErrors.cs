using System.CommandLine;
using System.CommandLine.Parsing;
using PcNode.Configuration;

namespace PcNode.Commands;

/// <summary>Says in one line what is wrong with a command line.</summary>
internal static class ParseErrors
{
    /// <summary>Refuses a command line that was not understood.</summary>
    /// <exception cref="UsageException">It was not.</exception>
    public static void Check(ParseResult result)
    {
        var command = result.CommandResult.Command;
        if (UnknownOption(result) is { } option)
        {
            var known = OptionNames(command, result);
            if (command.Subcommands.Count == 0 && known.Contains(option))
                throw new UsageException(
                    $"the option '{option}' is one of the command's: it stands behind it, 'pcnode {command.Name} "
                    + $"{option} ...'");
            if (command.Subcommands.Any(c => c.Options.Any(o => o.Name == option)))
                throw new UsageException(
                    $"the option '{option}' belongs to a command and stands behind it, such as 'pcnode "
                    + $"{command.Subcommands.First(c => c.Options.Any(o => o.Name == option)).Name} {option} ...'");
            throw new UsageException(
                $"unknown option '{option}'{Suggestion.For(option, known)}; '{CommandLine(result)} --help' lists "
                + "those that there are");
        }
        if (command.Subcommands.Count > 0 && result.UnmatchedTokens is [var unknown, ..])
        {
            var known = command.Subcommands.Select(c => c.Name).ToList();
            throw new UsageException(
                $"unknown command '{unknown}'{Suggestion.For(unknown, known)}; known are {string.Join(", ", known)}");
        }
        if (result.UnmatchedTokens is [var superfluous, ..])
            throw new UsageException(
                $"'{superfluous}' is one argument too many; '{CommandLine(result)} --help' shows what is accepted");
        if (result.Errors is [var error, ..]) throw new UsageException(error.Message.TrimEnd('.'));
    }

    // An option that is not known is taken for an argument, where the command has one.
    private static string? UnknownOption(ParseResult result) => result.CommandResult.Children.OfType<ArgumentResult>()
        .SelectMany(a => a.Tokens.Select(t => t.Value))
        .Concat(result.UnmatchedTokens)
        .FirstOrDefault(token => token.Length > 1 && token[0] == '-');

    private static List<string> OptionNames(Command command, ParseResult result) =>
    [
        .. command.Options.Concat(result.RootCommandResult.Command.Options.Where(o => o.Recursive)).Select(o => o.Name),
    ];

    private static string CommandLine(ParseResult result) =>
        result.CommandResult == result.RootCommandResult ? "pcnode" : $"pcnode {result.CommandResult.Command.Name}";
}
