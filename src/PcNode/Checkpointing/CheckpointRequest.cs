using PcActors.Models;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Checkpointing;

/// <summary>What the command line of <c>train</c> says of checkpoints.</summary>
/// <param name="Place">Where they go; null for nowhere.</param>
/// <param name="Resumes">Whether an earlier run goes on.</param>
/// <param name="Terminal">Told what is found.</param>
/// <param name="Json">Whether it is told in JSON, too.</param>
internal sealed record CheckpointRequest(string? Place, bool Resumes, Terminal Terminal, bool Json)
{
    /// <summary>Opens what was asked for; null when it was not.</summary>
    /// <exception cref="UsageException">It does not go together, or does not fit what is there.</exception>
    public async Task<CheckpointSession?> OpenAsync(
        string? model, IReadOnlyList<(Setting Setting, string Text)> options, CancellationToken cancellation)
    {
        if (Place is null && Resumes) throw new UsageException("--resume: it needs --checkpoint, which says where the run to resume is");
        Setting[] own = [SettingCatalogue.CheckpointEvery, SettingCatalogue.CheckpointKeep];
        if (Place is null && options.Select(o => o.Setting).FirstOrDefault(own.Contains) is { } option)
            throw new UsageException($"{option.OptionName}: it needs --checkpoint, which says where the run is saved");
        if (Place is null) return null;
        var settings = Experiment.SettingsOf(model, options, "train");
        // A wrong option is refused before anything is opened.
        settings.Get(SettingCatalogue.CheckpointEvery);
        settings.Get(SettingCatalogue.CheckpointKeep);
        if (!Resumes) Experiment.Create(model, options, "train");
        return await CheckpointSession.OpenAsync(CheckpointTarget.Of(Place, settings), Resumes, Terminal, Json, cancellation).ConfigureAwait(false);
    }

    /// <summary>The experiment: a new one, or the one that goes on.</summary>
    /// <exception cref="UsageException">A value is wrong, or another one than that of the run which goes on.</exception>
    public static Experiment ExperimentOf(
        string? model, IReadOnlyList<(Setting Setting, string Text)> options, CheckpointSession? session)
    {
        if (session?.Resumed is not { } run) return Experiment.Create(model, options, "train");
        var place = session.Target.Name;
        if (model is not null && IsBuiltIn(model) && IsBuiltIn(run.Model) && model != run.Model)
            throw new UsageException($"MODEL: the checkpoints in {place} are of the model {run.Model}, and {model} was given");
        return Experiment.Create(model ?? run.Model, options, "train", given => run.Continue(given, place));
    }

    private static bool IsBuiltIn(string model) => ModelCatalogue.Names.Contains(model);
}
