using System.Numerics;
using PcActors.Checkpoints;
using PcActors.Data;
using PcActors.Learning;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;

namespace PcNode.Checkpointing;

/// <summary>The network of a run's last checkpoint.</summary>
internal sealed class StoredNetwork : IStoredParameters, IAsyncDisposable
{
    private readonly CheckpointTarget _target;
    private readonly CheckpointStore _store;
    private readonly StoredRun _run;

    private StoredNetwork(CheckpointTarget target, CheckpointStore store, StoredRun run) =>
        (_target, _store, _run) = (target, store, run);

    /// <summary>What it is for.</summary>
    public DataForm Form => _run.DataForm;

    /// <summary>What was done to features in its training; null for nothing.</summary>
    public Standardization? Standardization => _run.Training.Standardization;

    /// <summary>The classes that it learnt by name, in their order; null where they had numbers.</summary>
    public IReadOnlyList<string>? ClassNames => _run.Training.ClassNames;

    /// <summary>Its step.</summary>
    public long Step => _run.Manifest.Step;

    /// <summary>Opens it.</summary>
    /// <param name="place">The directory, or the name of a run in a database.</param>
    /// <param name="settings">Say how a database is reached.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="step">The step of its checkpoint; null for the last one.</param>
    /// <param name="origin">What named the place, for messages.</param>
    /// <exception cref="UsageException">There is no checkpoint.</exception>
    /// <exception cref="CheckpointException">The store cannot be opened or read.</exception>
    public static async Task<StoredNetwork> OpenAsync(string place, Settings settings, CancellationToken cancellation,
        long? step = null, string origin = CheckpointTarget.Option)
    {
        var target = CheckpointTarget.Of(place, settings, origin);
        var store = await target.OpenAsync(cancellation).ConfigureAwait(false);
        try
        {
            var list = await store.ListAsync(cancellation).ConfigureAwait(false);
            if (list.Checkpoints.Count == 0)
                throw new UsageException(
                    $"{origin}: there is no checkpoint in {target.Name} that can be used"
                    + string.Concat(list.Refused.Select(r => $"; {r}")));
            var manifest = list.Checkpoints.FirstOrDefault(c => step is null || c.Step == step)
                ?? throw new UsageException(
                    $"--step: there is no checkpoint of step {step} in {target.Name}; there are "
                    + string.Join(" and ", list.Checkpoints.Select(c => c.Step)));
            return new StoredNetwork(target, store, StoredRun.Of(manifest));
        }
        catch (Exception)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The experiment that infers with it.</summary>
    /// <param name="model">What the command line names; null for the run's own.</param>
    /// <param name="options">Options of the command line.</param>
    /// <param name="command">The command, which may have defaults of its own.</param>
    /// <param name="complete">Given the settings, has all.</param>
    /// <param name="others">Further settings that are the run's where they are not given.</param>
    /// <exception cref="UsageException">Another network is asked for.</exception>
    public Experiment ExperimentOf(string? model, IReadOnlyList<(Setting Setting, string Text)> options,
        string command, Func<Settings, Settings> complete, params IReadOnlyList<Setting> others) => Experiment.Create(
        model ?? _run.Model, options, command,
        settings => complete(_run.ForInference(settings, _target.Name, others)));

    /// <inheritdoc/>
    /// <exception cref="UsageException">Its model has changed since.</exception>
    /// <exception cref="CheckpointException">A state cannot be read.</exception>
    public async Task<IReadOnlyList<NamedTensor<T>>> ParametersAsync<T>(CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var experiment = Experiment.Create(_run.Model, [], "train", settings => _run.Continue(settings, _target.Name));
        var built = ExperimentGraphs.BuildFor<T>(experiment, _run.DataForm);
        _run.RequireModel(experiment, built.Graph);
        var snapshot = await _store.LoadAsync<T>(_run.Manifest, cancellation).ConfigureAwait(false);
        return built.Source.InOrder(snapshot.ParametersOf(built.Graph));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
