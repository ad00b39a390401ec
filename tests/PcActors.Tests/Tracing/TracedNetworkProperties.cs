using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tests.Models;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing;

/// <summary>A traced run has the bits of an untraced one, and its trace has every message.</summary>
public class TracedNetworkProperties
{
    private const int Steps = 2;

    public static TheoryData<string, Clock> Runs
    {
        get
        {
            var data = new TheoryData<string, Clock>();
            foreach (var name in PcActors.Models.ModelCatalogue.Names)
            {
                data.Add(name, Clock.Wavefront);
                data.Add(name, Clock.Lockstep);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public Task Tracing_changes_no_bit_in_single_precision(string model, Clock clock) =>
        Check<float>(model, new NetworkOptions { Clock = clock, MicroBatches = 2, Optimizer = new Momentum(0.1) });

    [Theory]
    [MemberData(nameof(Runs))]
    public Task Tracing_changes_no_bit_in_double_precision(string model, Clock clock) =>
        Check<double>(model, new NetworkOptions { Clock = clock, Where = new InProcess { Threads = 2 } });

    [Theory]
    [InlineData("mlp")]
    [InlineData("residual")]
    public Task Nor_does_it_under_inference_learning(string model) =>
        Check<float>(model, new NetworkOptions { Rule = LearningRule.Il(5, 0.2), MicroBatches = 2 });

    private static async Task Check<T>(string model, NetworkOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var graph = SmallModels.Build<T>(model, 3);
        var plain = await TracedRun.Plain(graph, options, Steps);
        var traced = await TracedRun.Traced(graph, options, Steps);
        Assert.Equal(plain.Sha256, traced.Sha256);
        Assert.Equal(plain.Counts, traced.Counts);
        Assert.Null(traced.Failure);

        var (header, records) = traced.Read();
        var forecast = MessageForecast.Of(
            options.Rule.RunGraphOf(graph, options.Levelled, options.Latents), options.Rule, options.MicroBatches);
        Assert.Equal(Steps * forecast.ValuesPerStep, records.Count(r => r.Kind == MessageKind.Value.Name));
        Assert.Equal(Steps * forecast.ErrorsPerStep, records.Count(r => r.Kind == MessageKind.Error.Name));
        Assert.Equal(traced.Totals.Messages, records.Count);
        CheckSequence(records);
        var edges = header.Edges.ToDictionary(e => e.Number);
        foreach (var record in records.Where(r => r.IsBetweenVertices))
            CheckNeighbours(header, edges[record.Edge!.Value], record);
        CheckControl(header, records);
    }

    /// <summary>Arrivals and takings are numbered without a gap, and each message is taken after it came
    /// and done after that.</summary>
    private static void CheckSequence(IReadOnlyList<TraceRecord> records)
    {
        Assert.Equal(
            Enumerable.Range(1, 2 * records.Count).Select(n => (long)n),
            records.SelectMany(r => new[] { r.N, r.Taken }).Order());
        Assert.DoesNotContain(records, r => !(r.N < r.Taken && r.ArrivedAt <= r.TakenAt && r.TakenAt <= r.DoneAt));
    }

    private static void CheckNeighbours(TraceHeader header, TraceEdge edge, TraceRecord record)
    {
        var isValue = record.Kind == MessageKind.Value.Name;
        Assert.Equal(isValue ? (edge.From, edge.To) : (edge.To, edge.From), (record.From, record.To));
        Assert.Equal(header.Vertices[edge.From].Shape, record.Shape);
        var size = header.DType == "f32" ? 4 : 8;
        if (record.Form == TraceForm.Whole) Assert.Equal(record.Shape!.Length * size, record.Bytes);
        Assert.NotEqual(TraceForm.None, record.Form);
    }

    private static void CheckControl(TraceHeader header, IReadOnlyList<TraceRecord> records)
    {
        int Count(string kind) => records.Count(r => r.Kind == kind);
        Assert.Equal(header.Vertices.Count, Count(RunKinds.Connect.Name));
        Assert.Equal(Steps * header.MicroBatches, Count(MessageKind.LossReport.Name));
        Assert.Equal(Steps * header.MicroBatches, Count(MessageKind.ClampTarget.Name));
        Assert.Equal(Steps, Count("trainingStep"));
        // A vertex's messages come from vertices, the coordinator and, once, from the host.
        Assert.DoesNotContain(records,
            r => r is { To: >= 0, From: TraceRecord.Other } && r.Kind != RunKinds.Connect.Name);
        Assert.DoesNotContain(records, r => r is { From: TraceRecord.Coordinator, To: < 0 } && r.Kind != "tick");
    }
}
