using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PcActors.Checkpoints;
using PcActors.Data;
using PcActors.Tensors;
using PcActors.Training;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;

namespace PcNode.Checkpointing;

/// <summary>What a checkpoint's notes say of the run that it is from: the model, the options, the
/// data, the place in them.</summary>
internal sealed record StoredRun(CheckpointManifest Manifest, TrainingState Training)
{
    private const string ModelKey = "model";
    private const string DataKey = "data.sha256";
    private const string SampleKey = "data.sample";
    private const string ClassesKey = "data.classes";
    private const string SettingPrefix = "setting.";

    /// <summary>The options that may be other ones when a run is resumed: no bit depends on them, or only
    /// how long it goes on.</summary>
    private static readonly Setting[] Free =
        [SettingCatalogue.Epochs, SettingCatalogue.Steps, SettingCatalogue.Clock, SettingCatalogue.Threads,
            SettingCatalogue.CheckpointEvery, SettingCatalogue.CheckpointKeep];

    /// <summary>The options that decide bits.</summary>
    private static readonly Setting[] Fixed = [.. SettingGroups.Network.Concat(SettingGroups.Learning).Except(Free)];

    /// <summary>The model: a built-in one's name, or a file.</summary>
    public string Model => Manifest.Notes[ModelKey];

    /// <summary>Digest of the data.</summary>
    public string DataDigest => Manifest.Notes[DataKey];

    /// <summary>What the network is for.</summary>
    public DataForm DataForm => new(
        new Shape(
            [.. Manifest.Notes[SampleKey].Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(e => int.Parse(e, CultureInfo.InvariantCulture))]),
        int.Parse(Manifest.Notes[ClassesKey], CultureInfo.InvariantCulture));

    /// <summary>The run that a checkpoint is from.</summary>
    /// <exception cref="CheckpointException">Its notes do not say so: it was saved by another program.</exception>
    public static StoredRun Of(CheckpointManifest manifest)
    {
        try
        {
            if (new[] { ModelKey, DataKey, SampleKey, ClassesKey }.FirstOrDefault(
                k => !manifest.Notes.ContainsKey(k)) is { } missing)
                throw new FormatException($"the note '{missing}' is missing");
            return new StoredRun(manifest, TrainingState.Read(manifest.Step, manifest.Notes));
        }
        catch (FormatException e)
        {
            throw new CheckpointException(
                $"the checkpoint of step {manifest.Step} is not from 'pcnode train': {e.Message}", e);
        }
    }

    /// <summary>A run's notes.</summary>
    public static IReadOnlyDictionary<string, string> NotesOf<T>(Experiment experiment, DataSplit<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var notes = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ModelKey] = experiment.Source is BuiltInSource ? experiment.Model : Path.GetFullPath(experiment.Model),
            [DataKey] = DigestOf(data),
            [SampleKey] = string.Join(',', data.Train.SampleShape.Dimensions.ToArray()),
            [ClassesKey] = $"{data.Train.ClassCount}",
        };
        foreach (var setting in Fixed.Concat(Free))
            notes[SettingPrefix + setting.Key] = experiment.Settings.TextOf(setting);
        // What the optimizer learns at, not where that came from.
        foreach (var setting in SettingCatalogue.OfOptimizers)
        {
            if (experiment.Optimizer.Values.Attributes[setting.Hyperparameter!] is { } value)
                notes[SettingPrefix + setting.Key] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }
        if (Path.Exists(experiment.Data))
            notes[SettingPrefix + SettingCatalogue.Data.Key] = Path.GetFullPath(experiment.Data);
        return notes;
    }

    /// <summary>A digest of samples and labels, of training and test.</summary>
    public static string DigestOf<T>(DataSplit<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in new[] { data.Train, data.Test })
        {
            hash.AppendData(MemoryMarshal.AsBytes(part.Features.Span));
            foreach (var label in part.Labels) hash.AppendData(BitConverter.GetBytes(label));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The settings with which the run goes on: its own, and of those that are free the given ones.</summary>
    /// <param name="given">What the command line and the experiment file say.</param>
    /// <param name="place">What messages call the place of the checkpoint.</param>
    /// <exception cref="UsageException">Another value is given for a setting that decides bits.</exception>
    public Settings Continue(Settings given, string place)
    {
        var stored = new List<(Setting Setting, string Text)>();
        foreach (var setting in Fixed.Concat(Free))
        {
            if (!Manifest.Notes.TryGetValue(SettingPrefix + setting.Key, out var text)) continue;
            if (!given.IsDefault(setting))
            {
                if (Free.Contains(setting)) continue;
                // Data are compared by what is in them.
                if (setting == SettingCatalogue.Data) continue;
                if (!AreEqual(given.TextOf(setting), text))
                {
                    throw new UsageException(
                        $"{given.OriginOf(setting)}: the run in {place} has {text}, and {given.TextOf(setting)} was "
                        + "given; a run that is resumed keeps what decides its bits");
                }
            }
            stored.Add((setting, text));
        }
        return given.UnderStored(stored, place);
    }

    private static bool AreEqual(string one, string other)
    {
        static string Plain(string text) => text.Replace(" ", "", StringComparison.Ordinal);
        return Plain(one) == Plain(other)
            || (double.TryParse(one, CultureInfo.InvariantCulture, out var a)
                && double.TryParse(other, CultureInfo.InvariantCulture, out var b) && a.Equals(b));
    }
}
