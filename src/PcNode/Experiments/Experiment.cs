using Microsoft.Extensions.Logging;
using PcActors.Files;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcNode.Configuration;
using PcNode.Networks;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>Settings that have been read, checked one against the other, and turned into
/// what the library takes.</summary>
internal sealed class Experiment
{
    private readonly IReadOnlyList<string> _files;

    private Experiment(NetworkSource source, Settings settings, string? model)
    {
        (Source, Settings) = (source, settings);
        var data = settings.Get(SettingCatalogue.Data);
        string?[] files =
        [
            model, data, settings.Get(SettingCatalogue.TlsCertificate), settings.Get(SettingCatalogue.TlsPasswordFile),
            .. source.Files, .. settings.Get(SettingCatalogue.Extension) ?? [],
            .. Directory.Exists(data) ? Directory.EnumerateFiles(data, "*-ubyte*") : [],
        ];
        _files = [.. files.OfType<string>()];
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

    /// <summary>Whether samples and targets are drawn for <c>verify</c>: they are when asked for,
    /// and, where no data are named, for a network that may have any inputs.</summary>
    public bool VerifiesAtRandom =>
        Data == ValueTypes.RandomData || (Source.IsArbitrary && Settings.IsDefault(SettingCatalogue.Data));

    public required string Rule { get; init; }

    /// <summary>The rule that vertices follow; null for sequential backpropagation.</summary>
    public required LearningRule? LearningRule { get; init; }

    /// <summary>The clock; null for sequential backpropagation.</summary>
    public required Clock? Clock { get; init; }

    /// <summary>The clock's name; null for sequential backpropagation.</summary>
    public string? ClockName => Clock?.ToString().ToLowerInvariant();

    public required int Batch { get; init; }
    public required int Micro { get; init; }
    public required int Replicas { get; init; }
    public required Optimizer Optimizer { get; init; }
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

    /// <summary>The experiment that a MODEL on the command line stands for.</summary>
    /// <param name="model">A built-in model's name, a model file or an experiment file; null
    /// for the default model.</param>
    /// <param name="options">Options of the command line.</param>
    /// <param name="command">The command, which may have defaults of its own.</param>
    /// <exception cref="UsageException">A value is wrong, or two do not fit together.</exception>
    public static Experiment Create(string? model, IReadOnlyList<(Setting Setting, string Text)> options,
        string command) =>
        Create(model, options, command, settings => settings);

    /// <summary>The experiment that a MODEL on the command line stands for, with settings
    /// from elsewhere, too.</summary>
    /// <param name="model">A built-in model's name, a model file or an experiment file; null
    /// for the default model.</param>
    /// <param name="options">Options of the command line.</param>
    /// <param name="command">The command, which may have defaults of its own.</param>
    /// <param name="complete">Given the settings of file and command line, has all.</param>
    /// <exception cref="UsageException">A value is wrong, or two do not fit together.</exception>
    public static Experiment Create(
        string? model, IReadOnlyList<(Setting Setting, string Text)> options, string command,
        Func<Settings, Settings> complete)
    {
        if (model is null || !ConfigurationFile.IsNamedBy(model))
        {
            return Create(
                NetworkSource.Named(model ?? Settings.Reference.Get(SettingCatalogue.Model)),
                complete(Settings.Reference.For(command).Under(options)), null);
        }
        var file = ConfigurationFile.Load(model);
        var settings = complete(Settings.Reference.Under(file).For(command).Under(options));
        if (file.Graph is null)
            return Create(
                NetworkSource.Named(settings.Get(SettingCatalogue.Model), settings.OriginOf(SettingCatalogue.Model)),
                settings, model);
        if (file.Values.Any(v => v.Key == SettingCatalogue.Model.Key))
            throw new UsageException(
                $"{model}: pcactors.model: the file defines a network of its own in pcactors.graph; one of the two "
                + "is needed");
        return Create(new GraphSource(model, file.Graph), settings, model);
    }

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

    /// <summary>The settings of an experiment file, if MODEL is one, and of the command line.</summary>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static Settings SettingsOf(string? model, IReadOnlyList<(Setting Setting, string Text)> options,
        string command) =>
        (model is not null && ConfigurationFile.IsNamedBy(model)
            ? Settings.Reference.Under(ConfigurationFile.Load(model))
            : Settings.Reference)
        .For(command).Under(options);

    /// <summary>Refuses options of the command line that the rule would not heed.</summary>
    /// <param name="ablatesRate">Whether the inference rate is for an ablation.</param>
    /// <exception cref="UsageException">There is one.</exception>
    public void RequireRuleHeedsOptions(bool ablatesRate = false)
    {
        if (Rule is not (RuleNames.Zil or RuleNames.Bp)) return;
        foreach (var setting in new Setting[] { SettingCatalogue.InferenceSteps, SettingCatalogue.InferenceRate })
        {
            if (!Settings.IsOnCommandLine(setting) || (ablatesRate && setting == SettingCatalogue.InferenceRate))
                continue;
            throw new UsageException($"{setting.OptionName}: it is for --rule il, and the rule is {Rule}");
        }
    }

    private static Experiment Create(NetworkSource source, Settings settings, string? file)
    {
        Extensions.Load(settings);
        settings = source.Complete(settings);
        var (batch, micro) = (settings.Get(SettingCatalogue.Batch), settings.Get(SettingCatalogue.Micro));
        if (batch % micro != 0)
        {
            throw new UsageException(
                $"{settings.OriginOf(SettingCatalogue.Batch)}: a batch of {batch} samples cannot be cut into {micro} "
                + "equal " +
                $"micro-batches ({settings.OriginOf(SettingCatalogue.Micro)})");
        }
        var replicas = settings.Get(SettingCatalogue.Replicas);
        if (batch / micro % replicas != 0)
        {
            throw new UsageException(
                $"{settings.OriginOf(SettingCatalogue.Replicas)}: the {batch / micro} samples of a micro-batch "
                + "cannot be shared out equally " +
                $"between {replicas} replicas; the batch must be a multiple of {(long)micro * replicas}");
        }
        var rule = settings.Get(SettingCatalogue.Rule);
        var learningRule = Chosen.Rule(settings, rule);
        var granularity = settings.Get(SettingCatalogue.Granularity);
        if (granularity != Granularity.Tensor && settings.IsSet(SettingCatalogue.Blocks))
        {
            throw new UsageException(
                $"{settings.OriginOf(SettingCatalogue.Blocks)}: it is for the granularity tensor, and " +
                $"{settings.OriginOf(SettingCatalogue.Granularity)} is "
                + $"{settings.TextOf(SettingCatalogue.Granularity)}");
        }
        return new Experiment(source, settings, file)
        {
            Data = settings.Get(SettingCatalogue.Data),
            Rule = rule.Split(':')[0],
            LearningRule = learningRule,
            Clock = Chosen.Clock(settings, learningRule),
            Batch = batch,
            Micro = micro,
            Replicas = replicas,
            Optimizer = Chosen.Optimizer(settings),
            Loss = Chosen.Loss(settings),
            Seed = settings.Get(SettingCatalogue.Seed),
            Threads = settings.Get(SettingCatalogue.Threads),
            Blocks = settings.Get(SettingCatalogue.Blocks) ?? source.DefaultBlocks,
            Granularity = granularity,
            DType = settings.Get(SettingCatalogue.DType),
        };
    }
}
