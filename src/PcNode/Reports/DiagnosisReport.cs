using PcActors.Runs;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>What one training step looks like by level and by timestep.</summary>
/// <param name="experiment">Whose step it is.</param>
/// <param name="result">What came of looking at it.</param>
internal sealed class DiagnosisReport(Experiment experiment, DiagnosisResult result)
{
    // So many timesteps are shown each; of more, those at powers of two and the last.
    private const int MostTimesteps = 12;

    private const string Nothing = "-";

    private InferenceRecord Inference => result.Step.Inference!;

    /// <summary>A line for each timestep and each level, and one for the whole.</summary>
    public void WriteJson(Terminal terminal)
    {
        foreach (var (time, energy) in Inference.FreeEnergies.Index())
            JsonLines.Write(terminal.Output, ("event", "diagnoseTimestep"), ("timestep", time), ("freeEnergy", energy));
        foreach (var level in Shown())
        {
            JsonLines.Write(
                terminal.Output,
                ("event", "diagnoseLevel"),
                ("level", level.Level),
                ("vertices", level.Vertices),
                ("energy", level.Energy),
                ("errorNorm", level.ErrorNorm),
                ("updateNorm", level.UpdateNorm),
                ("backpropagationNorm", ReferenceOf(level)),
                ("cosine", level.Cosine));
        }
        WriteSummary(terminal, json: true);
    }

    /// <summary>Tables of timesteps and levels, and what they come to.</summary>
    public void WriteText(Terminal terminal)
    {
        var last = Inference.FreeEnergies.Count - 1;
        var times = new FittingTable(new Column("timestep"), new Column("free energy"));
        foreach (var (time, energy) in Inference.FreeEnergies.Index())
        {
            if (last <= MostTimesteps || time == last || (time & (time - 1)) == 0)
                times.AddRow($"{time}", Number(energy));
        }
        times.Write(terminal);
        var levels = new FittingTable(
            new Column("level"), new Column("energy"), new Column("error norm"), new Column("update norm"),
            new Column("BP's norm"), new Column("cosine to BP"), new Column("vertices", IsText: true))
        { Required = 6 };
        foreach (var level in Shown())
        {
            levels.AddRow($"{level.Level}", Held(level, level.Energy), Held(level, level.ErrorNorm),
                Learnt(level, level.UpdateNorm), Learnt(level, ReferenceOf(level)), Cosine(level.Cosine),
                string.Join(", ", level.Vertices));
        }
        levels.Write(terminal);
        WriteSummary(terminal, json: false);
    }

    private void WriteSummary(Terminal terminal, bool json)
    {
        var spectrum = result.Spectrum;
        Facts.Write(
            terminal, json, "diagnose",
            [
                new("model", "model", experiment.Model),
                new("rule", "rule", experiment.Rule),
                new Fact("dtype", experiment.DType),
                new("samples", "samples", experiment.Batch),
                new Fact("latents", result.Latents.Choice),
                new("latentVertices", "latent vertices", result.Latents.Latents),
                new("loss", "loss before", result.Step.Loss, Number(result.Step.Loss)),
                new("freeEnergy", "free energy", Inference.FreeEnergy, Number(Inference.FreeEnergy)),
                new("inferenceSteps", "timesteps", Inference.Timesteps),
                new("converged", "converged", Inference.Converged),
                new("cosine", "cosine to BP", result.Step.Cosine, Cosine(result.Step.Cosine)),
                new("movingNumbers", "numbers that move", result.Moving, $"{result.Moving:#,0} a sample"),
                new("smallestEigenvalue", "smallest eigenvalue", spectrum?.Smallest, Optional(spectrum?.Smallest)),
                new("largestEigenvalue", "largest eigenvalue", spectrum?.Largest, Optional(spectrum?.Largest)),
                new("conditionNumber", "condition number", spectrum?.ConditionNumber,
                    Optional(spectrum?.ConditionNumber)),
                new("stableRate", "largest stable rate", spectrum?.StableRate, Optional(spectrum?.StableRate)),
                new("hessianLeftOut", "Hessian left out", result.LeftOut),
            ]);
        if (!json && spectrum is { Smallest: < 0 })
            terminal.Print("F is not convex at the forward initialisation of the first sample.");
    }

    private IEnumerable<LevelDiagnosis> Shown() => result.Step.Levels.Where(level => level.Vertices.Count > 0);

    /// <summary>Backpropagation's norm; null where it makes no update.</summary>
    private double? ReferenceOf(LevelDiagnosis level) => result.HasReference ? level.BackpropagationNorm : null;

    /// <summary>What latent vertices and the root have; of a level without them nothing.</summary>
    private static string Held(LevelDiagnosis level, double number) =>
        level is { Energy: 0, ErrorNorm: 0, Level: > 0 } ? Nothing : Number(number);

    /// <summary>What parameters have; of a level without them nothing.</summary>
    private static string Learnt(LevelDiagnosis level, double? number) =>
        level is { UpdateNorm: 0, BackpropagationNorm: 0 } ? Nothing : Number(number);

    private static string Number(double? number) =>
        number is not { } n ? Nothing
        : n == 0 || Math.Abs(n) is >= 0.01 and < 100_000 ? $"{n:0.####}"
        : $"{n:0.00e+0}";

    private static string? Optional(double? number) => number is null ? null : Number(number);

    private static string Cosine(double? cosine) => cosine is { } c ? $"{c:0.0000}" : Nothing;
}
