using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>What is logged: nothing unless asked, never on standard output, and the stack of what
/// goes wrong at debug.</summary>
public sealed class Logging : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string LogFile => _folder["run.log"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train", "--steps", "2")]
    [InlineData("train", "--steps", "2", "--rule", "bp")]
    [InlineData("verify", "mlp", "--steps", "1")]
    [InlineData("trace", "mlp", "--hidden", "4", "--batch", "2")]
    [InlineData("inspect", "mlp")]
    [InlineData("bench", "mlp", "--hidden", "4", "--turns", "1", "--inference-steps", "2")]
    public async Task Standard_output_is_the_same_and_a_file_has_the_log(params string[] command)
    {
        var run = await Pcnode.RunAsync([.. command, "--json", "--log-level", "debug", "--log-file", LogFile]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.NotEmpty(run.Json);
        Assert.DoesNotContain(run.ErrorLines, line => line.Contains(" info ", StringComparison.Ordinal));
        Assert.Contains($" info PcNode: pcnode ", File.ReadAllText(LogFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_in_one_process_has_what_Akka_says()
    {
        await Pcnode.RunAsync("train", "--hidden", "4", "--steps", "2", "--log-level", "debug", "--log-file", LogFile);
        Assert.Contains(" debug Akka.", File.ReadAllText(LogFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_the_log_is_on_standard_error()
    {
        var run = await Pcnode.RunAsync("--log-level", "info", "inspect", "mlp", "--json");
        Assert.NotEmpty(run.Json);
        Assert.Contains(run.ErrorLines, line => line.Contains(" info PcNode: pcnode ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_without_a_level_has_what_is_worth_knowing_and_is_written_on()
    {
        await Pcnode.RunAsync("train", "--steps", "1", "--log-file", LogFile);
        await Pcnode.RunAsync("train", "nowhere.conf", "--log-file", LogFile);
        var lines = File.ReadAllLines(LogFile);
        Assert.Equal(2, lines.Count(l => l.Contains(" info PcNode: pcnode ", StringComparison.Ordinal)));
        Assert.EndsWith("error PcNode: pcnode: nowhere.conf: there is no such file", lines[^1],
            StringComparison.Ordinal);
        Assert.DoesNotContain(lines,
            l => l.Contains(" debug ", StringComparison.Ordinal) || l.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_stack_of_what_goes_wrong_is_shown_at_debug_only()
    {
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["nowhere.conf: there is no such file"], "train", "nowhere.conf");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["nowhere.conf: there is no such file"], "train", "nowhere.conf",
            "--log-level", "error");
        var shown = await Pcnode.RunAsync("train", "nowhere.conf", "--log-level", "debug");
        Assert.Equal(ExitCode.BadInput, shown.ExitCode);
        Assert.Contains(shown.ErrorLines,
            line => line.StartsWith("at PcNode.Configuration.ConfigurationFile.Load", StringComparison.Ordinal));
        Assert.Equal("pcnode: nowhere.conf: there is no such file", shown.ErrorLines[^1]);
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        await Pcnode.RefusesAsync(
            ExitCode.BadInput,
            ["--log-level: 'inof' is not one of off, error, warning, info, debug; did you mean 'info'?"],
            "train", "--log-level", "inof");
        await Pcnode.RefusesAsync(
            ExitCode.BadInput, [$"--log-file: '{_folder["no/such.log"]}' cannot be written"], "train", "--log-file",
            _folder["no/such.log"]);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
