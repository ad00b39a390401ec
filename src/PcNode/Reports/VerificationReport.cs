using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>What came of comparing rules with backpropagation.</summary>
internal static class VerificationReport
{
    /// <summary>One comparison, for programs.</summary>
    public static void WriteJson(Terminal terminal, VerificationResult result) => JsonLines.Write(
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

    /// <summary>One comparison, in a few words.</summary>
    public static string Words(VerificationResult result) =>
        $"{result.Model}{(result.Ablation is { } condition ? $" without {condition}" : "")}, {Bits(result)}";

    /// <summary>All of them, for people: the verdict first.</summary>
    public static void WriteText(Terminal terminal, List<VerificationResult> results)
    {
        terminal.Print(Verdict(results));
        foreach (var result in results.Where(r => r.IsLevelledAlready))
            terminal.Print($"{result.Model} is levelled as it is, so leaving levelling out changes nothing.");
        var hasAblation = results.Exists(r => r.Ablation is not null);
        var table = new FittingTable(
        [
            new Column("bits"), new Column("model", IsText: true),
            .. hasAblation ? [new Column("left out", IsText: true)] : Array.Empty<Column>(),
            new Column("distance"), new Column("max ULP"), new Column("max |diff|"), new Column("steps"),
            new Column("vertices"),
            new Column("identities"), new Column("levels"),
        ])
        { Required = hasAblation ? 4 : 3 };
        foreach (var result in results)
        {
            table.AddRow(
            [
                Bits(result),
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
            terminal.Print(
                "distance: between the two updates after one step of SGD, over the norm of backpropagation's.");
    }

    /// <summary>What came of it, in a sentence.</summary>
    private static string Verdict(List<VerificationResult> results)
    {
        var differing = results.Where(r => !r.IsBitIdentical).ToList();
        if (differing.Count == 0)
        {
            var where = results.Count == 1 ? results[0].Model : $"each of {results.Count} comparisons";
            var rules = string.Join(" and ", results.Select(PossessiveOf).Distinct());
            return $"Bit-identical: in {where}, {rules} parameters are backpropagation's after every one of "
                + $"{results.Min(r => r.Steps)} steps.";
        }
        if (results.Count > 1)
        {
            var counts = differing.CountBy(PossessiveOf)
                .Select(c => $"in {c.Value} of {results.Count} comparisons {c.Key} parameters");
            return $"Different: {string.Join(" and ", counts)} are not backpropagation's.";
        }
        var without = differing[0].Ablation is { } condition ? $" without {condition}" : "";
        return $"Different: in {results[0].Model}, {PossessiveOf(results[0])} parameters{without} are not "
            + $"backpropagation's; the first that differs is '{differing[0].FirstDifference}'.";
    }

    private static string Bits(VerificationResult result) => result.IsBitIdentical ? "identical" : "differ";

    private static string PossessiveOf(VerificationResult result) => result.Rule switch
    {
        RuleNames.Zil => "Z-IL's",
        RuleNames.Il => "inference learning's",
        var other => $"{other}'s",
    };

    private static string Shown(double difference) =>
        difference == 0 ? "0" : double.IsFinite(difference) ? $"{difference:0.0e+0}" : "infinite";
}
