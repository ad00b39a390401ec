using PcActors.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PcNode.Output;

/// <summary>Shows how training goes: a bar where somebody watches, else a line an epoch.</summary>
internal static class TrainingReport
{
    private const int Gap = 2;
    private const int NarrowestBar = 8;
    private const int WidestBar = 40;
    private const int Bar = 6;
    private const char Done = '━';
    private const char ToDo = '─';

    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Trains, and shows it.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="train">Does the training, and reports to what it is given.</param>
    public static Task<TResult> ShowAsync<TResult>(Terminal terminal,
        Func<Action<TrainingProgress>, Task<TResult>> train) =>
        terminal.IsWatched ? ShowBarAsync(terminal, train) : train(progress => WriteLine(terminal, progress));

    private static void WriteLine(Terminal terminal, TrainingProgress progress)
    {
        if (progress.Score is not { } score) return;
        var width = $"{progress.Epochs}".Length;
        var left = progress.Step < progress.Steps ? $"  {TimeLeft.Words(Left(progress))}" : "";
        terminal.Say(
            $"epoch {$"{progress.Epoch}".PadLeft(width)}/{progress.Epochs}  loss {progress.Loss:0.0000}  "
            + $"{SetOf(progress)} {Score(score)}  {Inference(progress)}" +
            $"{Speed(progress)}{left}");
    }

    private static async Task<TResult> ShowBarAsync<TResult>(Terminal terminal,
        Func<Action<TrainingProgress>, Task<TResult>> train)
    {
        var line = new LineColumn();
        return await terminal.Progress.Progress().Columns(line).StartAsync(async context =>
        {
            var task = context.AddTask("training");
            var drawn = -RedrawInterval;
            (double? Accuracy, double? Loss, TestScore? Validation) score = default;
            return await train(progress =>
            {
                if (progress.Score is not null)
                    score = (progress.TestAccuracy, progress.TestLoss, progress.Validation);
                if (progress.Score is null && progress.Step < progress.Steps
                    && progress.Elapsed - drawn < RedrawInterval) return;
                drawn = progress.Elapsed;
                (task.MaxValue, task.Value) = (progress.Steps, progress.Step);
                line.Shown = progress with
                {
                    TestAccuracy = score.Accuracy,
                    TestLoss = score.Loss,
                    Validation = score.Validation,
                };
            }).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>How training goes, in a line: a bar, and as many figures as there is room for.</summary>
    public static string Line(TrainingProgress progress, int width)
    {
        var share = progress.Steps > 0 ? (double)progress.Step / progress.Steps : 1;
        // In the order of the line, with the order in which they are given up.
        (string Text, int Priority)[] figures =
        [
            ($"epoch {progress.Epoch}/{progress.Epochs}", 0),
            (new string(Done, NarrowestBar), Bar),
            ($"{share:0 %}", 3),
            (Speed(progress), Bar + 1),
            (double.IsFinite(progress.Loss) ? $"loss {progress.Loss:0.0000}" : "", 1),
            (Inference(progress).TrimEnd(), 5),
            (progress.Score is not { } score ? ""
                : double.IsFinite(score.Accuracy) && progress.Validation is null ? Score(score)
                : $"{SetOf(progress)} {Score(score)}", 2),
            ($"{Left(progress):hh\\:mm\\:ss} left", 4),
        ];
        var shown = figures.Where(f => f.Text.Length > 0).ToList();
        while (shown.Count > 1 && shown.Sum(f => f.Text.Length + Gap) - Gap > width)
            shown.Remove(shown.MaxBy(f => f.Priority));
        var room = width + Gap - shown.Sum(f => f.Text.Length + Gap);
        return string.Join("  ",
            shown.Select(f => f.Priority == Bar ? BarOf(share, Math.Min(WidestBar, NarrowestBar + room)) : f.Text));
    }

    private static string BarOf(double share, int width) =>
        new string(Done, (int)(share * width)).PadRight(width, ToDo);

    private static string SetOf(TrainingProgress progress) => progress.Validation is null ? "test" : "validation";

    private static string Score(TestScore score) =>
        double.IsFinite(score.Loss) ? $"loss {score.Loss:0.0000}" : $"accuracy {100 * score.Accuracy:0.00} %";

    private static string Inference(TrainingProgress progress) =>
        progress.Inference is { FreeEnergy: { } energy, Timesteps: { } timesteps }
            ? $"F {energy:0.0000}  T {timesteps:0.#}  "
            : "";

    private static TimeSpan Left(TrainingProgress progress) =>
        TimeLeft.Of(progress.Elapsed, progress.Step, progress.Steps);

    /// <summary>Steps a second, or, where one takes longer than that, seconds a step.</summary>
    private static string Speed(TrainingProgress progress)
    {
        var rate = progress.Elapsed > TimeSpan.Zero ? progress.Step / progress.Elapsed.TotalSeconds : 0;
        return rate is > 0 and < 1 ? $"{1 / rate:0.0} s/step" : $"{rate:0} steps/s";
    }

    private sealed class LineColumn : ProgressColumn
    {
        public TrainingProgress? Shown { get; set; }

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(Shown is { } progress ? Line(progress, options.ConsoleSize.Width - Gap) : task.Description);
    }
}
