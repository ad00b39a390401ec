using System.CommandLine;
using PcActors.Files;
using PcActors.Models;
using PcNode.Configuration;
using PcNode.Output;
using PcNode.Reports;

namespace PcNode.Commands;

/// <summary><c>pcnode paper --out DIR</c>: the paper's tables and figures, measured anew.</summary>
internal static class PaperCommand
{
    private const string UsualDepths = "2,4,8,16";

    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "paper",
            "Measures the tables of the paper behind Z-IL anew and writes a report: distances to backpropagation "
            + "with and without each "
                + "condition, times of an update, and how the error travels.",
            "pcnode paper --out report                             all built-in networks: four minutes and more",
            "pcnode paper --out report --quick                     fewer turns and inference steps: a minute and more",
            "pcnode paper mlp rnn --out report --turns 3",
            "pcnode paper --depth 2,4,8,16 --out depth             how inference learning depends on depth, alone",
            "pcnode paper --out report                             again: goes on where it was stopped");
        var models = command.AddModels<string[]>();
        var folder = command.AddOption<string?>(Heading.Output, "--out", "DIR",
            "the folder for the report; it is made if it is not there");
        var quick = command.AddOption<bool>(
            Heading.Run, "--quick", null,
            "one turn of measuring, unless --turns says more, and fewer inference steps: 20 where times are "
            + "measured, at most 32 for the distance by T");
        var depth = command.AddOption<string?>(Heading.Run, "--depth", "N,N,...",
            "studies networks with so many hidden layers, of 32 units each: cosines, energies and updates by level, "
            + "accuracy and time; without MODEL nothing else. Alone: " + UsualDepths);
        depth.Arity = ArgumentArity.ZeroOrOne;
        var options = new CommandOptions(
            command,
            [SettingCatalogue.BenchTurns, SettingCatalogue.Data, SettingCatalogue.Batch, SettingCatalogue.Loss,
                SettingCatalogue.Seed, SettingCatalogue.DType, SettingCatalogue.Threads]);
        command.SetAction(async (result, cancellation) =>
        {
            IReadOnlyList<int> depths = result.GetResult(depth) is { Implicit: false }
                ? DepthsOf(result.GetValue(depth) ?? UsualDepths, depth.Name)
                : [];
            string[] names = result.GetValue(models) is { Length: > 0 } some
                ? [.. some.Distinct(StringComparer.Ordinal)]
                : depths.Count > 0 ? [] : [.. ModelCatalogue.Names];
            if (result.GetValue(folder) is not { Length: > 0 } path)
                throw new UsageException("--out: it is missing; give --out DIR");
            var study = new PaperStudy(names, depths, new PaperParts(options.Given(result), result.GetValue(quick)));
            ReportFolder.Require(path, folder.Name);
            var data = options.Given(result).Where(o => o.Setting == SettingCatalogue.Data).Select(o => o.Text);
            if (data.Any(f => File.Exists(f) && OutputFile.AreSame(Path.Combine(f, ".."), path)))
                throw new UsageException(
                    $"{folder.Name}: the data are in '{path}'; give the report a folder of its own");
            var file = new ResultFile<Measurement>(path, Measurement.FileName, "measurement", folder.Name);
            var report = new PaperReport(path, folder.Name);
            var (anew, changes) = study.Resume(file.Read());
            if (study.Done.Count > 0)
                terminal.Say(
                    $"{study.Done.Count} of {study.Count} measurements are in '{path}' already, under the same "
                    + "settings");
            if (anew > 0)
                terminal.Say($"{anew} of the measurements in '{path}' are made anew: {string.Join("; ", changes)}");
            try
            {
                await study.RunAsync(
                    (part, number, left) => terminal.Say(
                        $"{number}/{study.Count}  {part}{(left is { } time ? $"  ({TimeLeft.Words(time)})" : "")}"),
                    Save,
                    cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                terminal.Say(
                    $"{study.Done.Count} of {study.Count} measurements are in '{path}'; the same command goes on "
                    + "from them");
                throw;
            }
            Save();
            var isIdentical = study.Done.Where(m => m.Distance is { Rule: RuleNames.Zil, Ablation: null })
                .All(m => m.Distance!.IsBitIdentical) && study.Done.All(m => m.Depth is not { ZilIsIdentical: false });
            var text = Path.Combine(path, "report.md");
            if (CommandOptions.IsJson(result))
                JsonLines.Write(terminal.Output, ("event", "paper"), ("report", text), ("allIdentical", isIdentical));
            else terminal.Print($"the report is {text}");
            return isIdentical ? ExitCode.Done : ExitCode.CheckFailed;

            void Save()
            {
                file.Write(study.Done.Concat(study.Others));
                var (conditions, batches) = study.Conditions();
                report.Write(conditions, batches, study.Done, study.Count);
            }
        });
        return command;
    }

    private static IReadOnlyList<int> DepthsOf(string text, string origin)
    {
        return ValueTypes.Sizes.Read(text) is { IsSome: true } depths
            ? [.. depths.Value.Distinct().Order()]
            : throw new UsageException($"{origin}: '{text}' is not {ValueTypes.Sizes.Accepted}");
    }
}
