using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;

namespace PcActors.Runs;

/// <summary>A network's vertices and their coordinator in one place, one message after the other, for instruments that
/// look into vertices once a job is done.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class LocalRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkPlan<T> _plan;
    private readonly StepMachine<T> _machine;
    private readonly VertexState<T>[] _vertices;
    private readonly Outbox[] _outboxes;
    private readonly Queue<(int Vertex, object Message)> _messages = [];

    /// <summary>A network at rest.</summary>
    /// <param name="plan">What runs.</param>
    /// <param name="restored">Parameters' values in place of initial ones, by name.</param>
    public LocalRun(NetworkPlan<T> plan, IReadOnlyDictionary<string, ParameterSnapshot<T>>? restored)
    {
        _plan = plan;
        _vertices = [.. plan.Graph.Vertices.Select(v => VertexState<T>.Create(
            VertexDescription<T>.Of(plan.Graph, v.Id, restored?.GetValueOrDefault(v.Name)), plan.VertexOptions))];
        _outboxes = [.. _vertices.Select(_ => new Outbox())];
        _machine = new StepMachine<T>(StepPlan.Of(plan.Graph, plan.VertexOptions), plan.VertexOptions,
            plan.Options.Retries, new Coordinator(this));
        _machine.Start();
    }

    /// <summary>The vertices, by id.</summary>
    public IReadOnlyList<VertexState<T>> Vertices => _vertices;

    /// <summary>Does a job.</summary>
    /// <exception cref="RunFailedException">It failed.</exception>
    public TResult Do<TResult>(Job<TResult> job)
    {
        _machine.Do(job);
        while (!job.Task.IsCompleted && _messages.TryDequeue(out var next))
            Deliver(next.Vertex, next.Message);
        // Nobody loses a message here, so there is nothing to try again.
        if (!job.Task.IsCompleted) job.Fail(new RunFailedException("the vertices wait for each other"));
        return job.Task.GetAwaiter().GetResult();
    }

    private void Deliver(int vertex, object message)
    {
        var outbox = _outboxes[vertex];
        _vertices[vertex].Receive(message, outbox);
        foreach (var (way, place, sent) in outbox.Sent)
        {
            if (way == Way.ToCoordinator) _machine.Receive(sent);
            else if (way == Way.ToConsumer) _messages.Enqueue((_plan.Graph.Consumers(vertex)[place].To, sent));
            else _messages.Enqueue((_plan.Graph.Inputs(vertex)[place].From, sent));
        }
        outbox.Sent.Clear();
    }

    private enum Way : byte
    {
        ToCoordinator,
        ToConsumer,
        ToInput,
    }

    private sealed class Coordinator(LocalRun<T> run) : IStepOutbox
    {
        public void Tell(int vertex, object message) => run._messages.Enqueue((vertex, message));
    }

    /// <summary>What one vertex has sent. It knows nothing of the others, as an actor's does not.</summary>
    private sealed class Outbox : IOutbox<T>
    {
        public List<(Way Way, int Place, object Message)> Sent { get; } = [];

        public void SendValue(int consumer, ValueMessage<T> message) => Sent.Add((Way.ToConsumer, consumer, message));

        public void SendError(int slot, ErrorMessage<T> message) => Sent.Add((Way.ToInput, slot, message));

        public void Report(object report) => Sent.Add((Way.ToCoordinator, 0, report));
    }
}
