using System.Globalization;
using System.Text;
using MathNet.Numerics.Statistics;
using PcNode.Reports;

namespace PcNode.Suite;

/// <summary>What the studies have come to: report.md, results.csv and a figure.</summary>
/// <param name="save">Writes a file into the report's folder.</param>
internal sealed class SuiteReport(Action<string, Action<Stream>> save)
{
    private const string Figure = "results.svg";
    private readonly StringBuilder _text = new();

    /// <summary>Writes the report of what has been run.</summary>
    public void Write(SuiteRuns suite)
    {
        _text.Clear();
        var done = suite.Done;
        Paragraph("# Published studies of predictive coding, run again");
        if (done.Count < suite.Count)
            Paragraph($"*This report is not complete: {done.Count} of {suite.Count} runs are made. The same command "
                + "goes on from them.*");
        if (suite.IsQuick) Paragraph("*Sizes are tiny: the numbers show that the studies run, and nothing else.*");
        Paragraph("Means over seeds, each with its 95 % interval by Student's distribution; an interval needs two "
            + "seeds. Where the published figure is of other data than these, which is said, no difference is taken.");
        foreach (var study in suite.Studies)
        {
            Paragraph($"## {study.Name}: {study.Title}");
            Paragraph($"Source: {study.Source}.");
            Paragraph($"Settings: {study.Settings}.");
            Paragraph(study.Remark);
            if (suite.Missing.Contains(study))
                Paragraph("**Not run: its data are not there.** It needs the images of FashionMNIST: "
                    + "`pcnode suite --data FOLDER`.");
            else WriteStudy(study, [.. done.Where(r => r.Study == study.Name)]);
            WriteAbsent(study);
        }
        WriteAll(suite, done);
        Save(ReportFolder.Report, _text.ToString());
    }

    private void WriteStudy(Study study, IReadOnlyList<StudyRun> runs)
    {
        var table = new ReportTable("row", "measure", "published", "of", "mean", "95 % interval",
            "mean - published", "seeds");
        foreach (var (row, measure) in Measures(study, runs))
        {
            var numbers = Numbers(runs, row.Name, measure);
            var published = row.PublishedOf(measure);
            table.Add((row.Name, null), (measure, null), Shown(published),
                (published is null ? "" : row.PublishedOn ?? "the same data", null), Shown(numbers.Mean()),
                double.IsNaN(Sample.HalfWidth(numbers))
                    ? ("", "")
                    : ($"± {Shown(Sample.HalfWidth(numbers)).Shown}", ""),
                Shown(row.PublishedOn is null ? numbers.Mean() - published : null), ReportTable.Number(numbers.Count));
        }
        _text.AppendLine(table.ToMarkdown());
        foreach (var (first, second) in study.Pairs) Compare(study, runs, first, second);
        foreach (var picture in runs.SelectMany(r => r.Pictures)) Paragraph($"![{picture}]({picture})");
    }

    private void Compare(Study study, IReadOnlyList<StudyRun> runs, string first, string second)
    {
        var differences = (from a in runs
                           from b in runs
                           where a.Row == first && b.Row == second && a.Seed == b.Seed
                           select a.Numbers[study.Measure] - b.Numbers[study.Measure]).ToList();
        if (differences.Count < 2) return;
        Paragraph($"{study.Measure}, {first} less {second}, by seed: {Shown(differences.Mean()).Shown} "
            + $"± {Shown(Sample.HalfWidth(differences)).Shown} over {differences.Count} seeds; paired t test: p = "
            + $"{Shown(Sample.PairedP(differences)).Shown}.");
    }

    private void WriteAbsent(Study study)
    {
        if (study.Absent.Count == 0) return;
        var table = new ReportTable("not run", "measure", "published", "of", "why");
        foreach (var row in study.Absent)
            table.Add((row.Name, null), (row.Measure, null), Shown(row.Published), (row.On, null), (row.Why, null));
        _text.AppendLine(table.ToMarkdown());
    }

    private void WriteAll(SuiteRuns suite, IReadOnlyList<StudyRun> done)
    {
        Save(SuiteTable.FileName, SuiteTable.Csv(suite, done));
        if (done.Count == 0) return;
        var rows = from study in suite.Studies
                   from row in study.Rows
                   let numbers = Numbers([.. done.Where(r => r.Study == study.Name)], row.Name, study.Measure)
                   where numbers.Count > 0
                   select ($"{study.Name}: {row.Name}", numbers.Mean(), Sample.HalfWidth(numbers),
                       row.PublishedOn is null ? row.PublishedOf(study.Measure) : null);
        Save(Figure, SuiteFigure.Svg([.. rows]));
        Paragraph($"![All rows beside the published figures]({Figure})");
        Paragraph($"The numbers of every run are in [{SuiteTable.FileName}]({SuiteTable.FileName}) and "
            + $"[{StudyRun.FileName}]({StudyRun.FileName}); "
            + $"the runs took {done.Sum(r => r.Seconds):0} seconds.");
    }

    private static IEnumerable<(StudyRow Row, string Measure)> Measures(Study study, IReadOnlyList<StudyRun> runs) =>
        from row in study.Rows
        from measure in runs.Where(r => r.Row == row.Name).SelectMany(r => r.Numbers.Keys).Distinct()
        select (row, measure);

    private static List<double> Numbers(IReadOnlyList<StudyRun> runs, string row, string measure) =>
        [.. runs.Where(r => r.Row == row && r.Numbers.ContainsKey(measure)).Select(r => r.Numbers[measure])];

    private static (string Shown, string? Exact) Shown(double? number) => number is { } n && double.IsFinite(n)
        ? (n != 0 && Math.Abs(n) < 0.001
            ? n.ToString("0.0e+0", CultureInfo.InvariantCulture)
            : n.ToString("0.0000", CultureInfo.InvariantCulture), null)
        : ("", null);

    private void Paragraph(string text) => _text.AppendLine(text).AppendLine();

    private void Save(string file, string content) =>
        save(file, stream => stream.Write(Encoding.UTF8.GetBytes(content)));
}
