using System.Globalization;
using PcNode.Reports;

namespace PcNode.Suite;

/// <summary>Every number of every run, and every published row that is not run, as CSV. All but the last column, which
/// is the time, is the same on any machine.</summary>
internal static class SuiteTable
{
    /// <summary>The file's name.</summary>
    public const string FileName = "results.csv";

    private const string NoImages = "the images of FashionMNIST are not there";

    /// <summary>The table.</summary>
    public static string Csv(SuiteRuns suite, IReadOnlyList<StudyRun> done)
    {
        var table = new ReportTable("study", "row", "seed", "measure", "value", "published", "publishedOf",
            "weightsSha256", "notRun", "seconds");
        foreach (var study in suite.Studies)
        {
            foreach (var run in done.Where(r => r.Study == study.Name))
            {
                var row = study.Rows.First(r => r.Name == run.Row);
                foreach (var (measure, value) in run.Numbers)
                {
                    Add(study.Name, run.Row, $"{run.Seed}", measure, Exact(value), Exact(row.PublishedOf(measure)),
                        row.PublishedOf(measure) is null ? "" : row.PublishedOn ?? "the same data",
                        run.WeightsSha256, "", Exact(run.Seconds));
                }
            }
            if (suite.Missing.Contains(study))
            {
                foreach (var row in study.Rows)
                {
                    Add(study.Name, row.Name, "", study.Measure, "", Exact(row.PublishedOf(study.Measure)),
                        row.PublishedOn ?? "", "", NoImages, "");
                }
            }
            foreach (var row in study.Absent)
                Add(study.Name, row.Name, "", row.Measure, "", Exact(row.Published), row.On, "", row.Why, "");
        }
        return table.ToCsv();

        void Add(params string[] cells) => table.Add([.. cells.Select(c => (c, (string?)null))]);
    }

    private static string Exact(double? number) =>
        number is { } n && double.IsFinite(n) ? n.ToString("R", CultureInfo.InvariantCulture) : "";
}
