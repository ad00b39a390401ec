using PcActors.Runs;
using PcNode.Configuration;
using PcNode.Experiments;

namespace PcNode.Reports;

/// <summary>The paper's two tables and two figures as Markdown, CSV and SVG in a folder.</summary>
internal sealed class PaperReport(string folder, string origin)
{
    private static readonly (string Condition, string Column)[] Conditions =
    [
        ("forward-init", "without forward initialisation (C1)"), ("update-time", "without the update time (C2)"),
        ("inference-rate", "without the inference rate of 1 (C3)"), ("levelling", "without levelling"),
    ];

    // Milliseconds of an update as published, on other hardware and at sizes of their own.
    private static readonly Dictionary<string, (double Bp, double Zil)> Published = new()
    {
        ["mlp"] = (3.72, 3.81),
        ["alexnet"] = (8.61, 8.86),
        ["rnn"] = (5.64, 5.67),
        ["resnet18"] = (12.43, 12.53),
        ["transformer"] = (20.43, 20.53),
    };

    private ReportText _text = new(folder, origin);

    /// <summary>Writes the report of what has been measured.</summary>
    /// <exception cref="RunFailedException">A file cannot be written.</exception>
    public void Write(string conditions, IReadOnlyDictionary<string, int> batches, IReadOnlyList<Measurement> measured,
        int of)
    {
        _text = new ReportText(folder, origin);
        _text.Paragraph("# Reverse differentiation via predictive coding, measured again");
        if (measured.Count < of)
            _text.Paragraph(
                $"*This report is not complete: {measured.Count} of {of} measurements are made. The same command "
                + "goes on from them.*");
        _text.Paragraph(batches.Count > 0
            ? "The tables of Salvatori, Song, Xu, Lukasiewicz and Bogacz, AAAI 2022, by vertex actors that exchange "
                + "messages with their neighbours alone. Each update is compared with that of sequential "
                + "backpropagation (BP) from the same parameters on the same batch."
            : "How inference learning (IL) and Z-IL depend on depth, by vertex actors that exchange messages with "
                + "their neighbours alone, compared with sequential backpropagation (BP).");
        _text.Paragraph(conditions);
        var distances = measured.Select(m => m.Distance).OfType<VerificationResult>().ToList();
        WriteDistances([.. distances.Where(d => d.Rule == RuleNames.Zil)], batches);
        WriteCurves([.. distances.Where(d => d.Rule == RuleNames.Il)]);
        WriteTimes([.. measured.Select(m => m.Times).OfType<UpdateTimes>()]);
        if (measured.FirstOrDefault(m => m.ZilWave is not null) is { } wave)
            WriteWaves(wave.Part.Split(' ')[^1], wave.ZilWave!, wave.IlWave!);
        new DepthReport([.. measured.Select(m => m.Depth).OfType<DepthResult>()]).Write(_text);
        _text.Paragraph(
            $"All measurements are in [{Measurement.FileName}]({Measurement.FileName}); making them took "
            + $"{measured.Sum(m => m.Seconds):0} seconds.");
        _text.Save("report.md");
    }

    private void WriteDistances(IReadOnlyList<VerificationResult> results, IReadOnlyDictionary<string, int> batches)
    {
        if (results.Count == 0) return;
        _text.Paragraph("## Distance to backpropagation's update");
        _text.Paragraph(
            "The Euclidean distance, over all parameters, between BP's update and that of Z-IL, and of Z-IL with one "
            + "of its conditions left out. " +
            "The paper has 0 for Z-IL on every architecture, and more for every other column; how much depends on "
            + "the sizes and the initial values. " +
            "*diverges*: without that condition a value exceeds what the type can hold. *levelled as it is*: no path "
            + "is longer than another.");
        var table = new ReportTable(
            ["network", "batch", "vertices", "levels", "norm of BP's update", "Z-IL",
                .. Conditions.Select(c => c.Column)]);
        foreach (var zil in results.Where(r => r.Ablation is null))
        {
            table.Add(
            [
                (zil.Model, null), ReportTable.Number(batches[zil.Model]), ReportTable.Number(zil.Vertices),
                ReportTable.Number(zil.Levels), ReportTable.Shown(zil.UpdateNorm),
                zil.IsBitIdentical ? ("0, the same bits", "0") : ReportTable.Shown(zil.EuclideanDistance),
                .. Conditions.Select(
                    c => results.FirstOrDefault(r => r.Model == zil.Model && r.Ablation == c.Condition))
                    .Select(
                        r => r is null
                            ? ("", "")
                            : r.IsLevelledAlready ? ("levelled as it is", "") : ReportTable.Shown(r.EuclideanDistance)),
            ]);
        }
        _text.Table("distances.csv", table);
    }

    private void WriteTimes(IReadOnlyList<UpdateTimes> all)
    {
        if (all.Count == 0) return;
        _text.Paragraph("## Time of an update");
        var (hasOneT, hasOneThreads) = (all.All(t => t.InferenceSteps == all[0].InferenceSteps),
            all.All(t => t.Threads == all[0].Threads));
        var on = !hasOneThreads ? "the table's threads, 0 for one for each processor"
            : all[0].Threads == 0 ? "one thread for each processor"
            : $"{all[0].Threads} thread{(all[0].Threads == 1 ? "" : "s")}";
        _text.Paragraph(
            $"Median milliseconds of one update on {on}, IL with "
            + $"{(hasOneT ? $"T = {all[0].InferenceSteps}" : "the table's T")}. " +
            "The published times are from other hardware and other sizes: only ratios compare. There, IL took 100 to "
            + "200 times as long as BP.");
        var table = new ReportTable(
        [
            "network", "parameters", "batch", .. hasOneThreads ? Array.Empty<string>() : ["threads"],
            .. hasOneT ? Array.Empty<string>() : ["T"],
            "BP ms", "Z-IL ms", "IL ms", "Z-IL / BP", "IL / BP", "published BP ms", "published Z-IL ms",
            "published Z-IL / BP",
        ]);
        foreach (var t in all)
        {
            (double Bp, double Zil)? published = Published.TryGetValue(t.Model, out var known) ? known : null;
            table.Add(
            [
                (t.Model, null), ReportTable.Number(t.Parameters), ReportTable.Number(t.Batch),
                .. hasOneThreads ? Array.Empty<(string, string?)>() : [ReportTable.Number(t.Threads)],
                .. hasOneT ? Array.Empty<(string, string?)>() : [ReportTable.Number(t.InferenceSteps)],
                ReportTable.Fixed(t.Bp, 3), ReportTable.Fixed(t.Zil, 3), ReportTable.Fixed(t.Il, 1),
                ReportTable.Fixed(t.ZilOverBp, 2), ReportTable.Fixed(t.IlOverBp, 0),
                ReportTable.Fixed(published?.Bp, 2), ReportTable.Fixed(published?.Zil, 2),
                ReportTable.Fixed(published?.Zil / published?.Bp, 2),
            ]);
        }
        _text.Table("times.csv", table);
        _text.Figure("times.svg", "time of an update over BP's",
            Figures.Times([.. all.Select(t => (t.Model, t.ZilOverBp, t.IlOverBp))]));
    }

    private void WriteCurves(IReadOnlyList<VerificationResult> results)
    {
        if (results.Count == 0) return;
        _text.Paragraph("## How far inference learning stays from backpropagation");
        _text.Paragraph(
            "The distance of IL's update to BP's over the norm of BP's, by the number T of inference steps. With T "
            + "it falls until inference has settled; what it settles at is not backpropagation's update, unless the "
            + "errors are small. There is no such figure for Z-IL, whose distance is 0 after one wave.");
        var curves = results.GroupBy(r => r.Model).Select(g => (
            Model: g.Key,
            Points: (IReadOnlyList<(int Steps, double Distance)>)[
                .. g.Select(r => (r.InferenceSteps, r.RelativeDistance))])).ToList();
        var table = new ReportTable(["T", .. curves.Select(c => c.Model)]);
        foreach (var steps in curves.SelectMany(c => c.Points).Select(p => p.Steps).Distinct().Order())
        {
            var points = curves.Select(c => c.Points.Where(p => p.Steps == steps).ToList());
            table.Add(
                [ReportTable.Number(steps),
                    .. points.Select(p => p.Count == 0 ? ("", "") : ReportTable.Shown(p[0].Distance))]);
        }
        _text.Table("inference-steps.csv", table);
        _text.Figure("inference-steps.svg", "distance by T", Figures.InferenceSteps(curves));
    }

    private void WriteWaves(string model, double[][] zil, double[][] il)
    {
        _text.Paragraph("## The error wave");
        _text.Paragraph(
            $"The norm of the error at each level and timestep of one step of `{model}`. Under Z-IL the error of "
            + "level l stands at time l, is exactly " +
            "backpropagation's, and every vertex acts once. Under IL it spreads from the root and settles.");
        var table = new ReportTable("rule", "level", "time", "norm");
        foreach (var (rule, wave) in new[] { (RuleNames.Zil, zil), (RuleNames.Il, il) })
        {
            for (var level = 0; level < wave.Length; level++)
            {
                for (var time = 0; time < wave[level].Length; time++)
                    table.Add((rule, null), ReportTable.Number(level), ReportTable.Number(time),
                        ReportTable.Shown(wave[level][time]));
            }
        }
        _text.Figure("wave-zil.svg", "error wave under Z-IL",
            Figures.Wave($"Z-IL on {model}: the error by level and time", zil));
        _text.Figure("wave-il.svg", "error wave under IL",
            Figures.Wave($"IL on {model}: the error by level and time", il));
        _text.Numbers("wave.csv", table);
    }
}
