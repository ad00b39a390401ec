using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Learning;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>Mutation: what no honest run under inference learning does is caught by the audit.</summary>
public sealed class CodingCheats
{
    private static readonly NetworkOptions Options = new()
    {
        Rule = LearningRule.Il(4, 0.1),
        Loss = Loss.SquaredError,
    };

    [Fact]
    public async Task The_run_without_a_cheat_passes() =>
        Assert.All((await TrainAsync()).Audit().Checks, check => Assert.Equal(0, check.Violations));

    [Fact]
    public async Task A_parameter_that_learns_at_the_wrong_timestep() => Caught(
        await TrainAsync(), "steps", MessageKind.UpdateReport, r => true, r => r with { Time = 2 });

    [Fact]
    public async Task A_vertex_that_is_told_another_purpose() => Caught(
        await TrainAsync(), "steps", MessageKind.Advance, r => r.Time == 1,
        r => r with { Purpose = TimestepPurpose.InferAndLearn }, last: true);

    [Fact]
    public async Task A_latent_vertex_that_reads_anothers_error()
    {
        var run = await TrainAsync();
        var latent = run.Header.Vertices.Where(v => v.IsLatent).Select(v => v.Id).ToList();
        Caught(run, "edges", MessageKind.Error, r => r.To == latent[1], r => r with { To = latent[0] });
    }

    [Fact]
    public async Task A_direct_vertex_that_keeps_its_value_back()
    {
        var run = await TrainAsync();
        var direct = run.Header.Vertices.First(v => v.Name == "h2").Id;
        var records = run.Records.ToList();
        records.RemoveAt(records.FindIndex(r => r.Kind == MessageKind.Value.Name && r.From == direct && r.Time == 2));
        Assert.True((run with { Records = records }).Audit()["once"].Violations > 0);
    }

    [Fact]
    public async Task A_value_that_moves_while_clamped()
    {
        var run = await RecordedRun.OfAsync(Graph(), Options, network => network.InferAsync(
            new Dictionary<string, Clamp<float>>
            {
                ["x"] = new(new(new Shape(2, 3))),
                ["h1/tanh"] = new(new(new Shape(2, 4))),
            },
            ["y"]));
        Assert.All(run.Audit().Checks, check => Assert.Equal(0, check.Violations));
        var latent = run.Header.Vertices.First(v => v.Name == "h1/tanh").Id;
        Caught(run, "values", MessageKind.Value, r => r.From == latent && r.Time == 2,
            r => r with { Hash = r.Hash ^ 1 });
    }

    private static void Caught(
        RecordedRun run, string check, MessageKind kind, Func<TraceRecord, bool> which,
        Func<TraceRecord, TraceRecord> edit, bool last = false)
    {
        var records = run.Records.ToList();
        bool Is(TraceRecord record) => record.Kind == kind.Name && which(record);
        var at = last ? records.FindLastIndex(Is) : records.FindIndex(Is);
        records[at] = edit(records[at]);
        Assert.True((run with { Records = records }).Audit()[check].Violations > 0, check);
    }

    private static Graph<float> Graph()
    {
        var builder = new GraphBuilder<float>(3);
        return builder.Build(builder.Data("x", new Shape(2, 3)).Dense("h1", 4).Tanh("h1/tanh").Dense("h2", 4)
            .Tanh("h2/tanh").Dense("y", 2));
    }

    private static Task<RecordedRun> TrainAsync()
    {
        var graph = Graph();
        return RecordedRun.OfAsync(graph, Options, network =>
            network.StepAsync(RandomBatch.Create(graph, Options.Loss, 1, 1)));
    }
}
