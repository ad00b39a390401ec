using System.CommandLine;
using System.Text.RegularExpressions;
using PcActors.Models;
using PcActors.Tests.Documentation;
using PcNode.Commands;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;
using PcNode.Tests.Harness;

namespace PcNode.Tests.CommandLine;

/// <summary>Property: help is true. What it names is there, and the defaults that it shows are in force.</summary>
public sealed partial class HelpProperties
{
    private static readonly RootCommand Root = Cli.Root(new Terminal(TextWriter.Null, TextWriter.Null));

    public static TheoryData<string> Commands => [.. Root.Subcommands.Select(c => c.Name)];

    private static ExampledCommand Find(string name) => (ExampledCommand)Root.Subcommands.Single(c => c.Name == name);

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_default_of_every_option_is_the_one_in_force(string name)
    {
        foreach (var entry in Find(name).Entries.Where(e => e.Default is not null))
        {
            var settings = SettingGroups.All.Append(SettingCatalogue.Root)
                .Where(s => s.OptionName == entry.Option.Name).ToList();
            var setting = settings.Find(s => s.Key.StartsWith($"{name}.", StringComparison.Ordinal)) ?? settings[0];
            var inForce = InForce(name, setting).Distinct().ToList();
            if (inForce.Count == 1) Assert.Equal((name, setting.Key, inForce[0]), (name, setting.Key, entry.Default));
            else Assert.Contains(' ', entry.Default!);
        }
    }

    private static IEnumerable<string> InForce(string command, Setting setting) =>
        command is "node" or "cluster" or "checkpoints"
            ? [Settings.Reference.For(command).TextOf(setting)]
            : ModelCatalogue.Names.Select(model => Experiment.Create(model, [], command).Settings.TextOf(setting));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_names_no_option_that_the_command_lacks(string name)
    {
        var command = Find(name);
        foreach (var text in command.Entries.Select(e => e.Option.Description!)
            .Concat(command.Arguments.Select(a => a.Description!)).Append(command.Description!)
            .Concat(command.Examples))
        {
            var spoken = command;
            foreach (Match match in Named().Matches(text))
            {
                // What stands behind another command's name is that one's.
                if (match.Groups["command"] is { Success: true, Value: var other }) spoken = Find(other);
                else Assert.True(spoken.Options.Concat(Root.Options).Any(o => o.Name == match.Value),
                    $"{name}: '{match.Value}' in: {text}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_speaks_of_no_other_command_but_by_its_whole_name(string name)
    {
        var others = Root.Subcommands.Select(c => c.Name)
            .Except([name, "step", "trace", "node", "cluster", "paper", "help", "checkpoints"]).ToList();
        foreach (var entry in Find(name).Entries)
        {
            var words = Whole().Replace(entry.Option.Description!, "").Split([' ', ',', '(', ')', ';', ':', '\'']);
            Assert.Empty(words.Intersect(others));
        }
    }

    [Theory]
    [MemberData(nameof(Widths.Sizes), MemberType = typeof(Widths))]
    public async Task No_line_is_longer_than_the_terminal_is_wide(int width)
    {
        foreach (var name in Root.Subcommands.Select(c => c.Name).Prepend(""))
        {
            var (code, lines) = await FakeTerminal.RunAsync(width, name.Length > 0 ? ["help", name] : []);
            Assert.Equal(ExitCode.Done, code);
            Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
            if (name.Length == 0) continue;
            var text = string.Join(' ', lines);
            Assert.All(Find(name).Entries.Where(e => !e.Option.Hidden),
                e => Assert.Contains(e.Option.Name, text, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_option_stands_in_one_group_and_every_group_in_the_document(string name)
    {
        var documented = Groups()
            .Match(File.ReadAllText(Path.Combine(Repository.Root, "docs", "cli.md"))).Groups[1].Captures.Select(
                c => c.Value).ToList();
        Assert.Equal([.. Enum.GetNames<Heading>(), "General"], documented);
        var (groups, options) = (new List<string>(), new List<string>());
        foreach (var line in (await Pcnode.RunAsync("help", name)).Output.Split('\n'))
        {
            if (Title().Match(line) is { Success: true } title) groups.Add(title.Groups[1].Value);
            if (Row().Match(line) is { Success: true } row && documented.Contains(groups[^1]))
                options.Add(row.Groups[1].Value);
        }
        Assert.Equal(groups.Distinct(), groups);
        groups.RemoveAll(g => g is "Usage" or "Arguments" or "Examples");
        Assert.Equal(documented.Intersect(groups), groups);
        var command = Find(name);
        var visible = command.Options.Concat(Root.Options.Where(o => o.Recursive)).Where(o => !o.Hidden)
            .Select(o => o.Name);
        Assert.Equal(visible.Order(StringComparer.Ordinal), options.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("cluster")]
    public async Task There_are_three_ways_to_help(string name)
    {
        var expected = await Pcnode.RunAsync(name, "--help");
        Assert.Equal(expected, await Pcnode.RunAsync("help", name));
        Assert.Equal(expected, await Pcnode.RunAsync(name, "-h"));
        Assert.Empty(expected.Error);
    }

    [Fact]
    public async Task What_all_commands_have_may_stand_before_or_behind_them()
    {
        string[] options = ["mlp", "--hidden", "4"];
        var expected = await Pcnode.RunAsync(["inspect", .. options, "--json"]);
        Assert.Equal(ExitCode.Done, expected.ExitCode);
        Assert.Equal(expected, await Pcnode.RunAsync(["--json", "inspect", .. options]));
    }

    [Fact]
    public async Task Without_a_command_help_is_shown()
    {
        var run = await Pcnode.RunAsync();
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(await Pcnode.RunAsync("--help"), run);
        Assert.Equal(await Pcnode.RunAsync("help"), run);
        Assert.All(Root.Subcommands, c => Assert.Contains($"  {c.Name} ", run.Output, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"pcnode (?<command>[a-z]+)|(?<![\w-])--[a-z][a-z-]*")]
    private static partial Regex Named();

    [GeneratedRegex(@"pcnode [a-z]+")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^Help shows them in groups: (?:\*(\w+)\*(?:, | and |\.))+", RegexOptions.Multiline)]
    private static partial Regex Groups();

    [GeneratedRegex(@"^(\w+):?\s*$")]
    private static partial Regex Title();

    [GeneratedRegex(@"^  (--[a-z0-9-]+)")]
    private static partial Regex Row();
}
