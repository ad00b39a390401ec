using System.CommandLine;
using PcNode.Configuration;
using PcNode.Output;
using PcNode.Reports;
using PcNode.Suite;

namespace PcNode.Commands;

/// <summary><c>pcnode suite --out DIR</c>: published studies of predictive coding, run again.</summary>
internal static class SuiteCommand
{
    public static ExampledCommand Create(Terminal terminal)
    {
        var names = Study.All.Select(s => s.Name).ToList();
        var command = new ExampledCommand(
            "suite",
            "Runs published studies of predictive coding again, and writes a report that has their figures beside the "
            + "published ones.",
            "pcnode suite --out studies --study pcx --seeds 1    one study, one seed",
            "pcnode suite --out studies                          all of them: over an hour",
            "pcnode suite --out studies                          again: goes on where it was stopped",
            "pcnode suite --out trial --quick                    tiny sizes, to see that all of them run");
        var folder = command.AddOption<string?>(Heading.Output, "--out", "DIR",
            "the folder for the report; it is made if it is not there");
        var chosen = command.AddOption<string[]>(Heading.Run, "--study", "NAME",
            $"a study, repeatable: {string.Join(", ", names)}; all of them unless it is given");
        chosen.AllowMultipleArgumentsPerToken = false;
        chosen.CompletionSources.Add([.. names]);
        var seeds = command.AddOption<string?>(Heading.Run, "--seeds", "N",
            "seeds of each row, from 0 on; each study has its own number of them unless it is given");
        var quick = command.AddOption<bool>(Heading.Run, "--quick", null,
            "tiny sizes, which show that the studies run and nothing else; two seeds unless --seeds says another "
            + "number");
        var data = command.AddOption<string?>(Heading.Data, "--data", "FOLDER",
            $"the folder with the IDX files of FashionMNIST; '{StudyImages.UsualFolder}' unless it is given");
        command.SetAction(async (result, cancellation) =>
        {
            if (result.GetValue(folder) is not { Length: > 0 } path)
                throw new UsageException("--out: it is missing; give --out DIR");
            var studies = Choose(result.GetValue(chosen) ?? []);
            var count = SeedsOf(result.GetValue(seeds));
            var images = ImagesOf(result.GetValue(data));
            ReportFolder.Require(path, folder.Name);
            var file = new ResultFile<StudyRun>(path, StudyRun.FileName, "run of a study", folder.Name);
            void Save(string name, Action<Stream> write) =>
                AtomicFile.Write(Path.Combine(path, name), folder.Name, write);
            var (suite, report) = (new SuiteRuns(studies, count, result.GetValue(quick), images, Save),
                new SuiteReport(Save));
            var anew = suite.Resume(file.Read());
            if (suite.Done.Count > 0)
                terminal.Say($"{suite.Done.Count} of {suite.Count} runs are in '{path}' already, under the same "
                    + "settings");
            if (anew > 0) terminal.Say($"{anew} of the runs in '{path}' are made anew, under other settings");
            foreach (var study in suite.Missing)
                terminal.Say($"{study.Name}: not run, its data are not there; give --data FOLDER");
            foreach (var (study, runs, cost) in suite.Costs)
                terminal.Say($"{study.Name}: {runs} runs{(cost is { } time ? $", {TimeLeft.Cost(time)}" : "")}");
            try
            {
                await suite.RunAsync(
                    (part, number, left) => terminal.Say(
                        $"{number}/{suite.Count}  {part}{(left is { } time ? $"  ({TimeLeft.Words(time)})" : "")}"),
                    WriteAll,
                    cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                terminal.Say($"{suite.Done.Count} of {suite.Count} runs are in '{path}'; the same command goes on "
                    + "from them");
                throw;
            }
            WriteAll();
            var text = Path.Combine(path, ReportFolder.Report);
            if (CommandOptions.IsJson(result))
                JsonLines.Write(terminal.Output, ("event", "suite"), ("report", text), ("runs", suite.Done.Count),
                    ("missing", suite.Missing.Select(s => s.Name).ToList()));
            else terminal.Print($"the report is {text}");
            return ExitCode.Done;

            void WriteAll()
            {
                file.Write(suite.Done.Concat(suite.Others));
                report.Write(suite);
            }
        });
        return command;
    }

    private static IReadOnlyList<Study> Choose(string[] names)
    {
        var known = Study.All.Select(s => s.Name).ToList();
        if (Array.Find(names, n => !known.Contains(n)) is { } unknown)
            throw new UsageException(
                $"--study: there is no study '{unknown}'{Suggestion.For(unknown, known)}; it must be one of "
                + string.Join(", ", known));
        return names.Length == 0 ? Study.All : [.. Study.All.Where(s => names.Contains(s.Name))];
    }

    private static int? SeedsOf(string? text)
    {
        if (text is null) return null;
        return int.TryParse(text, out var count) && count > 0
            ? count
            : throw new UsageException($"--seeds: '{text}' is no number of seeds; it must be 1 or more");
    }

    private static StudyImages? ImagesOf(string? folder)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw new UsageException($"--data: there is no folder '{folder}'");
        return folder is not null ? new StudyImages(folder)
            : Directory.Exists(StudyImages.UsualFolder) ? new StudyImages(StudyImages.UsualFolder) : null;
    }
}
