using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;
using PcActors.Runs;
using PcNode.Configuration;
using PcNode.Networks;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>What came of comparing a rule with backpropagation.</summary>
internal sealed record VerificationResult
{
    public required string Model { get; init; }
    public required string Rule { get; init; }
    public required string? Ablation { get; init; }

    /// <summary>T of a rule that infers; for another it means nothing.</summary>
    public required int InferenceSteps { get; init; }
    public required string Granularity { get; init; }
    public required string DType { get; init; }

    /// <summary>Vertices of the graph that ran, identities among them.</summary>
    public required int Vertices { get; init; }
    public required int IdentityVertices { get; init; }
    public required int Levels { get; init; }

    /// <summary>Steps that were compared.</summary>
    public required long Steps { get; init; }
    public required double MaxAbsDifference { get; init; }

    /// <summary>Null when a number is not finite.</summary>
    public required ulong? MaxUlpDistance { get; init; }
    public required double EuclideanDistance { get; init; }

    /// <summary>The Euclidean norm of what backpropagation changed the parameters by, over
    /// all steps together.</summary>
    public required double UpdateNorm { get; init; }

    /// <summary>The distance after one step of SGD, over the norm of what backpropagation changed there.</summary>
    public required double RelativeDistance { get; init; }
    public required bool IsBitIdentical { get; init; }

    /// <summary>The first parameter, at the first step, whose bits differ.</summary>
    public required string? FirstDifference { get; init; }

    /// <summary>Whether the ablation took nothing away, because the graph is levelled as it is.</summary>
    public required bool IsLevelledAlready { get; init; }
}

/// <summary>Makes the same steps under an experiment's rule and under backpropagation, from
/// the same start, and compares all parameters after each.</summary>
/// <param name="experiment">The experiment; its rule is not bp.</param>
/// <param name="ablation">A condition to leave out, or null.</param>
/// <param name="cancellation">Ends the comparison between two steps.</param>
/// <param name="terminal">Told what was found in the data and done to a model file; null for nobody.</param>
internal sealed class Verification(Experiment experiment, Ablation? ablation, CancellationToken cancellation,
    Terminal? terminal = null)
    : IGenericWork<VerificationResult>
{
    public async Task<VerificationResult> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (built, batchesOf) = TestBed.Prepare<T>(experiment, terminal: terminal);
        if (terminal is not null) built.Source.TellReading(terminal);
        var graph = built.Graph;
        var steps = experiment.Settings.Get(SettingCatalogue.VerifySteps);
        var run = await CompareAsync(graph, batchesOf, experiment.Optimizer, experiment.Schedule, steps)
            .ConfigureAwait(false);
        // Momentum and Adam make of a small difference of gradients a large one of
        // parameters: distances are those of SGD.
        var isSingle = steps == 1 && experiment is { Optimizer: Sgd, Schedule: Constant };
        var single = run.Comparison.IsBitIdentical || isSingle
            ? run
            : await CompareAsync(graph, batchesOf, SgdOfOneStep(), Schedule.Constant, 1).ConfigureAwait(false);
        return new VerificationResult
        {
            Model = experiment.Model,
            Rule = experiment.Rule,
            Ablation = ablation?.Name,
            InferenceSteps = (experiment.Infers ? experiment.LearningRule! : experiment.Il).InferenceSteps,
            Granularity = experiment.Settings.TextOf(SettingCatalogue.Granularity),
            DType = experiment.DType,
            Vertices = run.RunGraph.Vertices.Count,
            IdentityVertices = run.RunGraph.IdentityCount,
            Levels = run.RunGraph.Depth + 1,
            Steps = run.Steps,
            MaxAbsDifference = run.Comparison.MaxAbsDifference,
            MaxUlpDistance = run.Comparison.MaxUlpDistance,
            EuclideanDistance = run.Comparison.EuclideanDistance,
            UpdateNorm = run.UpdateNorm,
            RelativeDistance = run.Comparison.IsBitIdentical
                ? 0
                : single.Comparison.EuclideanDistance / single.UpdateNorm,
            IsBitIdentical = run.Comparison.IsBitIdentical,
            FirstDifference = run.Comparison.FirstDifference,
            IsLevelledAlready = ablation is { IsLevelled: false } && graph.IsLevelled,
        };
    }

    private async Task<Compared<T>> CompareAsync<T>(Graph<T> graph, Func<INetwork<T>, IBatches<T>> batchesOf,
        Optimizer optimizer, Schedule schedule, int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        await using var reference = await NetworkFactory.ReferenceAsync(experiment, graph, optimizer, schedule)
            .ConfigureAwait(false);
        await using var network = await Network<T>.StartAsync(
            graph, Options(graph) with { Optimizer = optimizer, Schedule = schedule }).ConfigureAwait(false);
        var batches = batchesOf(reference);
        var comparison = new ParameterComparison<T>();
        var initial = await reference.ParametersAsync().ConfigureAwait(false);
        var batch = reference.NewBatch();
        long step = 0;
        while (step < steps && double.IsFinite(comparison.MaxAbsDifference))
        {
            cancellation.ThrowIfCancellationRequested();
            batches.Fill(step++, batch);
            await reference.StepAsync(batch).ConfigureAwait(false);
            try
            {
                await network.StepAsync(batch).ConfigureAwait(false);
            }
            catch (DivergedException e)
            {
                // Backpropagation made this step, so the rule alone failed: that is a
                // difference, and there is no larger one.
                comparison.AddDivergence(e.Vertex ?? graph.Root.Name);
                break;
            }
            comparison.Add(
                await network.ParametersAsync().ConfigureAwait(false),
                await reference.ParametersAsync().ConfigureAwait(false));
        }
        var update = new ParameterComparison<T>();
        update.Add(initial, await reference.ParametersAsync().ConfigureAwait(false));
        return new Compared<T>(comparison, update.EuclideanDistance, step, network.RunGraph);
    }

    private static Optimizer SgdOfOneStep() => Sgd.Description.Create();

    private NetworkOptions Options<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var options = NetworkFactory.OptionsFor(experiment, graph);
        return ablation is null
            ? options
            : options with
            {
                Rule = ablation.Rule,
                Levelled = ablation.IsLevelled,
                Latents = Latents.Every,
                Clock = Clock.Lockstep,
            };
    }

    private sealed record Compared<T>(ParameterComparison<T> Comparison, double UpdateNorm, long Steps,
        Graph<T> RunGraph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
