using System.CommandLine;
using PcActors.Models;
using PcNode.Configuration;
using PcNode.Output;
using PcNode.Reports;

namespace PcNode.Commands;

/// <summary><c>pcnode paper --out DIR</c>: the paper's tables and figures, measured anew.</summary>
internal static class PaperCommand
{
    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "paper",
            "Measures the tables of the paper behind Z-IL anew and writes a report: distances to backpropagation with and without each "
                + "condition, times of an update, and how the error travels.",
            "pcnode paper --out report                             all built-in networks; some minutes",
            "pcnode paper mlp rnn --out report --turns 3");
        var models = CommandArguments.Models();
        command.Arguments.Add(models);
        var folder = new Option<string?>("--out") { HelpName = "DIR", Description = "the folder for the report; it is made if it is not there" };
        command.Add(Heading.Output, folder);
        var options = new CommandOptions(
            command,
            [SettingCatalogue.BenchTurns, SettingCatalogue.Data, SettingCatalogue.Batch, SettingCatalogue.Loss, SettingCatalogue.Seed, SettingCatalogue.DType, SettingCatalogue.Threads]);
        command.SetAction(async (result, cancellation) =>
        {
            string[] names = result.GetValue(models) is { Length: > 0 } some ? some : [.. ModelCatalogue.Names];
            if (result.GetValue(folder) is not { Length: > 0 } path) throw new UsageException("--out: it is missing; give --out DIR");
            var study = new PaperStudy(names, options.Given(result), line => terminal.Say(line), cancellation);
            study.Check();
            Require(path);
            var distances = await study.DistancesAsync().ConfigureAwait(false);
            var curves = await study.InferenceStepsAsync().ConfigureAwait(false);
            var waves = await study.WavesAsync().ConfigureAwait(false);
            var times = await study.TimesAsync().ConfigureAwait(false);
            new PaperReport(path, "--out").Write(study.Conditions(), distances, times, curves, waves);
            var report = Path.Combine(path, "report.md");
            if (CommandOptions.IsJson(result)) JsonLines.Write(terminal.Output, ("event", "paper"), ("report", report), ("allIdentical", distances.All(d => d[0].IsBitIdentical)));
            else terminal.Print($"the report is {report}");
            return distances.All(d => d[0].IsBitIdentical) ? ExitCode.Done : ExitCode.CheckFailed;
        });
        return command;
    }

    private static void Require(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--out: the folder '{folder}' cannot be made: {e.Message}");
        }
        AtomicFile.Require(Path.Combine(folder, "report.md"), "--out");
    }
}
