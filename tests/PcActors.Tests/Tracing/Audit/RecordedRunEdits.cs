using System.Numerics;
using PcActors.Graphs;
using PcActors.Runs;
using PcActors.Testing;
using PcActors.Tests.Learning;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>Runs that are recorded to be audited, or to be edited first.</summary>
internal static class RecordedRunEdits
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    extension(RecordedRun)
    {
        /// <summary>Trains for some steps, and predicts and collects the parameters meanwhile; told is how many
        /// attempts each step took.</summary>
        public static Task<RecordedRun> Record<T>(
            Graph<T> graph, NetworkOptions options, int steps = 3, bool payloads = false,
            NetworkSnapshot<T>? snapshot = null, Action<int>? attempts = null)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            return RecordedRun.OfAsync(graph, options, WorkAsync, trace => trace with { Payloads = payloads },
                snapshot);

            async Task WorkAsync(INetwork<T> network)
            {
                try
                {
                    for (var step = 0; step < steps; step++)
                    {
                        var batch = RandomBatch.Create(graph, options.Loss, options.MicroBatches, (ulong)step);
                        var result = await network.StepAsync(batch).WaitAsync(Patience);
                        attempts?.Invoke(result.Attempts);
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
        }
    }

    extension(RecordedRun run)
    {
        /// <summary>Audits it.</summary>
        public AuditResult Audit() => TraceAudit.Run(run.Header, run.Records);

        /// <summary>Writes it into a file, with the hash that belongs to it.</summary>
        public void Save(string path)
        {
            using var writer = new TraceWriter(TraceFile.Create(path), run.Header);
            foreach (var record in run.Records) writer.Write(record);
            writer.End();
        }

        /// <summary>The run with other records.</summary>
        public RecordedRun With(Func<IReadOnlyList<TraceRecord>, IEnumerable<TraceRecord>> edit) =>
            run with { Records = [.. edit(run.Records)] };

        /// <summary>The run with one record replaced: the first that fits.</summary>
        public RecordedRun Edit(Func<TraceRecord, bool> which, Func<TraceRecord, TraceRecord> edit)
        {
            var found = run.Records.First(which);
            return run.With(records => records.Select(r => ReferenceEquals(r, found) ? edit(r) : r));
        }

        /// <summary>The run with one record more, as the last one that arrived.</summary>
        public RecordedRun Add(TraceRecord record)
        {
            var last = run.Records.Max(r => Math.Max(r.N, r.Taken));
            return run.With(records => [.. records, record with { N = last + 1, Taken = last + 2 }]);
        }
    }
}
