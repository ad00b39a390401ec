using Microsoft.Extensions.Logging;
using PcActors.Data;
using PcActors.Data.Digits;
using PcActors.Data.Files;
using PcActors.Extensions;
using PcActors.Files;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;
using PcActors.Weights;
using PcNode.Configuration;
using PcNode.Networks;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>Settings that have been read, checked one against the other, and turned into
/// what the library takes.</summary>
internal sealed partial class Experiment
{
    private readonly IReadOnlyList<string> _files;
    private readonly Lazy<WeightNotes?> _weights;

    private Experiment(NetworkSource source, Settings settings, string? model)
    {
        (Source, Settings) = (source, settings);
        var data = settings.Get(SettingCatalogue.Data);
        string?[] files =
        [
            model, data, settings.Get(SettingCatalogue.TlsCertificate), settings.Get(SettingCatalogue.TlsPasswordFile),
            settings.Get(SettingCatalogue.WeightFile),
            .. source.Files, .. settings.Get(SettingCatalogue.Extension) ?? [],
            .. DatasetLoader.FilesOf(data),
        ];
        _files = [.. files.OfType<string>()];
        _weights = new(() => settings.Get(SettingCatalogue.WeightFile) is { } path ? WeightFile.LoadNotes(path) : null);
    }

    /// <summary>Where the network comes from.</summary>
    public NetworkSource Source { get; }

    /// <summary>What results call the network: a built-in model's name, or the file that defines it.</summary>
    public string Model => Source.Name;

    public Settings Settings { get; }

    /// <summary>Where its network logs; null for nowhere.</summary>
    public ILoggerFactory? Logs { get; set; }

    /// <summary>The data set, or <see cref="ValueTypes.RandomData"/>.</summary>
    public required string Data { get; init; }

    /// <summary>The data set, whole paths in place of relative ones.</summary>
    public string DataPath => Data == EmbeddedDigits.Name ? Data : IdxFiles.WithFullPaths(Data);

    /// <summary>What a file of weights says of features that its network takes; null where there is none, or it does
    /// not say. What a network does itself is not done before it, too.</summary>
    public ChosenStandardization? StandardizedByWeights =>
        _weights.Value is { SaysStandardization: true } notes && !Source.HasStandardization
            ? new(notes.Standardization?.Kind ?? StandardizationKind.None, notes.Standardization) : null;

    /// <summary>The classes that its network knows by name, in their order; null where it has none.</summary>
    public IReadOnlyList<string>? ClassNames
    {
        get => field ?? _weights.Value?.ClassNames ?? Source.ClassNames;
        set;
    }

    /// <summary>How many classes a file of weights was learnt for, where data decide how many a network has; 0 where
    /// they do not, or nothing says so.</summary>
    public int ClassesOfWeights =>
        Source.IsFittedToData && Feeding.Feed.Target is not (Feed.Features or Feed.Zeros)
            && _weights.Value is { Outputs: <= ClassLabels.MaxClassCount and var outputs } ? outputs : 0;

    /// <summary>Whether an input of whole numbers gets the features.</summary>
    public bool FeaturesAreWhole { get; set; }

    /// <summary>How features are standardised: a model file brings its own, and takes data as they are.</summary>
    public ChosenStandardization Standardize => Settings.Get(SettingCatalogue.Standardize) ?? StandardizedByWeights
        ?? new(Source.BringsStandardization || FeaturesAreWhole ? StandardizationKind.None : StandardizationKind.All,
            Given: null);

    /// <summary>Whether samples and targets are drawn for <c>verify</c>: they are when asked for,
    /// and, where no data are named, for a network that may have any inputs.</summary>
    public bool VerifiesAtRandom =>
        Data == ValueTypes.RandomData || (Source.IsArbitrary && Settings.IsDefault(SettingCatalogue.Data));

    public required string Rule { get; init; }

    /// <summary>The rule that vertices follow; null for sequential backpropagation.</summary>
    public required LearningRule? LearningRule { get; init; }

    /// <summary>Which vertices are latent or free, and what they have of their own.</summary>
    public required Coding Coding { get; init; }

    /// <summary>Which array each vertex gets, and what is measured.</summary>
    public required Feeding Feeding { get; init; }

    /// <summary>The clock; null for sequential backpropagation.</summary>
    public required Clock? Clock { get; init; }

    /// <summary>The clock's name; null for sequential backpropagation.</summary>
    public string? ClockName => Clock?.ToString().ToLowerInvariant();

    public required int Batch { get; init; }
    public required int Micro { get; init; }
    public required int Replicas { get; init; }
    public required Optimizer Optimizer { get; init; }

    /// <summary>The schedule of the learning rate; it may lack the length of the run.</summary>
    public required Schedule Schedule { get; set; }

    /// <summary>The schedule, as it may be given.</summary>
    public string ScheduleText => $"{Schedule.Values}".TrimEnd(':');

    public required Loss Loss { get; init; }
    public required ulong Seed { get; init; }
    public required int Threads { get; init; }
    public required int Blocks { get; init; }
    public required Granularity Granularity { get; init; }
    public required string DType { get; init; }

    /// <summary>Samples in one micro-batch.</summary>
    public int MicroBatchSize => Batch / Micro;

    /// <summary>Samples of a micro-batch in one replica.</summary>
    public int ShardSize => MicroBatchSize / Replicas;

    /// <summary>Inference learning as the settings have it.</summary>
    public LearningRule Il => Chosen.Rule(Settings, RuleNames.Il)!;

    /// <summary>Whether values settle under the rule: not under Z-IL and backpropagation.</summary>
    public bool Infers => LearningRule is { LearnsAtLevel: false };

    /// <summary>Refuses an output that cannot be written, or is one of the files that the
    /// experiment is read from.</summary>
    /// <param name="path">The file.</param>
    /// <param name="origin">The option that names it.</param>
    /// <param name="mayBeModel">Whether the model file itself may be replaced.</param>
    /// <param name="others">Further files that are read.</param>
    /// <exception cref="UsageException">It is refused.</exception>
    public void RequireWritable(string path, string origin, bool mayBeModel = false, IEnumerable<string>? others = null)
    {
        AtomicFile.Require(path, origin);
        if (!File.Exists(path) || OutputFile.IsSpecial(path)) return;
        if (mayBeModel && ValueTypes.IsModelFile(Model) && OutputFile.AreSame(path, Model)) return;
        if (_files.Concat(others ?? []).Any(f => File.Exists(f) && OutputFile.AreSame(f, path)))
            throw new UsageException(
                $"{origin}: '{path}' is a file that the experiment is read from; give another one");
    }

    /// <summary>Refuses options of the command line that the rule would not heed.</summary>
    /// <param name="ablatesRate">Whether the inference rate is for an ablation.</param>
    /// <exception cref="UsageException">There is one.</exception>
    public void RequireRuleHeedsOptions(bool ablatesRate = false)
    {
        if (Rule is not (RuleNames.Zil or RuleNames.Bp)) return;
        foreach (var setting in SettingGroups.Inference.Append(SettingCatalogue.TestInferenceSteps))
        {
            if (!Settings.IsOnCommandLine(setting) || (ablatesRate && setting == SettingCatalogue.InferenceRate))
                continue;
            throw NotHeeded(setting.OptionName);
        }
    }

    /// <summary>Refuses an option that is for rules under which values settle.</summary>
    /// <exception cref="UsageException">The rule is none of them.</exception>
    public void RequireInference(string option)
    {
        if (!Infers) throw NotHeeded(option);
    }

    /// <summary>The rules under which values settle, for a person.</summary>
    public static string InferringRules()
    {
        // By its name: an extension's rules are not made to be asked.
        var rules = Catalogues.Rules.Names.Where(name => name != RuleNames.Zil).ToList();
        return $"{string.Join(", ", rules[..^1])} or {rules[^1]}";
    }

    private UsageException NotHeeded(string option) =>
        new($"{option}: it is for --rule {InferringRules()}, and the rule is {Rule}");

    /// <summary>Gives the schedule the length of the run, where it lacks that.</summary>
    /// <param name="steps">Training steps of the whole run.</param>
    /// <returns>Whether it did.</returns>
    /// <exception cref="UsageException">It does not fit a run of that length.</exception>
    public bool CompleteSchedule(long steps)
    {
        if (Schedule.Lacks is null) return false;
        try
        {
            Schedule = Schedule.Over(Math.Max(1, steps));
            return true;
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{Settings.OriginOf(SettingCatalogue.Schedule)}: {e.Message}");
        }
    }
}
