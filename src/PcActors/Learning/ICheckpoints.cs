namespace PcActors.Learning;

/// <summary>Keeps checkpoints of a network that trains: all that a run goes on from. Where the parameters' states are, and who
/// writes them, is its own affair.</summary>
public interface ICheckpoints
{
    /// <summary>Saves a checkpoint of what the network is after the steps that were asked for before this call. The call itself only
    /// asks for that; steps that are asked for later go on while states are written.</summary>
    /// <param name="step">Training steps that led there, those before a resumption included.</param>
    /// <param name="notes">What whoever trains needs to go on from there; kept as it is.</param>
    /// <param name="cancellation">Gives the checkpoint up.</param>
    /// <returns>Completed when the checkpoint counts, or could not be saved. A failure to save is no failure of the run: it is
    /// told, not thrown.</returns>
    /// <exception cref="RunFailedException">The network itself has failed.</exception>
    Task<CheckpointOutcome> SaveAsync(long step, IReadOnlyDictionary<string, string> notes, CancellationToken cancellation = default);
}

/// <summary>What became of a checkpoint.</summary>
/// <param name="Step">Training steps that its parameters have learnt from.</param>
/// <param name="Failure">Why it could not be saved, a sentence; null when it counts.</param>
public sealed record CheckpointOutcome(long Step, string? Failure = null);
