using System.Numerics;
using PcActors.Graphs;
using PcActors.Runs;
using PcActors.Tests.Learning;
using PcActors.Tracing;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>A run's trace in memory: to be audited, or to be edited first.</summary>
internal sealed record RecordedRun(TraceHeader Header, IReadOnlyList<TraceRecord> Records)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>The attempts that each step took.</summary>
    public IReadOnlyList<int> Attempts { get; init; } = [];

    /// <summary>Trains for some steps, then predicts and collects the parameters.</summary>
    public static async Task<RecordedRun> Record<T>(
        Graph<T> graph, NetworkOptions options, int steps = 3, bool payloads = false, NetworkSnapshot<T>? snapshot = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var output = new MemoryStream();
        var attempts = new List<int>();
        var recording = new TraceRecording(new TraceOptions { Output = output, Payloads = payloads });
        await using (var network = await Network<T>.StartAsync(graph, options with { Recording = recording }, snapshot))
        {
            try
            {
                for (var step = 0; step < steps; step++)
                {
                    var batch = RandomBatch.Create(graph, options.Loss, options.MicroBatches, (ulong)step);
                    attempts.Add((await network.StepAsync(batch).WaitAsync(Patience)).Attempts);
                    if (step != 1) continue;
                    await network.PredictAsync(batch).WaitAsync(Patience);
                    await network.ParametersAsync().WaitAsync(Patience);
                }
                await network.ParametersAsync().WaitAsync(Patience);
            }
            catch (DivergedException)
            {
                // Its trace is one all the same.
            }
        }
        using var reader = new TraceReader(new MemoryStream(output.ToArray()), "memory");
        return new RecordedRun(reader.Header, [.. reader.Records()]) { Attempts = attempts };
    }

    /// <summary>Audits it.</summary>
    public AuditResult Audit() => TraceAudit.Run(Header, Records);

    /// <summary>Writes it into a file, with the hash that belongs to it.</summary>
    public void Save(string path)
    {
        using var writer = new TraceWriter(TraceFile.Create(path), Header);
        foreach (var record in Records) writer.Write(record);
        writer.End();
    }

    /// <summary>The run with other records.</summary>
    public RecordedRun With(Func<IReadOnlyList<TraceRecord>, IEnumerable<TraceRecord>> edit) => this with { Records = [.. edit(Records)] };

    /// <summary>The run with one record replaced: the first that fits.</summary>
    public RecordedRun Edit(Func<TraceRecord, bool> which, Func<TraceRecord, TraceRecord> edit)
    {
        var found = Records.First(which);
        return With(records => records.Select(r => ReferenceEquals(r, found) ? edit(r) : r));
    }

    /// <summary>The run with one record more, as the last one that arrived.</summary>
    public RecordedRun Add(TraceRecord record) => With(records => [.. records, WithNumbers(record, records)]);

    private static TraceRecord WithNumbers(TraceRecord record, IReadOnlyList<TraceRecord> records)
    {
        var last = records.Max(r => Math.Max(r.N, r.Taken));
        return record with { N = last + 1, Taken = last + 2 };
    }
}
