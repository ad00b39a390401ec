using System.Globalization;
using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>The local rule of one vertex: messages in, messages out. It knows its own
/// function, value, error and edges, and nothing of the graph; it needs no actor to run.</summary>
/// <remarks>Whatever a vertex does is a function of the messages that it has received.
/// Messages of an earlier attempt than the current one are stale and ignored, and so are duplicates.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal abstract class VertexState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected VertexState(VertexDescription<T> description, int microBatches)
    {
        Description = description;
        MicroBatches = microBatches;
    }

    /// <summary>What the vertex knows of its network.</summary>
    public VertexDescription<T> Description { get; }

    /// <summary>The attempt that the vertex is at.</summary>
    public StepId Step { get; private set; }

    /// <summary>Value messages sent so far.</summary>
    public long ValuesSent { get; private set; }

    /// <summary>Error messages sent so far.</summary>
    public long ErrorsSent { get; private set; }

    /// <summary>The values that the vertex holds now, one a micro-batch, or one where they
    /// have it in common; null where one is missing.</summary>
    public IReadOnlyList<Tensor<T>>? Values => ValuesByMicroBatch();

    private protected int MicroBatches { get; }

    /// <summary>The state of a vertex under a rule and a clock.</summary>
    /// <param name="description">The vertex.</param>
    /// <param name="options">What all vertices of a run have in common.</param>
    /// <param name="buffers">Memory for errors, which vertices may share; null for buffers of its own, which under
    /// lockstep it has in any case: a vertex there is asked for its last error.</param>
    public static VertexState<T> Create(
        VertexDescription<T> description, VertexOptions options, BufferPool<T>? buffers = null) =>
        description.Kind switch
        {
            VertexKind.Data when !description.IsFree || options.Rule.RestsBehindWave =>
                new DataState<T>(description, options),
            VertexKind.Parameter => new ParameterVertexState<T>(description, options),
            _ when options.Clock == Clock.Wavefront => new WavefrontState<T>(description, options, buffers),
            _ => new InferenceState<T>(description, options),
        };

    /// <summary>Takes one message and sends what follows from it.</summary>
    /// <param name="message">A message from a neighbour, or a control message.</param>
    /// <param name="outbox">Where messages go.</param>
    /// <exception cref="ProtocolException">The message is none that this vertex can have been sent.</exception>
    public void Receive(object message, IOutbox<T> outbox)
    {
        switch (message)
        {
            case RequestCounters request:
                outbox.Report(new CountersReport(request.Inquiry, Description.Id, ValuesSent, ErrorsSent));
                break;
            case RequestValue request:
                outbox.Report(new ValueReport<T>(request.Inquiry, Description.Id,
                    Values is { } values ? Tensor<T>.Stack(values) : null));
                break;
            case RequestFiniteness request:
                outbox.Report(new FinitenessReport(request.Inquiry, Description.Id, HeldValues().All(v => v.IsFinite)));
                break;
            default:
                if (!Handle(message, outbox)) throw Unexpected(message);
                break;
        }
    }

    /// <summary>Handles a message that this kind of vertex knows; false for any other.</summary>
    private protected abstract bool Handle(object message, IOutbox<T> outbox);

    /// <summary>Forgets an earlier step.</summary>
    private protected abstract void OnNewStep();

    /// <summary>The values that the vertex holds now.</summary>
    private protected abstract IEnumerable<Tensor<T>> HeldValues();

    /// <summary><see cref="Values"/> of this kind of vertex.</summary>
    private protected abstract IReadOnlyList<Tensor<T>>? ValuesByMicroBatch();

    /// <summary>Whether a message belongs to the current attempt; a later one becomes the current one.</summary>
    private protected bool BelongsToStep(StepId step)
    {
        if (step == Step) return true;
        if (step < Step) return false;
        Step = step;
        OnNewStep();
        return true;
    }

    /// <summary>Sends the value to every consumer.</summary>
    private protected void SendValue(Tensor<T> value, int microBatch, int time, IOutbox<T> outbox)
    {
        var consumers = Description.Consumers;
        for (var i = 0; i < consumers.Count; i++)
            outbox.SendValue(i, new ValueMessage<T>(Step, microBatch, time, consumers[i].Edge, value));
        ValuesSent += consumers.Count;
    }

    private protected void SendError(int slot, PullBack<T> error, int microBatch, int time, IOutbox<T> outbox)
    {
        outbox.SendError(slot, new ErrorMessage<T>(Step, microBatch, time, Description.Inputs[slot].Edge, error));
        ErrorsSent++;
    }

    private protected void CheckMicroBatch(int microBatch)
    {
        if ((uint)microBatch >= (uint)MicroBatches)
            throw Violation($"was sent micro-batch {microBatch}; there are {MicroBatches}, from 0");
    }

    private protected void CheckShape(Shape found, Shape wanted, int edge)
    {
        if (!ReferenceEquals(found, wanted) && !found.Equals(wanted))
            throw Violation($"was sent a tensor of shape {found} along edge {edge}; {wanted} is wanted");
    }

    private protected void CheckTarget(ClampTarget<T> target, Loss loss)
    {
        var wanted = loss.TargetShape(Description.Shape);
        foreach (var tensor in new[] { target.Target, target.Mask })
        {
            if (tensor is not null && !tensor.Shape.Equals(wanted))
                throw Violation($"was clamped to a target of shape {tensor.Shape}; {wanted} is wanted");
        }
    }

    private protected ProtocolException Violation(string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"the vertex '{Description.Name}' {what} ({Step.Name}, "
            + $"attempt {Step.Run})"));

    private ProtocolException Unexpected(object message) =>
        Violation($"was sent a message of type {message.GetType().Name}, which no vertex of its kind takes");
}
