using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Learning;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>Cheats that are edited into the records of a real run, each of which is caught by the
/// check that claims the opposite. The file's hash could be repaired: it is never what catches them.</summary>
public class EditedTraces
{
    private const int MicroBatches = 2;

    private static readonly Graph<float> Graph = ResidualStack.Build<float>(2);

    private static readonly Lazy<Task<RecordedRun>> Wavefront = new(
        () => RecordedRun.Record(Graph, Options(Clock.Wavefront)));

    private static readonly Lazy<Task<RecordedRun>> Lockstep = new(
        () => RecordedRun.Record(Graph, Options(Clock.Lockstep)));

    private static readonly Dictionary<string, (string Check, Func<RecordedRun, RecordedRun> Edit)> Cheats = new()
    {
        ["a message to one who is no neighbour"] = ("edges",
            run => run.Edit(IsError, r => r with { To = Stranger(run, r) })),
        ["a message along no edge"] = ("edges", run => run.Edit(IsValue, r => r with { Edge = 100_000 })),
        ["an error along an edge that carries none"] = ("edges", run =>
        {
            var edge = run.Header.Edges.First(e => !e.CarriesError);
            return run.Edit(IsError, r => r with { Edge = edge.Number, From = edge.To, To = edge.From });
        }
        ),
        ["a message against its edge's direction"] = ("edges",
            run => run.Edit(IsValue, r => r with { From = r.To, To = r.From })),
        ["a value from another sender"] = ("senders",
            run => run.Edit(IsValue, r => r with { From = Stranger(run, r) })),
        ["an error from nobody of the run"] = ("senders",
            run => run.Edit(IsError, r => r with { From = TraceRecord.Other, Sender = "akka://pcactors/user/rogue" })),
        ["a control message from a vertex"] = ("senders",
            run => run.Edit(Is(MessageKind.BeginStep.Name), r => r with { From = run.Header.Root })),
        ["a report in another's name"] = ("senders",
            run => run.Edit(Is(MessageKind.UpdateReport.Name), r => r with { Vertex = run.Header.Root })),
        ["a value of another shape"] = ("tensors",
            run => run.Edit(IsValue, r => r with { Shape = new Shape(7, 7), Bytes = 4 * 49 })),
        ["more bytes than the shape has"] = ("tensors",
            run => run.Edit(r => IsValue(r) && r.Form == TraceForm.Whole, r => r with { Bytes = r.Bytes + 4 })),
        ["factors down the wave"] = ("tensors",
            run =>
                run.Edit(r => IsError(r) && r.Form == TraceForm.Whole && run.Header.Vertices[r.To].DependsOnData,
                    r => r with { Form = TraceForm.Factored })),
        ["a tensor in a control message"] = ("control", run => run.Edit(Is(MessageKind.UpdateReport.Name), Carrying)),
        ["a tensor in the beginning of a step"] = ("control",
            run => run.Edit(Is(MessageKind.BeginStep.Name), Carrying)),
        ["a message that the protocol does not have"] = ("control",
            run => run.Edit(IsValue, r => r with { Kind = "gossip", Edge = null, Time = null })),
        ["an error to the coordinator"] = ("control",
            run => run.Edit(IsError, r => r with { To = TraceRecord.Coordinator })),
        ["data for a parameter"] = ("control",
            run => run.Edit(Is(MessageKind.ClampData.Name), r => r with { To = Parameter(run) })),
        ["a parameter reported within a step"] = ("control",
            run => run.Edit(Is(MessageKind.ParameterReport.Name), r => r with { N = Between(run) })),
        ["a prediction reported in a training step"] = ("control",
            run => run.Edit(Is(MessageKind.PredictionReport.Name), r => r with { Step = 1, Prediction = 0 })),
        ["an error before its time"] = ("times", run => run.Edit(IsError, r => r with { Time = r.Time - 1 })),
        ["an error after its time"] = ("times", run => run.Edit(IsError, r => r with { Time = r.Time + 1 })),
        ["a value of a later time"] = ("times", run => run.Edit(IsValue, r => r with { Time = 1 })),
        ["a micro-batch that is none"] = ("times", run => run.Edit(IsError, r => r with { MicroBatch = MicroBatches })),
        ["an error at another time than others to the same vertex"] = ("levels",
            run => run.Edit(IsError, r => r with { Time = r.Time + 1 })),
        ["a wrong level"] = ("levels",
            run =>
                run with
                {
                    Header = run.Header with
                    {
                        Vertices = [
                    .. run.Header.Vertices.Select(v => v.Id == 2 ? v with { Level = v.Level + 1 } : v)]
                    }
                }),
        ["an edge turned round"] = ("graph",
            run =>
                run with
                {
                    Header = run.Header with
                    {
                        Edges = [
                    .. run.Header.Edges.Select((e, i) => i == 3 ? e with { From = e.To, To = e.From } : e)]
                    }
                }),
        ["an edge left out"] = ("edges",
            run => run with { Header = run.Header with { Edges = [.. run.Header.Edges.Skip(1)] } }),
        ["a duplicate"] = ("once", run => run.Add(run.Records.Last(IsError))),
        ["a duplicate in an early step, in a late place"] = ("once", run => run.Add(run.Records.First(IsValue))),
        ["a dropped error"] = ("once", run => Without(run, IsError)),
        ["a dropped value"] = ("once", run => Without(run, IsValue)),
        ["a dropped error, by its count"] = ("totals", run => Without(run, IsError)),
        ["a dropped record of any kind"] = ("sequence", run => Without(run, Is(MessageKind.ParameterReport.Name))),
        ["an early update"] = ("causality", run => Earlier(run, Is(MessageKind.UpdateReport.Name), by: 1)),
        ["an update before the parameter's step"] = ("causality",
            run => run.Edit(Is(MessageKind.UpdateReport.Name), r => r with { N = 1 })),
        ["a late update"] = ("steps",
            run =>
                run.Edit(Is(MessageKind.UpdateReport.Name),
                    r => r with { N = Between(run), Taken = Between(run) + 1 })),
        ["an update that is never reported"] = ("steps", run => Without(run, Is(MessageKind.UpdateReport.Name))),
        ["an update that is not that of the step before"] = ("steps",
            run =>
                run.Edit(r => r.Kind == MessageKind.BeginStep.Name && r.Step == 3,
                    r => r with { Commit = new StepId(1, 1) })),
        ["an error before its vertex has its errors"] = ("causality",
            run => Earlier(run, r => IsError(r) && run.Header.Vertices[r.From].Level == 3, by: 40)),
        ["a value before its vertex has its inputs"] = ("causality",
            run =>
                run.Edit(r => IsValue(r) && run.Header.Vertices[r.From].Kind == VertexKind.Function,
                    r => r with { N = 1 })),
        ["a loss before the prediction"] = ("causality",
            run => run.Edit(Is(MessageKind.LossReport.Name), r => r with { N = 1 })),
        ["a parameter that sends before its step"] = ("beginning",
            run =>
                run.Edit(r => IsValue(r) && run.Header.Vertices[r.From].Kind == VertexKind.Parameter,
                    r => r with { N = 1 })),
        ["a root that errs before it has its target"] = ("beginning",
            run => run.Edit(r => IsError(r) && r.From == run.Header.Root, r => r with { N = 1 })),
        ["a message from another run"] = ("beginning",
            run => run.Add(run.Records.First(IsError) with { Attempt = 17 })),
        ["a message of a step that never was"] = ("beginning",
            run => run.Add(run.Records.First(IsValue) with { Step = 99 })),
        ["another value to one of the consumers"] = ("values", run => run.Edit(
            r => IsValue(r) && run.Header.Edges.Count(e => e.From == r.From) > 1, r => r with { Hash = r.Hash ^ 1 })),
        ["other data than was clamped"] = ("values", run => run.With(records => records.Select(
            r => IsValue(r) && r.Step == 1 && run.Header.Vertices[r.From].Kind == VertexKind.Data
                ? r with { Hash = r.Hash ^ 1 }
                : r))),
        ["an identity that is none"] = ("values", run => run.With(records => records.Select(
            r => IsValue(r) && r.Step == 1 && run.Header.Vertices[r.From].IsIdentity
                ? r with { Hash = r.Hash ^ 1 }
                : r))),
        ["a parameter that learns from a prediction"] = ("values", run => run.With(records => records.Select(
            r => IsValue(r) && r.Step == 3 && r.From == Parameter(run) ? r with { Hash = r.Hash ^ 1 } : r))),
        ["a message that is taken before it arrives"] = ("sequence",
            run => run.Edit(IsValue, r => r with { N = r.Taken, Taken = r.N })),
    };

    private static readonly Dictionary<string, (string Check, Func<RecordedRun, RecordedRun> Edit)> LockstepCheats =
        new()
        {
            ["a timestep before the one before it has ended"] = ("steps",
            run => run.Edit(r => r.Kind == MessageKind.Advance.Name && r.Time == 2, r => r with { N = 1 })),
            ["a timestep that is not the vertex's"] = ("times",
            run => run.Edit(r => r.Kind == MessageKind.Advance.Name && r.Time == 2, r => r with { Time = 3 })),
            ["an error before the vertex was told to advance"] = ("causality",
            run => Earlier(run, r => IsError(r) && run.Header.Vertices[r.From].Level == 3, by: 40)),
            ["a part of a timestep that is never reported"] = ("steps",
            run => Without(run, Is(MessageKind.AdvanceReport.Name))),
        };

    public static TheoryData<string> Names => [.. Cheats.Keys];

    public static TheoryData<string> LockstepNames => [.. LockstepCheats.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Under_the_wavefront_clock_the_audit_catches(string cheat) =>
    Check(await Wavefront.Value, Cheats[cheat]);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Under_lockstep_the_audit_catches(string cheat) => Check(await Lockstep.Value, Cheats[cheat]);

    [Theory]
    [MemberData(nameof(LockstepNames))]
    public async Task The_audit_catches_in_timesteps(string cheat) =>
    Check(await Lockstep.Value, LockstepCheats[cheat]);

    [Fact]
    public async Task Every_check_catches_some_cheat()
    {
        var checks = (await Wavefront.Value).Audit().Checks.Select(c => c.Name);
        Assert.Equal(checks.Order(), Cheats.Values.Select(c => c.Check).Distinct().Order());
    }

    [Fact]
    public async Task An_edge_of_the_graph_that_is_left_out_or_turned_round_is_caught_wherever_it_is()
    {
        var run = await Wavefront.Value;
        for (var place = 0; place < run.Header.Edges.Count; place++)
        {
            var edge = run.Header.Edges[place];
            var turned = edge with { From = edge.To, To = edge.From };
            Assert.True(WithEdges([.. run.Header.Edges.Where(e => e != edge)]).Audit().Violations > 0,
                $"left out is {edge}");
            Assert.True(WithEdges([.. run.Header.Edges.Select(e => e == edge ? turned : e)]).Audit().Violations > 0,
                $"turned is {edge}");
        }
        RecordedRun WithEdges(TraceEdge[] edges) => run with { Header = run.Header with { Edges = edges } };
    }

    // The same count, sum and sum of squares: 1 + 5 + 6 = 2 + 3 + 7.
    [Fact]
    public async Task Numbers_that_are_others_with_the_same_sums_are_caught()
    {
        var run = await Wavefront.Value;
        var others = new Dictionary<long, long> { [1] = 2, [5] = 3, [6] = 7 };
        long Other(long n) => others.GetValueOrDefault(n, n);
        var edited = run.With(records => records.Select(r => r with { N = Other(r.N), Taken = Other(r.Taken) }));
        Assert.Contains(edited.Audit()["sequence"].First,
            v => v.What.Contains("are not 1 to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_offenders_are_named()
    {
        var run = (await Wavefront.Value).Edit(IsError, r => r with { Time = r.Time + 1 });
        var result = run.Audit()["times"];
        Assert.Equal(1, result.Violations);
        var violation = Assert.Single(result.First);
        var record = run.Records.First(IsError);
        Assert.Equal(("times", record.Step, record.Attempt, record.Edge, record.N),
            (violation.Check, violation.Step, violation.Attempt, violation.Edge, violation.Number));
        Assert.Contains($"'{run.Header.Vertices[record.To].Name}'", violation.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_offenders_are_counted_and_few_are_kept()
    {
        var run = (await Wavefront.Value).With(
            records => records.Select(r => IsError(r) ? r with { Time = r.Time + 1 } : r));
        var result = run.Audit()["times"];
        Assert.Equal(run.Records.Count(IsError), result.Violations);
        Assert.Equal(5, result.First.Count);
    }

    [Theory]
    [InlineData("Tanh", 0)]
    [InlineData("Tanh", 2)]
    [InlineData("Identity", 1)]
    [InlineData("Identity", 3)]
    public async Task A_span_that_is_not_the_messages_is_caught_by_levels(string operatorType, int span)
    {
        var run = await Wavefront.Value;
        var vertex = run.Header.Vertices.First(v => v.Operator == operatorType && v.Span != span);
        Check(run, ("levels", r => WithVertex(r, vertex with { Span = span, IsIdentity = true })));
    }

    private static RecordedRun WithVertex(RecordedRun run, TraceVertex vertex) => run with
    {
        Header = run.Header with
        {
            Vertices = [.. run.Header.Vertices.Select(v => v.Id == vertex.Id ? vertex : v)],
        },
    };

    private static void Check(RecordedRun run, (string Check, Func<RecordedRun, RecordedRun> Edit) cheat)
    {
        Assert.Equal(0, run.Audit().Violations);
        var result = cheat.Edit(run).Audit();
        Assert.True(
            result[cheat.Check].Violations > 0,
            $"'{cheat.Check}' found nothing; found was {string.Join("; ", result.Checks.SelectMany(c => c.First))}");
    }

    private static NetworkOptions Options(Clock clock) =>
        new() { Clock = clock, MicroBatches = MicroBatches, Where = new InProcess { Threads = 2 } };

    private static bool IsValue(TraceRecord record) => record.Kind == MessageKind.Value.Name;

    private static bool IsError(TraceRecord record) => record.Kind == MessageKind.Error.Name;

    private static Func<TraceRecord, bool> Is(string kind) => record => record.Kind == kind;

    private static TraceRecord Carrying(TraceRecord record) =>
        record with { Shape = new Shape(4), Form = TraceForm.Whole, Bytes = 16, Hash = 1 };

    private static RecordedRun Without(RecordedRun run, Func<TraceRecord, bool> which)
    {
        var found = run.Records.First(which);
        return run.With(records => records.Where(r => !ReferenceEquals(r, found)));
    }

    /// <summary>A record's message was sent just after its sender's first of the step, or
    /// some numbers earlier.</summary>
    private static RecordedRun Earlier(RecordedRun run, Func<TraceRecord, bool> which, int by)
    {
        var found = run.Records.First(which);
        var before = run.Records.Where(
            r => r.To == found.From && r.Step == found.Step && r.MicroBatch is null or 0 or 1).Max(r => r.Taken);
        return run.Edit(which, r => r with { N = Math.Min(before, r.N) - by });
    }

    private static int Parameter(RecordedRun run) =>
        run.Header.Vertices.First(v => v.Kind == VertexKind.Parameter && v.RequiresError).Id;

    /// <summary>A vertex that is at neither end of the record's edge.</summary>
    private static int Stranger(RecordedRun run, TraceRecord record) =>
        run.Header.Vertices.First(v => v.Id != record.From && v.Id != record.To
        && v.Kind == VertexKind.Function
        && !run.Header.Edges.Any(e => e.Number == record.Edge && (e.From == v.Id || e.To == v.Id))).Id;

    /// <summary>A time within step 2.</summary>
    private static long Between(RecordedRun run) => run.Records.First(r => IsError(r) && r.Step == 2).N;
}
