using PcActors.Graphs;
using PcNode.Configuration;
using PcNode.Networks;

namespace PcNode.Experiments;

/// <content>How one is made of options, a model and a file.</content>
internal sealed partial class Experiment
{
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

    /// <summary>The settings of an experiment file, if MODEL is one, and of the command line.</summary>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static Settings SettingsOf(string? model, IReadOnlyList<(Setting Setting, string Text)> options,
        string command) =>
        (model is not null && ConfigurationFile.IsNamedBy(model)
            ? Settings.Reference.Under(ConfigurationFile.Load(model))
            : Settings.Reference)
        .For(command).Under(options);

    private static Experiment Create(NetworkSource source, Settings settings, string? file)
    {
        Configuration.Extensions.Load(settings);
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
        var loss = Chosen.Loss(settings);
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
            Coding = new Coding(settings),
            Feeding = new Feeding(settings, learningRule is { LearnsAtLevel: false }, InferringRules(), loss),
            Clock = Chosen.Clock(settings, learningRule),
            Batch = batch,
            Micro = micro,
            Replicas = replicas,
            Optimizer = Chosen.Optimizer(settings),
            Schedule = Chosen.Schedule(settings),
            Loss = loss,
            Seed = settings.Get(SettingCatalogue.Seed),
            Threads = settings.Get(SettingCatalogue.Threads),
            Blocks = settings.Get(SettingCatalogue.Blocks) ?? source.DefaultBlocks,
            Granularity = granularity,
            DType = settings.Get(SettingCatalogue.DType),
        };
    }
}
