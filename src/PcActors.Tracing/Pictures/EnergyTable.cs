using System.Text.Json;
using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Pictures;

/// <summary>The free energy of recorded steps, by timestep and vertex, as vertices have reported it.</summary>
/// <remarks>Reports have sums over samples; shown is the mean over the batch, where the target's clamp tells how many
/// samples that has.</remarks>
internal sealed class EnergyTable
{
    private readonly SortedDictionary<StepId, Step> _steps = [];

    /// <summary>Takes a message of a step.</summary>
    public void Add(TraceRecord record)
    {
        if (record.BatchSize is null && record.Purpose is null && record.Energy is null) return;
        if (!_steps.TryGetValue(record.StepId, out var step)) _steps.Add(record.StepId, step = new Step(record));
        if (record.BatchSize is { } samples) step.Samples = samples;
        if (record.Time is not { } time) return;
        // Values are not at home yet while a graph with cycles is initialised.
        if (record.Purpose is { } purpose && (purpose & TimestepPurpose.Initialise) != 0) step.Initial.Add(time);
        if (record.Energy is { } energy && energy != 0) step.Of(time)[record.From] = energy;
    }

    /// <summary>Writes the steps that have energies: for each timestep F, and the vertices' parts of it.</summary>
    public void Write(Utf8JsonWriter json, Action<TraceRecord> writeStep)
    {
        foreach (var step in _steps.Values.Where(s => s.Times.Count > 0))
        {
            json.WriteStartObject();
            json.WritePropertyName("step");
            writeStep(step.First);
            json.WriteNumber("attempt", step.First.Attempt);
            if (step.Samples is { } samples) json.WriteNumber("samples", samples);
            json.WriteStartArray("timesteps");
            foreach (var (time, energies) in step.Times.Where(t => !step.Initial.Contains(t.Key)))
                WriteTimestep(json, time, energies, step.Samples ?? 1);
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void WriteTimestep(Utf8JsonWriter json, int time, SortedDictionary<int, double> energies,
        int samples)
    {
        json.WriteStartArray();
        json.WriteNumberValue(time);
        WriteNumber(json, energies.Values.Sum() / samples);
        json.WriteStartObject();
        foreach (var (vertex, energy) in energies)
        {
            json.WritePropertyName($"{vertex}");
            WriteNumber(json, energy / samples);
        }
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteNullValue();
    }

    /// <summary>One attempt at a step.</summary>
    private sealed class Step(TraceRecord first)
    {
        public TraceRecord First { get; } = first with { Payload = null };

        public int? Samples { get; set; }

        public HashSet<int> Initial { get; } = [];

        public SortedDictionary<int, SortedDictionary<int, double>> Times { get; } = [];

        public SortedDictionary<int, double> Of(int time)
        {
            if (!Times.TryGetValue(time, out var energies)) Times.Add(time, energies = []);
            return energies;
        }
    }
}
