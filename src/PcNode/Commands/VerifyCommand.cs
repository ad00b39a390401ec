using PcActors.Learning;
using PcActors.Models;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;
using PcNode.Reports;

namespace PcNode.Commands;

/// <summary><c>pcnode verify [MODEL...]</c>: the same steps under the rule and under backpropagation,
/// compared bit for bit.</summary>
internal static class VerifyCommand
{
    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "verify",
            "Makes the same training steps under the rule and under backpropagation and compares all parameters. "
                + "Ends with 1 when any bit differs.",
            "pcnode verify                                        all built-in networks",
            "pcnode verify residual --dtype f64 --micro 2 --steps 10",
            "pcnode verify residual --ablate forward-init --ablate levelling   what the conditions are for",
            "pcnode verify residual --ablate inference-rate --inference-rate 0.9",
            "pcnode verify mlp --granularity scalar --hidden 16    a vertex for every weight, product and sum",
            "pcnode verify model.onnx --batch 4 --dim T=16         any model file, on random inputs and targets",
            "pcnode verify experiment.conf --json");
        var models = command.AddModels<string[]>();
        var ablate = command.AddOption<string[]>(
            Heading.Run, "--ablate", string.Join('|', Ablation.Names),
            "leaves a condition of Z-IL out; repeatable, one comparison each");
        var options = new CommandOptions(
            command,
            [SettingCatalogue.VerifySteps, .. SettingGroups.Network, .. SettingGroups.Fed, .. SettingGroups.Learning]);
        command.SetAction(async (result, cancellation) =>
        {
            var given = options.Given(result);
            string[] names = result.GetValue(models) is { Length: > 0 } some ? some : [.. ModelCatalogue.Names];
            var series = new Series<VerificationResult>(terminal, CommandOptions.IsJson(result))
            {
                Words = VerificationReport.Words,
                WriteJson = one => VerificationReport.WriteJson(terminal, one),
                WriteText = all => VerificationReport.WriteText(terminal, all),
            };
            var plan = Plan(names, result.GetValue(ablate) ?? [], given);
            foreach (var (experiment, _) in plan) experiment.Logs = terminal.Logs?.Factory;
            // What is found in data and model files is the same for each condition that is left out.
            var told = new HashSet<Experiment>();
            var results = await series.RunAsync(
                plan,
                p => ElementTypes.RunAsync(
                    p.Experiment.DType, new Verification(
                        p.Experiment, p.Ablation, cancellation, told.Add(p.Experiment) ? terminal : null)),
                cancellation).ConfigureAwait(false);
            return results.TrueForAll(r => r.IsBitIdentical) ? ExitCode.Done : ExitCode.CheckFailed;
        });
        return command;
    }

    /// <summary>All comparisons, each checked before the first one runs.</summary>
    private static List<(Experiment Experiment, Ablation? Ablation)> Plan(
        string[] models, string[] ablations, IReadOnlyList<(Setting Setting, string Text)> options)
    {
        var plan = new List<(Experiment, Ablation?)>();
        foreach (var model in models)
        {
            var experiment = Experiment.Create(model, options, "verify");
            experiment.RequireRuleHeedsOptions(ablatesRate: ablations.Contains("inference-rate"));
            if (experiment.Rule == RuleNames.Bp)
                throw new UsageException(
                    $"{experiment.Settings.OriginOf(SettingCatalogue.Rule)}: bp is what a rule is compared with; "
                    + "give zil or il");
            if (experiment.Rule != RuleNames.Zil && ablations.Length > 0)
                throw new UsageException(
                    $"--ablate: it leaves a condition of Z-IL out, and the rule is {experiment.Rule}");
            if (ablations.Length == 0) plan.Add((experiment, null));
            foreach (var name in ablations) plan.Add((experiment, AblationOf(name, experiment)));
        }
        return plan;
    }

    private static Ablation AblationOf(string name, Experiment experiment)
    {
        if (!Ablation.Names.Contains(name))
        {
            throw new UsageException(
                $"--ablate: '{name}' is not one of "
                + $"{string.Join(", ", Ablation.Names)}{Suggestion.For(name, Ablation.Names)}");
        }
        if (experiment.Clock == Clock.Wavefront && experiment.Settings.IsOnCommandLine(SettingCatalogue.Clock))
            throw new UsageException(
                "--clock: without one of its conditions Z-IL runs the full dynamics, which need lockstep");
        return experiment.Settings.IsOnCommandLine(SettingCatalogue.InferenceRate)
            ? Ablation.Parse(name, experiment.Il.InferenceRate)
            : Ablation.Parse(name);
    }
}
