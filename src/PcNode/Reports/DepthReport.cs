using PcActors.Runs;
using PcNode.Experiments;

namespace PcNode.Reports;

/// <summary>The study over depth, as tables and figures.</summary>
/// <param name="results">What came of each depth.</param>
internal sealed class DepthReport(IReadOnlyList<DepthResult> results)
{
    private readonly IReadOnlyList<DepthResult> _results = [.. results.OrderBy(r => r.Depth)];

    /// <summary>Adds the study to a report; nothing where nothing has been measured.</summary>
    /// <exception cref="RunFailedException">A file cannot be written.</exception>
    public void Write(ReportText text)
    {
        if (_results.Count == 0) return;
        text.Paragraph("## Depth");
        text.Paragraph(
            "Multilayer perceptrons with L hidden layers of 32 tanh units, one latent value for each unit. Cosines, "
            + "energies, norms and the Hessian are of one step from the initial weights: of IL where inference has "
            + "ended after T timesteps, of Z-IL, whose update is BP's at every depth. Accuracies are those on the test "
            + "set after training both from the same weights by Adam.");
        text.Table("depth.csv", Depths());
        text.Figure("depth-cosine.svg", "cosine of the update to BP's by level", Cosines());
        text.Figure("depth-energy.svg", "energy after inference by level", Energies());
        text.Figure("depth-updates.svg", "norm of the update by level", Updates());
        text.Figure("depth-accuracy.svg", "test accuracy by depth", Accuracies());
        text.Numbers("depth-levels.csv", Levels());
    }

    /// <summary>A row for each depth.</summary>
    private ReportTable Depths()
    {
        var table = new ReportTable(
            ["hidden layers", "T", "F before", "F after", "IL's cosine to BP", "Z-IL's cosine to BP",
                "condition number", "largest stable rate", "IL accuracy", "Z-IL accuracy", "IL ms", "Z-IL ms"]);
        foreach (var r in _results)
        {
            table.Add(
                ReportTable.Number(r.Depth), ReportTable.Number(r.InferenceSteps), ReportTable.Shown(r.LossBefore),
                ReportTable.Shown(r.FreeEnergy), ReportTable.Fixed(r.Cosine, 4),
                r.ZilIsIdentical ? ("1, the same bits", "1") : ReportTable.Fixed(r.ZilCosine, 6),
                ReportTable.Fixed(r.ConditionNumber, 1), ReportTable.Fixed(r.StableRate, 3),
                ReportTable.Fixed(r.IlAccuracy, 4), ReportTable.Fixed(r.ZilAccuracy, 4),
                ReportTable.Fixed(r.IlMilliseconds, 2), ReportTable.Fixed(r.ZilMilliseconds, 2));
        }
        return table;
    }

    /// <summary>A row for each level of each depth.</summary>
    private ReportTable Levels()
    {
        var table = new ReportTable(
            ["hidden layers", "level", "energy", "error norm", "IL's update norm", "BP's update norm", "cosine"]);
        foreach (var r in _results)
        {
            foreach (var level in r.Levels)
            {
                table.Add(
                    ReportTable.Number(r.Depth), ReportTable.Number(level.Level), ReportTable.Shown(level.Energy),
                    ReportTable.Shown(level.ErrorNorm), ReportTable.Shown(level.UpdateNorm),
                    ReportTable.Shown(level.BackpropagationNorm), ReportTable.Fixed(level.Cosine, 4));
            }
        }
        return table;
    }

    /// <summary>The cosine to backpropagation's update by level; Z-IL's is 1 at each.</summary>
    private string Cosines()
    {
        var levels = _results.Max(r => r.Levels.Max(l => l.Level));
        return Figures.Lines("Cosine of the update to BP's, by level", "level, from the root", "cosine",
        [
            new FigureLine("Z-IL", [(0, 1), (levels, 1)], IsReference: true),
            .. Lines(level => level.Cosine),
        ]);
    }

    /// <summary>Where the energy is.</summary>
    private string Energies() => Figures.Lines(
        "Energy after inference, by level", "level, from the root", "energy, mean over the batch",
        [.. Lines(level => level.Energy > 0 ? level.Energy : null)], isLogarithmic: true);

    /// <summary>How large IL's updates are beside backpropagation's.</summary>
    private string Updates() => Figures.Lines(
        "Norm of the update over that of BP's, by level", "level, from the root", "IL's norm over BP's",
        [.. Lines(level => level is { UpdateNorm: > 0, BackpropagationNorm: > 0 }
            ? level.UpdateNorm / level.BackpropagationNorm : null)], isLogarithmic: true);

    /// <summary>Accuracy by depth.</summary>
    private string Accuracies() => Figures.Lines(
        "Test accuracy by depth", "hidden layers", "test accuracy",
        [
            new FigureLine("Z-IL", [.. _results.Select(r => ((double)r.Depth, r.ZilAccuracy))], IsReference: true),
            new FigureLine("IL", [.. _results.Select(r => ((double)r.Depth, r.IlAccuracy))]),
        ]);

    private IEnumerable<FigureLine> Lines(Func<LevelDiagnosis, double?> value) => _results.Select(r => new FigureLine(
        $"L = {r.Depth}",
        [.. r.Levels.Where(l => value(l) is not null).Select(l => ((double)l.Level, value(l)!.Value))]));
}
