using System.Text;
using System.Text.RegularExpressions;
using PcNode.Output;
using Spectre.Console;

namespace PcNode.Tests.Harness;

/// <summary>A terminal of some width, at which somebody watches.</summary>
internal sealed partial class FakeTerminal : IDisposable
{
    private readonly StringWriter _text = new();

    public FakeTerminal(int width) =>
        Terminal = new Terminal(_text, _text, writer => AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new Screen(writer, width),
        }));

    public Terminal Terminal { get; }

    /// <summary>All lines that were ever shown, without what steers the cursor.</summary>
    public IEnumerable<string> Lines =>
        Steering().Replace(_text.ToString(), "").Split('\n', '\r');

    public void Dispose() => _text.Dispose();

    /// <summary>Runs a command line on a new one.</summary>
    public static async Task<(int ExitCode, IReadOnlyList<string> Lines)> RunAsync(int width, params string[] args)
    {
        using var terminal = new FakeTerminal(width);
        var code = await Cli.RunAsync(args, terminal.Terminal, CancellationToken.None);
        return (code, [.. terminal.Lines]);
    }

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Steering();

    private sealed class Screen(TextWriter writer, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => width;

        public int Height => 50;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
