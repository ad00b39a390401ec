using PcActors.Learning;
using PcActors.Models;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Commands;

/// <summary><c>pcnode verify [MODEL...]</c>: the same steps under the rule and under backpropagation, compared bit for bit.</summary>
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
            Heading.Run, "--ablate", string.Join('|', Ablation.Names), "leaves a condition of Z-IL out; repeatable, one comparison each");
        var options = new CommandOptions(
            command, [SettingCatalogue.VerifySteps, .. SettingGroups.Network, .. SettingGroups.Learning]);
        command.SetAction(async (result, cancellation) =>
        {
            var given = options.Given(result);
            string[] names = result.GetValue(models) is { Length: > 0 } some ? some : [.. ModelCatalogue.Names];
            var results = new List<VerificationResult>();
            foreach (var (experiment, ablation) in Plan(names, result.GetValue(ablate) ?? [], given))
            {
                experiment.Logs = terminal.Logs?.Factory;
                var verification = new Verification(experiment, ablation, cancellation);
                results.Add(await ElementTypes.RunAsync(experiment.DType, verification).ConfigureAwait(false));
                if (CommandOptions.IsJson(result)) WriteJson(terminal, results[^1]);
            }
            if (!CommandOptions.IsJson(result)) WriteText(terminal, results);
            return results.TrueForAll(r => r.IsBitIdentical) ? ExitCode.Done : ExitCode.CheckFailed;
        });
        return command;
    }

    /// <summary>All comparisons, each checked before the first one runs.</summary>
    private static List<(Experiment, Ablation?)> Plan(
        string[] models, string[] ablations, IReadOnlyList<(Setting Setting, string Text)> options)
    {
        var plan = new List<(Experiment, Ablation?)>();
        foreach (var model in models)
        {
            var experiment = Experiment.Create(model, options, "verify");
            experiment.RequireRuleHeedsOptions(ablatesRate: ablations.Contains("inference-rate"));
            if (experiment.Rule == RuleNames.Bp)
                throw new UsageException($"{experiment.Settings.OriginOf(SettingCatalogue.Rule)}: bp is what a rule is compared with; give zil or il");
            if (experiment.Rule != RuleNames.Zil && ablations.Length > 0)
                throw new UsageException($"--ablate: it leaves a condition of Z-IL out, and the rule is {experiment.Rule}");
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
                $"--ablate: '{name}' is not one of {string.Join(", ", Ablation.Names)}{Suggestion.For(name, Ablation.Names)}");
        }
        if (experiment.Clock == Clock.Wavefront && experiment.Settings.IsOnCommandLine(SettingCatalogue.Clock))
            throw new UsageException("--clock: without one of its conditions Z-IL runs the full dynamics, which need lockstep");
        return experiment.Settings.IsOnCommandLine(SettingCatalogue.InferenceRate)
            ? Ablation.Parse(name, experiment.Il.InferenceRate)
            : Ablation.Parse(name);
    }

    private static void WriteJson(Terminal terminal, VerificationResult result) => JsonLines.Write(
        terminal.Output,
        ("event", "verify"),
        ("model", result.Model),
        ("rule", result.Rule),
        ("ablation", result.Ablation),
        ("granularity", result.Granularity),
        ("dtype", result.DType),
        ("vertices", result.Vertices),
        ("identityVertices", result.IdentityVertices),
        ("levels", result.Levels),
        ("steps", result.Steps),
        ("maxAbsDifference", result.MaxAbsDifference),
        ("maxUlpDistance", result.MaxUlpDistance),
        ("euclideanDistance", result.EuclideanDistance),
        ("updateNorm", result.UpdateNorm),
        ("relativeDistance", result.RelativeDistance),
        ("bitIdentical", result.IsBitIdentical),
        ("firstDifference", result.FirstDifference));

    private static void WriteText(Terminal terminal, List<VerificationResult> results)
    {
        terminal.Print(Verdict(results));
        foreach (var result in results.Where(r => r.IsLevelledAlready))
            terminal.Print($"{result.Model} is levelled as it is, so leaving levelling out changes nothing.");
        var hasAblation = results.Exists(r => r.Ablation is not null);
        var table = new FittingTable(
        [
            new Column("bits"), new Column("model", IsText: true), .. hasAblation ? [new Column("left out", IsText: true)] : Array.Empty<Column>(),
            new Column("distance"), new Column("max ULP"), new Column("max |diff|"), new Column("steps"), new Column("vertices"),
            new Column("identities"), new Column("levels"),
        ])
        { Required = hasAblation ? 4 : 3 };
        foreach (var result in results)
        {
            table.AddRow(
            [
                result.IsBitIdentical ? "identical" : "differ",
                result.Model,
                .. hasAblation ? [result.Ablation!] : Array.Empty<string>(),
                Shown(result.RelativeDistance),
                result.MaxUlpDistance is { } ulps ? $"{ulps}" : "infinite",
                Shown(result.MaxAbsDifference),
                $"{result.Steps}",
                $"{result.Vertices}",
                $"{result.IdentityVertices}",
                $"{result.Levels}",
            ]);
        }
        table.Write(terminal);
        if (results.Exists(r => !r.IsBitIdentical))
            terminal.Print("distance: between the two updates after one step of SGD, over the norm of backpropagation's.");
    }

    /// <summary>What came of it, in a sentence.</summary>
    private static string Verdict(List<VerificationResult> results)
    {
        var rule = results[0].Rule == RuleNames.Zil ? "Z-IL" : "inference learning";
        var differing = results.Where(r => !r.IsBitIdentical).ToList();
        if (differing.Count == 0)
        {
            var where = results.Count == 1 ? results[0].Model : $"each of {results.Count} comparisons";
            return $"Bit-identical: in {where}, {rule}'s parameters are backpropagation's after every one of {results.Min(r => r.Steps)} steps.";
        }
        if (results.Count > 1) return $"Different: in {differing.Count} of {results.Count} comparisons {rule}'s parameters are not backpropagation's.";
        var without = differing[0].Ablation is { } condition ? $" without {condition}" : "";
        return $"Different: in {results[0].Model}, {rule}'s parameters{without} are not backpropagation's; the first that differs is '{differing[0].FirstDifference}'.";
    }

    private static string Shown(double difference) =>
        difference == 0 ? "0" : double.IsFinite(difference) ? $"{difference:0.0e+0}" : "infinite";
}
