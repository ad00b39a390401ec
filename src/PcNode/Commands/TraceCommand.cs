using System.CommandLine;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;
using PcNode.Reports;
using PcNode.Tracing;

namespace PcNode.Commands;

/// <summary><c>pcnode trace [MODEL]</c>: records every message of a few training steps, and audits them.</summary>
internal static class TraceCommand
{
    /// <summary>What a trace file is, for help.</summary>
    public const string FileDescription = "record every message into FILE, JSON lines, compressed when it ends in .gz";

    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "trace",
            "Records every message of a few training steps at the mailbox that it comes to, and audits the trace for "
            + "locality. "
                + "Ends with 1 when a message broke a rule.",
            "pcnode trace                                        records and audits; the trace is not kept",
            "pcnode trace --out mlp.trace.gz",
            "pcnode trace residual --steps 3 --out residual.trace --json",
            "pcnode trace mlp --hidden 8,6 --html mlp.html                        watch the wave in a browser",
            "pcnode trace rnn --perfetto rnn.json                                 for ui.perfetto.dev",
            "pcnode trace mlp --out mlp.trace --payloads && pcnode audit mlp.trace --recompute all",
            "pcnode trace rnn --light-cone layer1/step3/tanh                      how far does a disturbance get?",
            "pcnode trace model.onnx --batch 4 --out model.trace.gz               any model file, on random inputs");
        var model = command.AddModels<string?>();
        var cone = command.AddOption<string?>(
            Heading.Run, LightConeRun.Option, "VERTEX",
            "record nothing; disturb this vertex's value and show which vertices differ, timestep by timestep");
        var at = command.AddOption<int?>(Heading.Run, "--at", "T",
            $"the timestep of the disturbance of {LightConeRun.Option}; 0 when it is not given");
        var file = command.AddOption<string?>(Heading.Output, "--out", "FILE", FileDescription);
        var payloads = command.AddOption<bool>(Heading.Output, "--payloads", null,
            "record tensors' elements too, for pcnode audit --recompute; large");
        var (html, perfetto) = AddPictures(command);
        var options = new CommandOptions(command,
            [SettingCatalogue.TraceSteps, .. SettingGroups.Network, .. SettingGroups.Fed, .. SettingGroups.Learning,
                .. SettingGroups.Cluster]);
        command.SetAction(async (result, cancellation) =>
        {
            if (result.GetValue(cone) is { } vertex)
            {
                foreach (var other in new Option[] { file, payloads, html, perfetto })
                {
                    if (result.GetResult(other) is { Implicit: false })
                        throw new UsageException(
                            $"{other.Name}: {cone.Name} records nothing; leave one of the two out");
                }
                LightConeRun.RequireHeeded(options.Given(result));
                var run = new LightConeRun(Experiment.Create(result.GetValue(model), options.Given(result), "trace"),
                    vertex, result.GetValue(at) ?? 0, terminal);
                return await ShowConeAsync(run, CommandOptions.IsJson(result), terminal).ConfigureAwait(false);
            }
            if (result.GetValue(at) is not null) throw new UsageException($"{at.Name}: it is for {cone.Name}");
            var experiment = Experiment.Create(result.GetValue(model), options.Given(result), "trace");
            experiment.Logs = terminal.Logs?.Factory;
            experiment.RequireRuleHeedsOptions();
            var pictures = new TracePictures(result.GetValue(html), result.GetValue(perfetto));
            var given = result.GetValue(file);
            if (given is null && result.GetValue(payloads))
                throw new UsageException($"{payloads.Name}: elements are kept in a trace file; give {file.Name} FILE");
            var path = given ?? Path.Combine(Path.GetTempPath(), $"pcnode-{Guid.NewGuid():n}.trace.gz");
            if (given is null) TemporaryFiles.Add(path);
            try
            {
                var tracing = new NetworkTracing(path, terminal, isKept: given is not null);
                tracing.Require(experiment, given is null ? "the trace, which is not kept" : file.Name);
                pictures.Require(path, experiment);
                var steps = new TracedSteps(experiment, tracing, result.GetValue(payloads),
                    norms: pictures.Html is not null, terminal, cancellation);
                var report = await ElementTypes.RunAsync(experiment.DType, steps).ConfigureAwait(false);
                report.Draw(pictures);
                report.Write(terminal, CommandOptions.IsJson(result));
                return report.ExitCode;
            }
            finally
            {
                if (given is null) TemporaryFiles.Delete(path);
            }
        });
        return command;
    }

    /// <summary>Adds the options for pictures of a trace.</summary>
    public static (Option<string?> Html, Option<string?> Perfetto) AddPictures(ExampledCommand command) => (
        command.AddOption<string?>(Heading.Output, TracePictures.HtmlOption, "FILE",
            "write a page that plays the recorded steps"),
        command.AddOption<string?>(Heading.Output, TracePictures.PerfettoOption, "FILE",
            "write what ui.perfetto.dev and chrome://tracing show"));

    private static async Task<int> ShowConeAsync(LightConeRun run, bool json, Terminal terminal)
    {
        var experiment = run.Experiment;
        experiment.RequireRuleHeedsOptions();
        var cone = await ElementTypes.RunAsync(experiment.DType, run).ConfigureAwait(false);
        var report = new LightConeReport(experiment.Model, cone, run.Time);
        if (json) report.WriteJson(terminal);
        else report.WriteTable(terminal);
        return report.ExitCode;
    }
}
