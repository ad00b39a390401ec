using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace PcNode.Output;

/// <summary>Where results, and where progress and complaints go.</summary>
internal sealed class Terminal
{
    // A file has no width; a narrow default would break hashes in two.
    private const int WidthOfFiles = 120;

    private readonly Lazy<IAnsiConsole> _results;
    private readonly Lazy<IAnsiConsole> _progress;

    /// <summary>A terminal, or what stands in for one.</summary>
    /// <param name="output">Results.</param>
    /// <param name="error">Progress and complaints.</param>
    /// <param name="open">Opens either for tables and bars; null for what the process has.</param>
    public Terminal(TextWriter output, TextWriter error, Func<TextWriter, IAnsiConsole>? open = null)
    {
        (Output, Error) = (output, error);
        _results = new Lazy<IAnsiConsole>(() => (open ?? Open)(output));
        _progress = new Lazy<IAnsiConsole>(() => (open ?? Open)(error));
    }

    /// <summary>Results.</summary>
    public TextWriter Output { get; }

    /// <summary>Progress and complaints.</summary>
    public TextWriter Error { get; }

    /// <summary>Tells how long a command has taken.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where what happens within a run is logged; nowhere until the command line has been read.</summary>
    public Logs? Logs { get; set; }

    /// <summary>Characters of a line of results.</summary>
    public int OutputWidth => Results.Profile.Width;

    /// <summary>Results, with tables.</summary>
    public IAnsiConsole Results => _results.Value;

    /// <summary>Progress, with bars where somebody watches.</summary>
    public IAnsiConsole Progress => _progress.Value;

    /// <summary>Whether somebody watches the progress.</summary>
    public bool IsWatched =>
        Progress.Profile.Out.IsTerminal && Progress.Profile.Capabilities.Interactive
            && Progress.Profile.Capabilities.Ansi;

    /// <summary>Prints a line of results for people: at a terminal words are not cut.</summary>
    public void Print(string line, int further = 0) => Write(Output, Results, line, further);

    /// <summary>Says a line to whoever watches, and to the log, where that is somewhere else.</summary>
    public void Say(string line, LogLevel level = LogLevel.Information)
    {
        Write(Error, Progress, line.ReplaceLineEndings(" "), further: 0);
        if (Logs is { AreShown: false } logs) logs.Write(level, line);
    }

    /// <summary>Says what went wrong, in a line.</summary>
    public void Complain(string trouble, LogLevel level = LogLevel.Error) =>
        Say($"pcnode: {trouble.ReplaceLineEndings(" ")}", level);

    private static void Write(TextWriter writer, IAnsiConsole console, string line, int further)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            writer.WriteLine(line);
            return;
        }
        var page = new TextPage(console.Profile.Width);
        page.Write(line, 0, further);
        writer.Write(page.ToString());
    }

    private static IAnsiConsole Open(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = WidthOfFiles;
        return console;
    }
}
