using System.Globalization;
using PcActors.Training;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>How well each class is told from the others, and which are taken for which.</summary>
internal static class ClassTables
{
    // More rows than that are no table to be read.
    private const int MostClasses = 30;

    /// <summary>Prints both; nothing where no class is predicted.</summary>
    public static void Write(Terminal terminal, Evaluation evaluation)
    {
        if (evaluation.Classes.Count == 0) return;
        var scores = new FittingTable(new Column("class"), new Column("samples"), new Column("precision"),
            new Column("recall"));
        // The hardest are what one looks for.
        var shown = evaluation.Classes.Count <= MostClasses ? evaluation.Classes
            : [.. evaluation.Classes.Where(c => c.Samples > 0).OrderBy(c => c.Recall).Take(MostClasses)];
        foreach (var score in shown.OrderBy(c => c.Class))
            scores.AddRow(NameOf(score), $"{score.Samples:#,0}", Percent(score.Precision), Percent(score.Recall));
        scores.Write(terminal);
        if (evaluation.Classes.Count <= MostClasses) WriteMatrix(terminal, evaluation);
        WriteMistakes(terminal, evaluation);
    }

    /// <summary>The scores for JSON; null where no class is predicted.</summary>
    public static object? Json(Evaluation evaluation) => evaluation.Accuracy is null ? null
        : evaluation.Classes.Select(c => new (string, object?)[]
        {
            ("class", c.Class), ("name", c.Name), ("samples", c.Samples), ("precision", c.Precision),
            ("recall", c.Recall),
        }).ToList();

    private static void WriteMatrix(Terminal terminal, Evaluation evaluation)
    {
        var classes = Enumerable.Range(0, evaluation.Confusion.Count).ToList();
        // A matrix does not fit with some of its columns left out.
        var widest = evaluation.Confusion.SelectMany(row => row.Select(n => $"{n}"))
            .Concat(evaluation.Classes.Select(NameOf)).Max(text => text.Length);
        if ((classes.Count + 1) * (Math.Max(widest, 3) + 3) > terminal.OutputWidth) return;
        var matrix = new FittingTable(
            [new Column("is \\ taken for"), .. classes.Select(c => new Column(NameOf(evaluation.Classes[c])))]);
        foreach (var (label, row) in evaluation.Confusion.Index())
            matrix.AddRow([NameOf(evaluation.Classes[label]), .. row.Select(n => n == 0 ? "" : $"{n}")]);
        matrix.Write(terminal);
    }

    private static void WriteMistakes(Terminal terminal, Evaluation evaluation)
    {
        if (evaluation.Classes.Count <= MostClasses) return;
        var mistakes = evaluation.Confusion
            .SelectMany((row, label) => row.Select((n, taken) => (label, taken, n)))
            .Where(m => m.label != m.taken && m.n > 0).OrderByDescending(m => m.n).Take(MostClasses).ToList();
        if (mistakes.Count == 0) return;
        var table = new FittingTable(new Column("is"), new Column("taken for"), new Column("samples"));
        foreach (var (label, taken, n) in mistakes)
        {
            table.AddRow(NameOf(evaluation.Classes[label]), NameOf(evaluation.Classes[taken]), $"{n:#,0}");
        }
        table.Write(terminal);
    }

    private static string NameOf(ClassScore score) => score.Name ?? $"{score.Class}";

    private static string Percent(double share) =>
        double.IsNaN(share) ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
