using PcActors.Checkpoints;
using PcActors.Cluster.Checkpoints;
using PcActors.Files;
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
        if (Place is null && Resumes)
            throw new UsageException("--resume: it needs --checkpoint, which says where the run to resume is");
        Setting[] own = [SettingCatalogue.CheckpointEvery, SettingCatalogue.CheckpointKeep];
        if (Place is null && options.Select(o => o.Setting).FirstOrDefault(own.Contains) is { } option)
            throw new UsageException($"{option.OptionName}: it needs --checkpoint, which says where the run is saved");
        if (Place is null) return null;
        var settings = Experiment.SettingsOf(model, options, "train");
        // A wrong option is refused before anything is opened.
        settings.Get(SettingCatalogue.CheckpointEvery);
        settings.Get(SettingCatalogue.CheckpointKeep);
        if (!Resumes) Experiment.Create(model, options, "train");
        return await CheckpointSession.OpenAsync(CheckpointTarget.Of(Place, settings), Resumes, Terminal, Json,
            cancellation).ConfigureAwait(false);
    }

    /// <summary>The experiment: a new one, or the one that goes on.</summary>
    /// <exception cref="UsageException">A value is wrong, or another one than that of the
    /// run which goes on.</exception>
    public static Experiment ExperimentOf(
        string? model, IReadOnlyList<(Setting Setting, string Text)> options, CheckpointSession? session)
    {
        if (session?.Resumed is not { } run) return Experiment.Create(model, options, "train");
        var place = session.Target.Name;
        if (model is not null && IsBuiltIn(model) && IsBuiltIn(run.Model) && model != run.Model)
            throw new UsageException(
                $"MODEL: the checkpoints in {place} are of the model {run.Model}, and {model} was given");
        return Experiment.Create(model ?? run.Model, options, "train", given => run.Continue(given, place));
    }

    private static bool IsBuiltIn(string model) => ModelCatalogue.Names.Contains(model);
}

/// <summary>Where a command's checkpoints are: a directory, or a run in the database that this process is told
/// of.</summary>
/// <param name="Place">The directory, or the run's name.</param>
/// <param name="ConnectionString">How this process reaches the database; null for a directory.</param>
/// <param name="Origin">What named it on the command line, for messages.</param>
internal sealed record CheckpointTarget(string Place, string? ConnectionString, string Origin)
{
    /// <summary>The option that names it.</summary>
    public const string Option = "--checkpoint";

    /// <summary>The environment variable that tells of the database, where the experiment file does not.</summary>
    public const string Variable = "PCNODE_CHECKPOINT_CONNECTION_STRING";

    /// <summary>What messages call it.</summary>
    public string Name => ConnectionString is null ? $"'{Place}'" : $"the run '{Place}' of the database";

    /// <summary>What a name on the command line means.</summary>
    /// <param name="name">The name.</param>
    /// <param name="settings">Say how a database is reached.</param>
    /// <param name="origin">What named it, for messages.</param>
    public static CheckpointTarget Of(string name, Settings settings, string origin = Option)
    {
        if (name.Length == 0)
            throw new UsageException(
                $"{origin}: it is empty; a directory is needed, or the name of a run in a database");
        var connection = settings.Get(SettingCatalogue.CheckpointConnection)
            ?? Environment.GetEnvironmentVariable(Variable);
        return new CheckpointTarget(name, string.IsNullOrEmpty(connection) ? null : connection, origin);
    }

    /// <summary>Refuses an output that is one of the checkpoints.</summary>
    /// <exception cref="UsageException">It is one.</exception>
    public void RequireIsNone(string path, string origin)
    {
        if (ConnectionString is not null || !File.Exists(path)) return;
        if (!Path.GetFileName(path).StartsWith("checkpoint", StringComparison.Ordinal)) return;
        if (OutputFile.AreSame(Path.GetDirectoryName(Path.GetFullPath(path))!, Place))
            throw new UsageException($"{origin}: '{path}' is a checkpoint; give another file");
    }

    /// <summary>Opens the store.</summary>
    /// <exception cref="CheckpointException">It cannot be opened.</exception>
    public async Task<CheckpointStore> OpenAsync(CancellationToken cancellation)
    {
        if (ConnectionString is not null)
            return await CheckpointDatabase.OpenAsync(ConnectionString, Place, cancellation).ConfigureAwait(false);
        try
        {
            return new CheckpointDirectory(Place);
        }
        catch (CheckpointException e)
        {
            throw new UsageException($"{Origin}: {e.Message}");
        }
    }

    /// <summary>Refuses a place where nothing can be saved.</summary>
    /// <exception cref="UsageException">Nothing can.</exception>
    public async Task RequireWritableAsync(CheckpointStore store, CancellationToken cancellation)
    {
        try
        {
            await store.RequireWritableAsync(cancellation).ConfigureAwait(false);
        }
        catch (CheckpointException e)
        {
            throw new UsageException($"{Origin}: {e.Message}");
        }
    }
}
