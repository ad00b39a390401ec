using System.CommandLine;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Commands;

/// <summary><c>pcnode trace [MODEL]</c>: records every message of a few training steps, and audits them.</summary>
internal static class TraceCommand
{
    /// <summary>What a trace file is, for help.</summary>
    public const string FileDescription = "record every message into FILE, JSON lines, compressed when it ends in .gz";

    public static Command Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "trace",
            "Records every message of a few training steps at the mailbox that it comes to, and audits the trace for locality. "
                + "Ends with 1 when a message broke a rule.",
            "pcnode trace --out mlp.trace.gz",
            "pcnode trace residual --steps 3 --out residual.trace --json",
            "pcnode trace mlp --hidden 8,6 --out mlp.trace --html mlp.html        watch the wave in a browser",
            "pcnode trace rnn --out rnn.trace.gz --perfetto rnn.json              for ui.perfetto.dev",
            "pcnode trace mlp --out mlp.trace --payloads && pcnode audit mlp.trace --recompute all",
            "pcnode trace model.onnx --batch 4 --out model.trace.gz               any model file, on random inputs");
        var model = CommandArguments.Model();
        var file = new Option<string?>("--out") { HelpName = "FILE", Description = FileDescription };
        var payloads = new Option<bool>("--payloads") { Description = "record tensors' elements too, for pcnode audit --recompute; large" };
        var html = new Option<string?>("--html") { HelpName = "FILE", Description = "write a page that plays the recorded steps" };
        var perfetto = new Option<string?>("--perfetto")
        {
            HelpName = "FILE",
            Description = "write what ui.perfetto.dev and chrome://tracing show",
        };
        command.Arguments.Add(model);
        foreach (var option in new Option[] { file, payloads, html, perfetto }) command.Options.Add(option);
        var options = new CommandOptions(command, [SettingCatalogue.TraceSteps, .. CommandOptions.Network, .. CommandOptions.Learning]);
        command.SetAction(async (result, cancellation) =>
        {
            if (result.GetValue(file) is not { } path) throw new UsageException($"{file.Name}: it is missing; give {file.Name} FILE");
            var experiment = Experiment.Create(result.GetValue(model), options.Given(result), "trace");
            experiment.RequireRuleHeedsOptions();
            var tracing = new NetworkTracing(path, terminal);
            tracing.Require(experiment, file.Name);
            var pictures = new TracePictures(result.GetValue(html), result.GetValue(perfetto));
            pictures.Require(path);
            var steps = new TracedSteps(experiment, tracing, result.GetValue(payloads), norms: pictures.Html is not null, cancellation);
            var report = await ElementTypes.RunAsync(experiment.DType, steps).ConfigureAwait(false);
            if (report.ExitCode != ExitCode.RunFailed) pictures.Write(path);
            if (options.IsJson(result)) report.WriteJson(terminal, pictures);
            else report.WriteSummary(terminal, pictures);
            return report.ExitCode;
        });
        return command;
    }
}
