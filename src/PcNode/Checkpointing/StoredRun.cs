using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PcActors.Checkpoints;
using PcActors.Data;
using PcActors.Extensions;
using PcActors.Graphs;
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
    private const string NumbersKey = "data.is-numbers";
    private const string SettingPrefix = "setting.";

    /// <summary>The options that may be other ones when a run is resumed: no bit depends on them, or only
    /// how long it goes on.</summary>
    private static readonly Setting[] Free =
        [SettingCatalogue.Epochs, SettingCatalogue.Steps, SettingCatalogue.EarlyStopping, SettingCatalogue.KeepBest,
            SettingCatalogue.Classify, SettingCatalogue.TestInferenceSteps,
            SettingCatalogue.Clock, SettingCatalogue.Threads, SettingCatalogue.CheckpointEvery,
             SettingCatalogue.CheckpointKeep];

    /// <summary>The options that decide bits.</summary>
    private static readonly Setting[] Fixed = [
        .. SettingGroups.Network.Concat(SettingGroups.Feeding).Concat(SettingGroups.Learning).Except(Free),
    ];

    /// <summary>The model: a built-in one's name, or a file.</summary>
    public string Model => Manifest.Notes[ModelKey];

    /// <summary>Digest of the data.</summary>
    public string DataDigest => Manifest.Notes[DataKey];

    /// <summary>Whether epochs have ended of which the best one's weights are not there.</summary>
    public bool HasLostBest => Training.Best is null && Training.Score.IsKnown;

    /// <summary>What the network is for.</summary>
    public DataForm DataForm => new(
        new Shape(
            [.. Manifest.Notes[SampleKey].Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(e => int.Parse(e, CultureInfo.InvariantCulture))]),
        int.Parse(Manifest.Notes[ClassesKey], CultureInfo.InvariantCulture))
    {
        HasClasses = !Manifest.Notes.ContainsKey(NumbersKey),
    };

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

    /// <summary>Refuses an experiment whose network is not the run's.</summary>
    /// <exception cref="UsageException">It is another.</exception>
    public void RequireModel<T>(Experiment experiment, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (CheckpointSession.ModelOf(experiment, graph) is var model && model == Manifest.Model) return;
        throw new UsageException(
            $"the checkpoint of step {Manifest.Step} is of the model {Model}, {Manifest.Model}, which is {model} by "
            + $"now");
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
            [ClassesKey] = $"{data.Train.OutputCount}",
        };
        if (data.Train.ClassCount == 0) notes[NumbersKey] = "true";
        foreach (var setting in Fixed.Concat(Free))
            notes[SettingPrefix + setting.Key] = WrittenTexts.Of(experiment.Settings, setting);
        // What auto means is the network's to say; here it has been said.
        notes[SettingPrefix + SettingCatalogue.Standardize.Key] = experiment.Standardize.Given is not null
            ? experiment.Settings.TextOf(SettingCatalogue.Standardize)
            : StandardizationReport.NameOf(experiment.Standardize.Kind);
        // With the length of the run: one that goes on for longer keeps it.
        notes[SettingPrefix + SettingCatalogue.Schedule.Key] = experiment.ScheduleText;
        // What the optimizer learns at, not where that came from.
        foreach (var setting in SettingCatalogue.OfOptimizers)
        {
            if (experiment.Optimizer.Values.Attributes[setting.Hyperparameter!] is { } value)
                notes[SettingPrefix + setting.Key] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }
        notes[SettingPrefix + SettingCatalogue.Data.Key] = experiment.DataPath;
        return notes;
    }

    /// <summary>A digest of all that the parts of a data set have.</summary>
    public static string DigestOf<T>(DataSplit<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in new[] { data.Train, data.Test, data.Validation }.OfType<Dataset<T>>())
        {
            hash.AppendData(MemoryMarshal.AsBytes(part.Features.Span));
            foreach (var label in part.Labels) hash.AppendData(BitConverter.GetBytes(label));
            if (part.Targets is { } targets) hash.AppendData(MemoryMarshal.AsBytes(targets.Span));
            foreach (var (_, array) in part.Arrays.OrderBy(a => a.Key, StringComparer.Ordinal))
                hash.AppendData(MemoryMarshal.AsBytes(array.Span));
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
                if (setting == SettingCatalogue.Schedule && AreSameSchedule(given.TextOf(setting), text))
                {
                    stored.Add((setting, text));
                    continue;
                }
                if (!AreEqual(WrittenTexts.Of(given, setting), text))
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

    /// <summary>The settings with which a run's network infers: those that say which
    /// network it is are the run's, others where they are not given.</summary>
    /// <param name="given">What the command line and the experiment file say.</param>
    /// <param name="place">What messages call the place of the checkpoint.</param>
    /// <param name="others">Further settings that are the run's where they are not given.</param>
    /// <exception cref="UsageException">Another network is asked for.</exception>
    public Settings ForInference(Settings given, string place, IReadOnlyList<Setting> others)
    {
        var rule = Manifest.Notes.GetValueOrDefault(SettingPrefix + SettingCatalogue.Rule.Key, RuleNames.Zil);
        var isOwnRule = rule.Split(':')[0] is not (RuleNames.Zil or RuleNames.Bp) && (
            given.IsDefault(SettingCatalogue.Rule) || AreEqual(WrittenTexts.Of(given, SettingCatalogue.Rule), rule));
        Setting[] network =
        [
            .. SettingGroups.ModelSizes, .. SettingGroups.ModelFile, SettingCatalogue.Inputs, SettingCatalogue.Target,
            SettingCatalogue.DType,
        ];
        Setting[] inference = [SettingCatalogue.Rule, .. SettingGroups.Inference];
        var stored = new List<(Setting Setting, string Text)>();
        foreach (var setting in network.Append(SettingCatalogue.Loss).Concat(others).Concat(isOwnRule ? inference : []))
        {
            if (!Manifest.Notes.TryGetValue(SettingPrefix + setting.Key, out var text)) continue;
            if (given.IsDefault(setting)) stored.Add((setting, text));
            else if (network.Contains(setting) && !AreEqual(WrittenTexts.Of(given, setting), text))
                throw new UsageException(
                    $"{given.OriginOf(setting)}: the network in {place} has {text}, and {given.TextOf(setting)} was "
                    + $"given");
        }
        return given.UnderStored(stored, place);
    }

    /// <summary>Whether a schedule that is given is a run's: what it lacks, the run may have completed.</summary>
    private static bool AreSameSchedule(string given, string stored)
    {
        try
        {
            var (one, other) = (Catalogues.Schedules.Parse(given).Values, Catalogues.Schedules.Parse(stored).Values);
            return Catalogues.Schedules.Parse(given).Lacks is { } lacking && one.Kind == other.Kind
                ? one.With((lacking, other.Attributes[lacking])).Equals(other)
                : one.Equals(other);
        }
        catch (ArgumentException)
        {
            // What is wrong with it is said where it is used.
            return false;
        }
    }

    private static bool AreEqual(string one, string other)
    {
        static string Plain(string text) => text.Replace(" ", "", StringComparison.Ordinal);
        return Plain(one) == Plain(other)
            || (double.TryParse(one, CultureInfo.InvariantCulture, out var a)
                && double.TryParse(other, CultureInfo.InvariantCulture, out var b) && a.Equals(b));
    }
}
