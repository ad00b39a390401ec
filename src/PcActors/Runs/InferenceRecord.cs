namespace PcActors.Runs;

/// <summary>The course of one inference.</summary>
/// <param name="Timesteps">T, the timesteps that it took.</param>
/// <param name="Converged">Whether the free energy fell by less than the tolerance at the
/// end; null without one.</param>
/// <param name="FreeEnergies">F at each timestep, from the forward initialisation on: sums over vertices, mean over the
/// batch.</param>
public sealed record InferenceRecord(int Timesteps, bool? Converged, IReadOnlyList<double> FreeEnergies)
{
    /// <summary>The energies of the latent vertices and the root at each timestep, mean over the batch, where they were
    /// asked for.</summary>
    public IReadOnlyList<VertexEnergy> ByVertex { get; init; } = [];

    /// <summary>F where inference ended.</summary>
    public double FreeEnergy => FreeEnergies.Count == 0 ? double.NaN : FreeEnergies[^1];
}

/// <summary>One vertex's energy at one timestep.</summary>
/// <param name="Time">t.</param>
/// <param name="Vertex">Its id in the graph that runs.</param>
/// <param name="Energy">E, mean over the batch.</param>
public readonly record struct VertexEnergy(int Time, int Vertex, double Energy);
