using Akka.Actor;
using PcActors.Graphs;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Learning;
using Envelope = Akka.Actor.Envelope;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>Cheats in a running system: messages that somebody sends, doubles or forges. The run does not
/// notice, the audit does.</summary>
public class RunningCheats
{
    private static readonly Graph<float> Graph = ResidualStack.Build<float>(2);

    private static readonly Graph<float> Levelled = Levelling.Level(Graph);

    [Fact]
    public Task Honest_vertices_are_not_accused() => Catch(null, (envelope, enqueue) => enqueue(envelope));

    [Fact]
    public Task A_message_that_arrives_twice_is_caught() => Catch("once", (envelope, enqueue) =>
    {
        enqueue(envelope);
        if (envelope.Message is ErrorMessage<float> { Step.Step: 2 }) enqueue(envelope);
    });

    // Of a step before the first: who gets it ignores it. The audit does not.
    [Fact]
    public Task A_message_to_one_who_is_no_neighbour_is_caught() => Catch("edges", (envelope, enqueue) =>
    {
        enqueue(envelope);
        if (envelope.Message is not ErrorMessage<float> error) return;
        var alien = Levelled.Edges.First(
            e => Levelled.CarriesError(e) && e.From != Levelled.Edges.First(f => f.Number == error.Edge).From);
        enqueue(new Envelope(error with { Step = default, Edge = alien.Number }, envelope.Sender));
    });

    [Fact]
    public async Task A_forged_sender_is_caught()
    {
        IActorRef? other = null;
        await Catch("senders", (envelope, enqueue) =>
        {
            if (envelope.Message is ValueMessage<float>) Interlocked.CompareExchange(ref other, envelope.Sender, null);
            var isForged = envelope.Message is ErrorMessage<float> && other is not null
                && !envelope.Sender.Equals(other);
            enqueue(isForged ? new Envelope(envelope.Message, other!) : envelope);
        });
    }

    [Fact]
    public Task A_message_of_a_run_that_was_never_begun_is_caught() => Catch("once", (envelope, enqueue) =>
    {
        enqueue(envelope);
        if (envelope.Message is ErrorMessage<float> error)
            enqueue(new Envelope(error with { Step = new StepId(0, 7) }, envelope.Sender));
    });

    [Fact]
    public Task Errors_that_are_told_to_the_coordinator_are_caught() => CatchAtCoordinator("control", error => error);

    [Fact]
    public Task A_tensor_in_a_message_that_the_protocol_does_not_have_is_caught() =>
        CatchAtCoordinator("control", error => new Gossip(new Tensor<float>(error.Error.Shape)));

    [Fact]
    public Task A_tensor_beside_what_a_wrapper_shows_is_caught() =>
        CatchAtCoordinator("control",
            error => new Envelop(new RequestCounters(), new Tensor<float>(error.Error.Shape)));

    [Fact]
    public Task A_report_of_a_parameter_that_nobody_asked_for_is_caught() =>
        CatchAtCoordinator("control", error => new ParameterReport<float>(0, 0, new Tensor<float>(error.Error.Shape)));

    [Fact]
    public Task An_update_that_a_stranger_reports_before_there_is_an_error_is_caught()
    {
        var sent = 0;
        return Catch("senders", (envelope, enqueue) =>
        {
            // The true report, which comes later, is the second of its kind and ignored.
            if (envelope.Message is BeginStep begin && Interlocked.Exchange(ref sent, 1) == 0)
                envelope.Sender.Tell(new UpdateReport(begin.Step, Levelled.Find("shared").Id), ActorRefs.NoSender);
            enqueue(envelope);
        });
    }

    // The sum of all errors at one place would be easy: nothing in the language forbids a
    // function to know the coordinator.
    private static Task CatchAtCoordinator(string check, Func<ErrorMessage<float>, object> tell)
    {
        IActorRef? coordinator = null;
        return Catch(check, (envelope, enqueue) =>
        {
            enqueue(envelope);
            if (envelope.Message is BeginStep) coordinator = envelope.Sender;
            if (envelope.Message is ErrorMessage<float> error && coordinator is { } known)
                known.Tell(tell(error), envelope.Sender);
        });
    }

    private static async Task Catch(string? check, Action<Envelope, Action<Envelope>> act)
    {
        var system = CheatingMailbox.CreateSystem(act);
        try
        {
            var options = new NetworkOptions
            {
                Where = new InProcess
                {
                    ActorSystem = system,
                    VertexMailbox = CheatingMailbox.Path
                }
            };
            var result = (await RecordedRun.Record(Graph, options)).Audit();
            if (check is null) Assert.Equal([], result.Checks.SelectMany(c => c.First));
            else Assert.True(result[check].Violations > 0,
                $"found was {string.Join("; ", result.Checks.SelectMany(c => c.First))}");
        }
        finally
        {
            await system.Terminate();
        }
    }

    private sealed record Gossip(Tensor<float> Secret);

    private sealed record Envelop(object Message, Tensor<float> Secret) : IWrappedMessage;
}
