using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;
using PcActors.Runs;
using PcNode.Configuration;

namespace PcNode.Experiments;

/// <summary>Makes an experiment's network.</summary>
internal static class NetworkFactory
{
    /// <summary>How the experiment's network runs to predict. Z-IL's identities would be of no use, and where values
    /// rest nothing is latent.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="loss">What is measured.</param>
    public static NetworkOptions OptionsForPrediction<T>(Experiment experiment, Graph<T> graph, Loss loss)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        experiment.CompleteSchedule(1);
        var options = experiment.Infers
            ? OptionsFor(experiment, graph) with { Clamped = [], SettlingSteps = null }
            : Options(experiment) with
            {
                Rule = LearningRule.IlDescription.Create(),
                Latents = Latents.None,
                Clock = Clock.Lockstep,
            };
        return options with
        {
            OnlyPredicts = true,
            MicroBatches = 1,
            Loss = loss,
            Where = new InProcess { Threads = experiment.Threads },
        };
    }

    /// <summary>Starts the experiment's network in this process.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="where">Where it runs; null for this process.</param>
    /// <param name="restored">What it goes on from, in place of initial values.</param>
    /// <param name="recording">Records it; null for nobody.</param>
    /// <param name="withEnergies">Whether steps report the energies of all vertices and timesteps.</param>
    /// <param name="trains">Whether it is trained; otherwise clamps are said by hand, and T is the rule's.</param>
    /// <param name="cancellation">Ends the waiting for the cluster.</param>
    public static async Task<INetwork<T>> StartAsync<T>(
        Experiment experiment, Graph<T> graph, NetworkPlace? where = null, NetworkSnapshot<T>? restored = null,
        Recording? recording = null, bool withEnergies = false, bool trains = true,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var options = OptionsFor(experiment, graph) with { Recording = recording, WithEnergies = withEnergies };
        if (!trains) options = options with { Clamped = [], SettlingSteps = null };
        if (where is not null) options = options with { Where = where };
        return await Network<T>.StartAsync(graph, options, restored, cancellation).ConfigureAwait(false);
    }

    /// <summary>How the experiment runs its graph in this process.</summary>
    /// <exception cref="UsageException">Nothing is latent, and the rule needs that; or its schedule lacks the length
    /// of the run.</exception>
    public static NetworkOptions OptionsFor<T>(Experiment experiment, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var options = Options(experiment) with { Clamped = experiment.Feeding.Clamped(graph) };
        if (!experiment.Infers) return options;
        LatentCount.Require(experiment, graph);
        return options with { Codings = experiment.Coding.Of(graph) };
    }

    /// <summary>Sequential backpropagation on the experiment's graph.</summary>
    public static Task<Network<T>> ReferenceAsync<T>(
        Experiment experiment, Graph<T> graph, Optimizer? optimizer = null, Schedule? schedule = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Network<T>.StartAsync(graph, Options(experiment) with
        {
            Clamped = experiment.Feeding.Clamped(graph),
            SettlingSteps = null,
            Where = new Reference(),
            Rule = LearningRule.Zil,
            Clock = null,
            Optimizer = optimizer ?? experiment.Optimizer,
            Schedule = schedule ?? experiment.Schedule,
        });

    /// <summary>How the experiment runs in this process.</summary>
    /// <exception cref="UsageException">Its schedule lacks the length of the run.</exception>
    public static NetworkOptions Options(Experiment experiment) => new()
    {
        Schedule = experiment.Schedule.Lacks is not { } lacking ? experiment.Schedule : throw new UsageException(
            $"{experiment.Settings.OriginOf(SettingCatalogue.Schedule)}: {experiment.Schedule.Name} takes the length "
            + $"of the run from train alone; give {experiment.Schedule.Name}:{lacking}=N"),
        Rule = experiment.LearningRule ?? LearningRule.Zil,
        Latents = experiment.Infers ? experiment.Coding.Choice : null,
        Sweeps = experiment.Settings.Get(SettingCatalogue.Sweeps),
        SettlingSteps = experiment.Feeding.SettlingSteps,
        Clock = experiment.Clock,
        Loss = experiment.Loss,
        Optimizer = experiment.Optimizer,
        MicroBatches = experiment.Micro,
        Logs = experiment.Logs,
        Seed = experiment.Seed,
        Where = experiment.LearningRule is null ? new Reference() : new InProcess { Threads = experiment.Threads },
    };
}
