using System.Numerics;
using PcActors.Actors;
using PcActors.Learning.Instruments;
using PcActors.Learning;
using PcNode.Configuration;

namespace PcNode.Experiments;

/// <summary>What came of comparing a rule with backpropagation.</summary>
internal sealed record VerificationResult
{
    public required string Model { get; init; }

    public required string Rule { get; init; }

    public required string? Ablation { get; init; }

    /// <summary>T of inference learning; for another rule it means nothing.</summary>
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

    /// <summary>The Euclidean norm of what backpropagation changed the parameters by, over all steps together.</summary>
    public required double UpdateNorm { get; init; }

    public required bool IsBitIdentical { get; init; }

    /// <summary>The first parameter, at the first step, whose bits differ.</summary>
    public required string? FirstDifference { get; init; }

    /// <summary>Whether the ablation took nothing away, because the graph is levelled as it is.</summary>
    public required bool IsLevelledAlready { get; init; }
}

/// <summary>Makes the same steps under an experiment's rule and under backpropagation, from the same start, and compares all
/// parameters after each.</summary>
/// <param name="experiment">The experiment; its rule is not bp.</param>
/// <param name="ablation">A condition to leave out, or null.</param>
/// <param name="cancellation">Ends the comparison between two steps.</param>
internal sealed class Verification(Experiment experiment, Ablation? ablation, CancellationToken cancellation)
    : IGenericWork<VerificationResult>
{
    public async Task<VerificationResult> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (built, batchesOf) = TestBed.Prepare<T>(experiment);
        var graph = built.Graph;
        await using var reference = NetworkFactory.Reference(experiment, graph);
        await using var network = Simulation<T>.Start(graph, Options());
        var batches = batchesOf(reference);
        var steps = experiment.Settings.Get(SettingCatalogue.VerifySteps);
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
                // Backpropagation made this step, so the rule alone failed: that is a difference, and there is no larger one.
                comparison.AddDivergence(e.Vertex ?? graph.Root.Name);
                break;
            }
            comparison.Add(
                await network.ParametersAsync().ConfigureAwait(false), await reference.ParametersAsync().ConfigureAwait(false));
        }
        var update = new ParameterComparison<T>();
        update.Add(initial, await reference.ParametersAsync().ConfigureAwait(false));
        var ran = network.RunGraph;
        return new VerificationResult
        {
            Model = experiment.Model,
            Rule = experiment.Rule,
            Ablation = ablation?.Name,
            InferenceSteps = experiment.Settings.Get(SettingCatalogue.InferenceSteps),
            Granularity = experiment.Settings.TextOf(SettingCatalogue.Granularity),
            DType = experiment.DType,
            Vertices = ran.Vertices.Count,
            IdentityVertices = ran.IdentityCount,
            Levels = ran.Depth + 1,
            Steps = step,
            MaxAbsDifference = comparison.MaxAbsDifference,
            MaxUlpDistance = comparison.MaxUlpDistance,
            EuclideanDistance = comparison.EuclideanDistance,
            UpdateNorm = update.EuclideanDistance,
            IsBitIdentical = comparison.IsBitIdentical,
            FirstDifference = comparison.FirstDifference,
            IsLevelledAlready = ablation is { IsLevelled: false } && graph.IsLevelled,
        };
    }

    private SimulationOptions Options()
    {
        var options = NetworkFactory.Options(experiment);
        return ablation is null
            ? options
            : options with { Rule = ablation.Rule, Levelled = ablation.IsLevelled, Clock = Clock.Lockstep };
    }
}
