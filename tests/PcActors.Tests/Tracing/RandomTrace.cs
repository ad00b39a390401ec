using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Schedules;
using PcActors.Tensors;
using PcActors.Tests.Models;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing;

/// <summary>Traces that nothing ran for.</summary>
internal static class RandomTrace
{
    public static TraceHeader Header(string model = "mlp", bool payloads = false, Optimizer? optimizer = null,
        Schedule? schedule = null) =>
        TraceHeader.Of(
        Levelling.Level(SmallModels.Build<float>(model, 2)),
        new VertexOptions(LearningRule.Zil, Clock.Wavefront, Loss.CrossEntropy,
            optimizer ?? new Adam(0.1, weightDecay: 1e-3), 2, 9)
        { Schedule = schedule ?? Schedule.Constant },
        model,
        payloads);

    /// <summary>Every kind of record that there is, by its fields.</summary>
    public static IReadOnlyList<TraceRecord> Records(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(1, count).Select(n => Record(random, n))];
    }

    public static byte[] Write(TraceHeader header, IEnumerable<TraceRecord> records)
    {
        var stream = new MemoryStream();
        using (var writer = new TraceWriter(stream, header))
        {
            foreach (var record in records) writer.Write(record);
            writer.End();
        }
        return stream.ToArray();
    }

    private static TraceRecord Record(SeededRandom random, int n)
    {
        var record = new TraceRecord
        {
            N = n,
            Taken = Maybe(random) ? n + 7 : 0,
            ArrivedAt = (long)(random.NextUInt64() >> 1),
            Node = Pick(random, "local", "node-7", "a \"name\" with ü"),
            From = random.NextInt(9) - 2,
            To = random.NextInt(9) - 1,
            Kind = Pick(random, MessageKind.Value.Name, MessageKind.Error.Name, MessageKind.BeginStep.Name, "smuggle",
                "ü\n"),
            Step = random.NextInt(5),
            Attempt = random.NextInt(3),
            MicroBatch = Maybe(random) ? random.NextInt(3) - 1 : null,
            Time = Maybe(random) ? random.NextInt(30) : null,
            Edge = Maybe(random) ? random.NextInt(12) : null,
            Commit = Maybe(random) ? new StepId(random.NextInt(5), random.NextInt(1000)) : null,
            BatchSize = Maybe(random) ? random.NextInt(64) : null,
            Vertex = Maybe(random) ? random.NextInt(64) : null,
            Loss = Maybe(random)
                ? random.NextDouble()
                : Maybe(random) ? Pick(random, double.NaN, double.PositiveInfinity, double.NegativeInfinity) : null,
        };
        if (record.Taken > 0)
            (record.TakenAt, record.DoneAt) = (random.NextInt(1000), (long)(random.NextUInt64() >> 1));
        if (record.From == TraceRecord.Other)
            record.Sender = Pick(random, "akka://x/user/$a/rogue", "akka://x/user/\"<ö>\"");
        if (Maybe(random)) AddTensor(random, record);
        return record;
    }

    private static void AddTensor(SeededRandom random, TraceRecord record)
    {
        record.Shape = Pick(random, Shape.Scalar, new Shape(2, 64), new Shape(3, 0, 2));
        record.Form = Pick(random, TraceForm.Whole, TraceForm.Factored, TraceForm.Sum);
        record.Bytes = random.NextInt(100000);
        record.Hash = random.NextUInt64();
        record.Norm = Maybe(random) ? random.NextDouble() : null;
        if (Maybe(random)) record.Payload = Payload(random, record.Form);
        if (record.Payload is not null && Maybe(random))
            record.State = new TraceState(random.NextInt(1000), random.NextUInt64(),
                [.. Enumerable.Range(0, random.NextInt(4)).Select(_ => Bytes(random))]);
    }

    private static TracePayload Payload(SeededRandom random, TraceForm form)
    {
        if (form == TraceForm.Whole) return new TracePayload(Bytes(random), []);
        TraceFactor Factor()
        {
            var rows = random.NextInt(9);
            return new TraceFactor(rows, Maybe(random), new Shape(rows, 4), Bytes(random));
        }
        TraceProduct Product() => new(Factor(), Factor());
        return form == TraceForm.Factored
            ? new TracePayload(null, [Product()])
            : new TracePayload(Maybe(random) ? Bytes(random) : null, [Product(), Product()]);
    }

    private static byte[] Bytes(SeededRandom random)
    {
        // Sometimes longer than any buffer.
        var bytes = new byte[random.NextInt(20) == 0 ? 700_000 : random.NextInt(50)];
        foreach (ref var b in bytes.AsSpan()) b = (byte)random.NextInt(256);
        return bytes;
    }

    private static bool Maybe(SeededRandom random) => random.NextInt(2) == 0;

    private static TItem Pick<TItem>(SeededRandom random, params TItem[] items) => items[random.NextInt(items.Length)];
}
