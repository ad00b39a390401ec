using PcActors.Models;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Commands;

/// <summary><c>pcnode bench [MODEL...]</c>: how long an update takes by backpropagation, by Z-IL and by
/// inference learning.</summary>
internal static class BenchCommand
{
    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "bench",
            "Measures how long one weight update takes by backpropagation, by Z-IL and by inference learning.",
            "pcnode bench                                         all built-in networks at their usual sizes, on one "
            + "thread",
            "pcnode bench mlp rnn --data digits --batch 32",
            "pcnode bench resnet18 --threads 2 --turns 9 --json");
        var models = command.AddModels<string[]>();
        var options = new CommandOptions(
            command,
            [
                SettingCatalogue.BenchTurns, .. SettingGroups.Network, SettingCatalogue.InferenceSteps,
                SettingCatalogue.InferenceRate,
                SettingCatalogue.Optimizer, SettingCatalogue.LearningRate, SettingCatalogue.Threads,
            ]);
        command.SetAction(async (result, cancellation) =>
        {
            string[] names = result.GetValue(models) is { Length: > 0 } some ? some : [.. ModelCatalogue.Names];
            var experiments = names.Select(name => Experiment.Create(name, options.Given(result), command.Name))
                .ToList();
            foreach (var experiment in experiments)
            {
                experiment.Settings.Get(SettingCatalogue.BenchTurns);
                experiment.Logs = terminal.Logs?.Factory;
            }
            var series = new Series<UpdateTimes>(terminal, CommandOptions.IsJson(result))
            {
                Words = times => $"{times.Model}, Z-IL / BP {times.ZilOverBp:0.00}",
                WriteJson = times => WriteJson(terminal, times),
                WriteText = all => WriteTable(terminal, all),
            };
            await series.RunAsync(
                experiments, e => ElementTypes.RunAsync(e.DType, new UpdateTiming(e, terminal, cancellation)),
                cancellation).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    private static void WriteJson(Terminal terminal, UpdateTimes times) => JsonLines.Write(
        terminal.Output,
        ("event", "bench"),
        ("model", times.Model),
        ("dtype", times.DType),
        ("batch", times.Batch),
        ("threads", times.Threads),
        ("vertices", times.Vertices),
        ("trainableParameters", times.Parameters),
        ("inferenceSteps", times.InferenceSteps),
        ("bpMilliseconds", times.Bp),
        ("zilMilliseconds", times.Zil),
        ("ilMilliseconds", times.Il),
        ("zilOverBp", times.ZilOverBp),
        ("ilOverBp", times.IlOverBp));

    private static void WriteTable(Terminal terminal, List<UpdateTimes> all)
    {
        var hasOneT = all.TrueForAll(t => t.InferenceSteps == all[0].InferenceSteps);
        var table = new FittingTable(
        [
            new Column("model", IsText: true), new Column("BP ms"), new Column("Z-IL ms"), new Column("Z-IL / BP"),
            new Column(hasOneT ? $"IL ms, T = {all[0].InferenceSteps}" : "IL ms"), new Column("IL / BP"),
            .. hasOneT ? Array.Empty<Column>() : [new Column("T")], new Column("batch"), new Column("vertices"),
            new Column("parameters"),
        ])
        { Required = hasOneT ? 6 : 7 };
        foreach (var times in all)
        {
            table.AddRow(
            [
                times.Model,
                $"{times.Bp:0.000}",
                $"{times.Zil:0.000}",
                $"{times.ZilOverBp:0.00}",
                double.IsNaN(times.Il) ? "diverged" : $"{times.Il:0.0}",
                double.IsNaN(times.Il) ? "" : $"{times.IlOverBp:0}",
                .. hasOneT ? Array.Empty<string>() : [$"{times.InferenceSteps}"],
                $"{times.Batch}",
                $"{times.Vertices:#,0}",
                $"{times.Parameters:#,0}",
            ]);
        }
        table.Write(terminal);
    }
}
