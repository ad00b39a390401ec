using System.Diagnostics;

namespace PcNode.Reports;

/// <summary>The measuring for the report, part by part.</summary>
internal sealed class PaperStudy(IReadOnlyList<string> models, IReadOnlyList<int> depths, PaperParts parts)
{
    private readonly IReadOnlyList<PaperPart> _parts = [.. parts.Of(models), .. depths.Select(parts.Depth)];
    private readonly Dictionary<string, Measurement> _done = [];

    /// <summary>What has been measured, in the order of measuring.</summary>
    public IReadOnlyList<Measurement> Done =>
        [.. _parts.Where(p => _done.ContainsKey(p.Name)).Select(p => _done[p.Name])];

    /// <summary>What an earlier study has measured that is no part of this one: it stays where it is.</summary>
    public IReadOnlyList<Measurement> Others { get; private set; } = [];

    /// <summary>How many measurements there are when all is done.</summary>
    public int Count => _parts.Count;

    /// <summary>Under what the distances are measured: a paragraph, and the batch size by network.</summary>
    public (string Text, IReadOnlyDictionary<string, int> Batches) Conditions()
    {
        var experiments = models.Select(m => parts.Experiment(m)).ToList();
        var first = experiments.Count > 0 ? experiments[0] : parts.DepthExperiment(depths[0]);
        return (
            $"Data: {first.Data}; seed {first.Seed}; elements {first.DType}; one update each, by "
            + $"{first.Optimizer.Name} with the rate " +
                $"{first.Optimizer.LearningRate}, for the loss {first.Loss.Name}. Inference learning (IL) moves "
                + $"values with the rate {first.Il.InferenceRate}.",
            experiments.ToDictionary(e => e.Model, e => e.Batch));
    }

    /// <summary>Takes over what an earlier study has measured by the same version and
    /// under the same settings.</summary>
    /// <returns>How many are made anew, and what is another one now; each once.</returns>
    public (int Count, IReadOnlyList<string> Changes) Resume(IReadOnlyList<Measurement> earlier)
    {
        var (anew, changes) = (0, new List<string>());
        var mine = _parts.ToDictionary(p => p.Name);
        Others = [.. earlier.Where(m => !mine.ContainsKey(m.Part))];
        foreach (var measurement in earlier.Where(m => mine.ContainsKey(m.Part)))
        {
            var (then, now) = (measurement.Settings, mine[measurement.Part].Settings);
            var other = then.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                .Where(k => then.GetValueOrDefault(k) != now.GetValueOrDefault(k))
                .Select(
                    k => $"{k} was {then.GetValueOrDefault(k, "not set")} and is {now.GetValueOrDefault(k, "not set")}")
                    .ToList();
            if (other.Count == 0) _done[measurement.Part] = measurement;
            else anew++;
            changes.AddRange(other.Except(changes));
        }
        return (anew, changes);
    }

    /// <summary>Measures what is left.</summary>
    /// <param name="before">Told a part's name, its number from 1, and how long it and all after it may take, null
    /// while nothing tells.</param>
    /// <param name="after">Called after each part.</param>
    /// <param name="cancellation">Ends the study within a part, which is lost.</param>
    public async Task RunAsync(Action<string, int, TimeSpan?> before, Action after, CancellationToken cancellation)
    {
        foreach (var (index, part) in _parts.Index())
        {
            if (_done.ContainsKey(part.Name)) continue;
            cancellation.ThrowIfCancellationRequested();
            before(part.Name, index + 1, Left());
            var start = Stopwatch.GetTimestamp();
            var measurement = new Measurement { Part = part.Name, Settings = part.Settings, Seconds = 0 };
            var measured = await part.MeasureAsync(measurement, cancellation).ConfigureAwait(false);
            _done[part.Name] = measured with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds };
            after();
        }
    }

    /// <summary>How long the rest takes if an update of each network takes what it has taken so far.</summary>
    private TimeSpan? Left()
    {
        var left = 0.0;
        foreach (var network in _parts.GroupBy(p => p.Model))
        {
            if (!_done.TryGetValue(network.First().Name, out var first)) return null;
            var levels = first.Distance?.Levels ?? 1;
            var done = network.Where(p => _done.ContainsKey(p.Name)).ToList();
            var pace = done.Sum(p => _done[p.Name].Seconds) / done.Sum(p => p.Updates(levels));
            left += pace * network.Except(done).Sum(p => p.Updates(levels));
        }
        return TimeSpan.FromSeconds(left);
    }
}
