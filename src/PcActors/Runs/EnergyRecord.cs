using PcActors.Learning.Energies;
using PcActors.Learning.Protocol;

namespace PcActors.Runs;

/// <summary>The energies that vertices have reported in one attempt, timestep by timestep: each a sum over
/// samples.</summary>
internal sealed class EnergyRecord
{
    private readonly List<Dictionary<int, EnergySum>> _byTime = [];
    private readonly List<EnergySum> _totals = [];
    private bool _counts;

    /// <summary>Timesteps of inference on record, the forward initialisation among them.</summary>
    public int Count => _totals.Count;

    /// <summary>F of each timestep of inference.</summary>
    public IReadOnlyList<EnergySum> Totals => _totals;

    /// <summary>The energies of vertices at each timestep of inference, by id; a direct vertex has none.</summary>
    public IReadOnlyList<IReadOnlyDictionary<int, EnergySum>> ByTime => _byTime;

    /// <summary>The first vertex, by id, whose energy at the current timestep is no number; null when there is
    /// none.</summary>
    public int? FirstInfinite => _byTime.Count == 0 || _totals[^1].IsFinite ? null
        : _byTime[^1].Where(e => !e.Value.IsFinite).Select(e => (int?)e.Key).Min();

    /// <summary>Begins an attempt.</summary>
    public void Begin()
    {
        _byTime.Clear();
        _totals.Clear();
        _counts = false;
    }

    /// <summary>Begins a timestep; those of forward initialisation do not count.</summary>
    public void BeginTimestep(TimestepPurpose purpose)
    {
        _counts = (purpose & TimestepPurpose.Initialise) == 0;
        if (!_counts) return;
        _byTime.Add([]);
        _totals.Add(default);
    }

    /// <summary>Takes a vertex's energy.</summary>
    public void Add(int vertex, EnergySum energy)
    {
        if (!_counts || energy == default) return;
        _byTime[^1][vertex] = energy;
        _totals[^1] += energy;
    }

    /// <summary>Whether F fell by less than a tolerance, mean over samples, from the last timestep but one.</summary>
    public bool IsSettled(double tolerance, int samples) =>
        tolerance > 0 && _totals.Count > 1
        && _totals[^2].ToDouble() - _totals[^1].ToDouble() < tolerance * samples;

    /// <summary>The rate of inference below which a linear network with the growth of the last timesteps would settle;
    /// null when F has not grown.</summary>
    /// <param name="rate">gamma. Where a displacement's largest part grows by g a timestep, gamma times the largest
    /// curvature is 1 + g, and has to be below 2.</param>
    public double? SettlingRate(double rate)
    {
        var finite = _totals.TakeWhile(t => t.IsExact).Select(t => t.ToDouble()).ToList();
        if (finite.Count < 2 || finite[^2] <= 0 || finite[^1] <= finite[^2]) return null;
        return 2 * rate / (1 + Math.Sqrt(finite[^1] / finite[^2]));
    }
}
