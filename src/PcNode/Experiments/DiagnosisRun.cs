using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Runs;
using PcNode.Configuration;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>What came of looking at one training step.</summary>
/// <param name="Step">The step by level.</param>
/// <param name="Latents">How many vertices were latent.</param>
/// <param name="HasReference">Whether backpropagation makes such an update: not where the graph has a cycle, or a
/// latent vertex is clamped.</param>
/// <param name="Moving">Numbers of one sample that inference moves.</param>
/// <param name="Spectrum">Of F's Hessian in them; null where it was left out.</param>
/// <param name="LeftOut">Why it was; null where it was not.</param>
internal sealed record DiagnosisResult(
    Diagnosis Step, LatentCount Latents, bool HasReference, int Moving, HessianSpectrum? Spectrum, string? LeftOut);

/// <summary>Makes one training step, and looks at it: by level, by timestep, and at the Hessian of F.</summary>
/// <param name="experiment">The experiment; its rule infers.</param>
/// <param name="stored">Whose parameters they are; null for initial ones.</param>
/// <param name="energies">Receives the energies; null for nobody.</param>
/// <param name="tell">Told what was done to a model file and which vertices are latent, before anything runs; null for
/// nobody.</param>
/// <param name="cancellation">Ends it between two measurements.</param>
internal sealed class DiagnosisRun(
    Experiment experiment, IStoredParameters? stored, EnergyFile? energies, Terminal? tell,
    CancellationToken cancellation) : IGenericWork<DiagnosisResult>
{
    public async Task<DiagnosisResult> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parameters = stored is null ? null
            : await stored.ParametersAsync<T>(cancellation).ConfigureAwait(false);
        var (built, batchesOf) = TestBed.Prepare(experiment, stored?.Form, parameters, tell);
        var graph = built.Graph;
        if (tell is not null)
        {
            built.Source.TellReading(tell);
            LatentCount.Tell(experiment, graph, tell);
        }
        var options = NetworkFactory.OptionsFor(experiment, graph);
        var batch = await BatchAsync(graph, options, batchesOf).ConfigureAwait(false);
        energies?.Begin();
        var run = experiment.LearningRule!.RunGraphOf(graph, latents: experiment.Coding.Choice);
        var step = Diagnosis.Of(graph, options, batch);
        energies?.Add(0, step.Inference, run);
        cancellation.ThrowIfCancellationRequested();
        var moving = run.Vertices.Where(v => (v.IsLatent || v.IsFree) && !options.Clamped.Contains(v.Name))
            .Sum(v => v.Shape.Length)
            / experiment.MicroBatchSize;
        var leftOut = WhyNot(moving);
        var spectrum = leftOut is not null ? null
            : HessianSpectrum.Of(ValueHessian.At(graph, options, OneMicroBatch(graph, options.Clamped, batch)));
        return new DiagnosisResult(step, LatentCount.Of(experiment, graph)!, Diagnosis.HasReference(graph, options),
            moving, spectrum, leftOut);
    }

    /// <summary>Why the Hessian is left out; null where it is not.</summary>
    private string? WhyNot(int moving)
    {
        var most = experiment.Settings.Get(SettingCatalogue.DiagnoseHessian);
        if (moving == 0) return "no value moves";
        // A replica has samples of its own: their rows would be another sample's.
        if (experiment.Replicas > 1) return "the network has replicas";
        return moving <= most ? null
            : $"{moving:#,0} numbers of a sample move, and {SettingCatalogue.DiagnoseHessian.OptionName} is {most:#,0}";
    }

    private async Task<Batch<T>> BatchAsync<T>(Graph<T> graph, NetworkOptions options,
        Func<INetwork<T>, Networks.IBatches<T>> batchesOf)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        await using var network = await Network<T>.StartAsync(graph, options, cancellation: cancellation)
            .ConfigureAwait(false);
        var batch = network.NewBatch();
        batchesOf(network).Fill(0, batch);
        return batch;
    }

    /// <summary>The first micro-batch, as a batch.</summary>
    private Batch<T> OneMicroBatch<T>(Graph<T> graph, IReadOnlyList<string> clamped, Batch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (batch.MicroBatches == 1) return batch;
        var first = new Batch<T>(graph, experiment.Loss, 1, clamped);
        for (var place = 0; place < batch.Clamped.Count; place++)
            batch.Input(place, 0).Span.CopyTo(first.Inputs[place].Writable);
        batch.TargetOf(0).Span.CopyTo(first.Target.Writable);
        return first;
    }
}
