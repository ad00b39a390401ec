using System.Globalization;
using PcActors.Checkpoints;
using PcActors.Data;
using PcActors.Models;
using PcNode.Checkpointing;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Stepping;

namespace PcNode.Using;

/// <summary>Which network a command line asks to be used: a model's, or that of a run's checkpoint.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Stored">The checkpoint; null for the model's own parameters, or those of a file.</param>
internal sealed record UseRequest(Experiment Experiment, StoredNetwork? Stored) : IAsyncDisposable
{

    /// <summary>Which of two things of one name is used; null where there is one.</summary>
    public string? Notice { get; private init; }

    /// <summary>Reads it.</summary>
    /// <param name="model">MODEL: a model, or the folder of a run's checkpoints, or one of the files in it.</param>
    /// <param name="place">What --checkpoint says; null for nothing.</param>
    /// <param name="step">What --step says; null for the last checkpoint.</param>
    /// <param name="given">Options of the command line.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="UsageException">It does not go together, or there is no such network.</exception>
    public static async Task<UseRequest> OpenAsync(string? model, string? place, long? step,
        IReadOnlyList<(Setting Setting, string Text)> given, string command, CancellationToken cancellation)
    {
        var origin = CheckpointTarget.Option;
        // A network's own name is never a folder's.
        if (model is not null && !ModelCatalogue.Names.Contains(model) && RunOf(model) is var (folder, own)
            && (Directory.Exists(model) || own is not null))
        {
            if (place is not null)
                throw new UsageException($"--checkpoint: MODEL, '{model}', is a run's already; give one of the two");
            if (own is not null && step is not null && own != step)
                throw new UsageException($"--step: MODEL, '{model}', is the checkpoint of step {own}");
            (model, place, step, origin) = (null, folder, own ?? step, "MODEL");
        }
        if (place is null && step is not null)
            throw new UsageException("--step: it needs a run's checkpoints, as MODEL or with --checkpoint");
        if (place is null) return new UseRequest(Experiment.Create(model, given, command), null)
        {
            Notice = model is not null && ModelCatalogue.Names.Contains(model) && Directory.Exists(model)
                ? $"'{model}' is the built-in network; the folder of that name is ./{model}" : null,
        };
        if (given.Any(g => g.Setting == SettingCatalogue.WeightFile))
            throw new UsageException("--weights: the weights are those of the checkpoint; give one of the two");
        var stored = await StoredNetwork.OpenAsync(place, Experiment.SettingsOf(model, given, command), cancellation,
            step, origin).ConfigureAwait(false);
        try
        {
            // Of other data than the run's there is no part that it learnt from.
            var others = given.Any(g => g.Setting == SettingCatalogue.Data)
                ? SettingGroups.Reading
                : [.. SettingGroups.Reading, SettingCatalogue.Data, SettingCatalogue.Samples,
                    SettingCatalogue.Validation];
            var experiment = stored.ExperimentOf(model, given, command, settings => settings, others);
            experiment.ClassNames = stored.ClassNames;
            return new UseRequest(experiment, stored);
        }
        catch (Exception)
        {
            await stored.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether a data set says something of the network, besides samples: what it is fitted to, or the numbers
    /// by which features are standardised. A checkpoint has both.</summary>
    public bool NeedsTrainingSet
    {
        get
        {
            var (settings, chosen) = (Experiment.Settings, Experiment.Standardize);
            var isComputed = chosen.Given is null && chosen.Kind != StandardizationKind.None;
            return Stored is null ? Experiment.Source.IsFittedToData || isComputed
                : isComputed && settings.IsOnCommandLine(SettingCatalogue.Standardize);
        }
    }

    /// <summary>Refuses options of a data set's samples where arrays are given in their place.</summary>
    /// <param name="given">The options that were given.</param>
    /// <param name="part">Whether a part of the data set was asked for.</param>
    /// <exception cref="UsageException">There is one that nothing would heed.</exception>
    public void RequireNoDataSet(IEnumerable<Setting> given, bool part)
    {
        if (part)
            throw new UsageException(
                $"--part: it is of a data set, and {InputFiles.Option} gives all samples; give one of the two");
        if (NeedsTrainingSet) return;
        Setting[] unheeded = [SettingCatalogue.Data, SettingCatalogue.Samples, .. SettingGroups.Reading];
        if (given.FirstOrDefault(unheeded.Contains) is { } setting)
            throw new UsageException(
                $"{setting.OptionName}: it is of a data set, and {InputFiles.Option} stands in its place; give one of "
                + "the two");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Stored?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>The folder of a run, and the step where a file of it is named.</summary>
    private static (string Folder, long? Step) RunOf(string model)
    {
        var name = Path.GetFileNameWithoutExtension(model);
        var isCheckpoint = File.Exists(model) && name.StartsWith(CheckpointDirectory.Prefix, StringComparison.Ordinal)
            && model.EndsWith(".safetensors", StringComparison.Ordinal);
        return isCheckpoint && long.TryParse(name[CheckpointDirectory.Prefix.Length..], NumberStyles.None,
            CultureInfo.InvariantCulture, out var step)
            ? (Path.GetDirectoryName(Path.GetFullPath(model))!, step)
            : (model, null);
    }
}
