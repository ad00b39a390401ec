using System.Globalization;
using PcActors.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PcNode.Output;

/// <summary>Shows how training goes: a bar where somebody watches, else a line an epoch.</summary>
internal static class TrainingReport
{
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Trains, and shows it.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="train">Does the training, and reports to what it is given.</param>
    public static Task<TResult> ShowAsync<TResult>(Terminal terminal, Func<Action<TrainingProgress>, Task<TResult>> train) =>
        terminal.IsWatched ? ShowBarAsync(terminal, train) : train(progress => WriteLine(terminal, progress));

    private static void WriteLine(Terminal terminal, TrainingProgress progress)
    {
        if (progress.TestAccuracy is null) return;
        var width = progress.Epochs.ToString(CultureInfo.InvariantCulture).Length;
        terminal.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {progress.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(width)}/{progress.Epochs}  loss {progress.Loss:0.0000}  test accuracy {100 * progress.TestAccuracy:0.00} %  {StepsPerSecond(progress):0} steps/s"));
    }

    private static async Task<TResult> ShowBarAsync<TResult>(Terminal terminal, Func<Action<TrainingProgress>, Task<TResult>> train)
    {
        var text = new TextColumn();
        return await terminal.Progress.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), text, new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask("epoch");
                var drawn = -RedrawInterval;
                double? accuracy = null;
                return await train(progress =>
                {
                    accuracy = progress.TestAccuracy ?? accuracy;
                    if (progress.TestAccuracy is null && progress.Step < progress.Steps && progress.Elapsed - drawn < RedrawInterval) return;
                    drawn = progress.Elapsed;
                    bar.MaxValue = progress.Steps;
                    bar.Value = progress.Step;
                    bar.Description = string.Create(CultureInfo.InvariantCulture, $"epoch {progress.Epoch}/{progress.Epochs}");
                    text.Text = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{StepsPerSecond(progress):0} steps/s  loss {progress.Loss:0.0000}{(accuracy is null ? "" : FormattableString.Invariant($"  accuracy {100 * accuracy:0.00} %"))}");
                }).ConfigureAwait(false);
            }).ConfigureAwait(false);
    }

    private static double StepsPerSecond(TrainingProgress progress) =>
        progress.Elapsed > TimeSpan.Zero ? progress.Step / progress.Elapsed.TotalSeconds : 0;

    private sealed class TextColumn : ProgressColumn
    {
        public string Text { get; set; } = "";

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Markup(Markup.Escape(Text));
    }
}
