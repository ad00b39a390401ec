using System.CommandLine;
using System.Text.RegularExpressions;
using PcNode.Commands;
using PcNode.Configuration;
using PcNode.Output;
using PcNode.Suite;

namespace PcNode.Tests.CommandLine;

/// <summary>Golden: docs/cli.md and README.md have every command, docs/cli.md every option with the commands
/// that have it, and the examples of all documents name no other.</summary>
public sealed partial class DocumentedCommands
{
    private static readonly string[] Networks = ["train", "verify", "trace", "inspect", "bench"];

    private static readonly RootCommand Root = Cli.Root(new Terminal(TextWriter.Null, TextWriter.Null));

    private static readonly IReadOnlyList<ExampledCommand> Commands = [.. Root.Subcommands.Cast<ExampledCommand>()];

    private static readonly string Folder = FindRoot();

    [Theory]
    [InlineData("docs/cli.md")]
    [InlineData("README.md")]
    public void Every_command_has_a_line_and_no_line_is_of_another(string document)
    {
        var documented = Rows(document, "| command | does |").Select(row => Name().Match(row[1]).Value);
        Assert.Equal(Commands.Select(c => c.Name).Order(), documented.Order());
    }

    [Fact]
    public void Every_study_has_a_line_and_every_published_row_that_is_not_run()
    {
        var text = File.ReadAllText(Path.Combine(Folder, "docs", "studies.md"));
        Assert.All(Study.All, s => Assert.Contains($"| `{s.Name}`", text, StringComparison.Ordinal));
        Assert.All(Study.All.SelectMany(s => s.Absent.Select(a => $"| `{s.Name}`: {a.Name} |")),
            start => Assert.Contains(start, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_option_has_a_line_that_names_its_commands()
    {
        var documented = (from row in Rows("docs/cli.md", "| option | default | commands | |")
                          from option in Option().Matches(row[1])
                          from command in CommandsIn(row[3])
                          select $"{command} {option.Value}").ToList();
        var real = Commands.SelectMany(c => c.Options.Concat(Root.Options)
            .Where(o => !o.Hidden && o.Name is not ("--help" or "--version")).Select(o => $"{c.Name} {o.Name}"));
        Assert.Equal(real.Where(o => !o.StartsWith("help ", StringComparison.Ordinal)).Order(), documented.Order());
    }

    [Theory]
    [InlineData("docs/cluster.md")]
    [InlineData("src/PcNode/reference.conf")]
    public void The_environment_variables_of_a_node_are_all_there(string document)
    {
        var paragraph = File.ReadAllText(Path.Combine(Folder, document))
            .Split(["\n\n", "\n  node {"], StringSplitOptions.None)
            .Single(p => p.Contains("PCNODE_PORT", StringComparison.Ordinal));
        Assert.Equal(
            NodeCommand.OfNode.Select(setting => Settings.VariableOf(setting.OptionName)).Order(StringComparer.Ordinal),
            Variable().Matches(paragraph).Select(match => match.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Command_lines_in_documents_name_commands_and_options_that_there_are()
    {
        string[] documents = [Path.Combine(Folder, "README.md"),
            .. Directory.GetFiles(Path.Combine(Folder, "docs"), "*.md"), Path.Combine(Folder, "deploy", "README.md")];
        var checkedLines = 0;
        foreach (var document in documents)
        {
            foreach (var line in File.ReadLines(document))
            {
                // In blocks of code alone: prose has other words behind the name.
                if (CommandLine().Match(line) is not { Success: true, Groups: var groups }) continue;
                var command = Commands.FirstOrDefault(c => c.Name == groups["command"].Value);
                Assert.True(command is not null, $"{document}: {line}");
                foreach (Match option in Option().Matches(groups["rest"].Value.Split(" #", 2)[0].Split("&&", 2)[0]))
                    Assert.True(command.Options.Concat(Root.Options).Any(o => o.Name == option.Value),
                        $"{document}: {option.Value} in: {line}");
                checkedLines++;
            }
        }
        Assert.InRange(checkedLines, 40, int.MaxValue);
        Assert.Matches(CommandLine(), "worker1$ pcnode node --port 4053");
    }

    private static IEnumerable<string[]> Rows(string document, string heading) =>
        File.ReadAllLines(Path.Combine(Folder, document)).SkipWhile(l => l != heading).Skip(2)
            .TakeWhile(l => l.StartsWith('|')).Select(l => l.Split('|'));

    private static IEnumerable<string> CommandsIn(string cell) =>
        cell.Split(',', StringSplitOptions.TrimEntries).SelectMany(word => word switch
    {
        "all" => Commands.Select(c => c.Name).Except(["help"]),
        "networks" => Networks,
        _ => [word],
    });

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PcActors.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex("[a-z]+")]
    private static partial Regex Name();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z0-9-]*")]
    private static partial Regex Option();

    [GeneratedRegex(@"\bPCNODE_[A-Z_]+")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(\s{4}|\w*\$ +)?(pcnode|dotnet run -c Release --project src/PcNode --) (?<command>[a-z]+)(?<rest>( .*)?)$")]
    private static partial Regex CommandLine();
}
