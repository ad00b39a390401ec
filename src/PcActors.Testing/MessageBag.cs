using PcActors.Tensors;

namespace PcActors.Testing;

/// <summary>Holds undelivered messages and decides, from its seed, which one comes next.</summary>
internal sealed class MessageBag(DeliveryOrder order, ulong seed)
{
    private readonly SeededRandom _random = new(seed, "delivery");
    private readonly Queue<Envelope> _asSent = new();
    private readonly List<Envelope> _arbitrary = [];
    private readonly Dictionary<(int Sender, int Receiver), Queue<Envelope>> _pairs = [];
    private readonly List<Queue<Envelope>> _waitingPairs = [];

    public void Add(Envelope envelope)
    {
        switch (order)
        {
            case DeliveryOrder.AsSent:
                _asSent.Enqueue(envelope);
                break;
            case DeliveryOrder.Arbitrary:
                _arbitrary.Add(envelope);
                break;
            default:
                var pair = (envelope.Sender, envelope.Receiver);
                if (!_pairs.TryGetValue(pair, out var queue)) _pairs.Add(pair, queue = new Queue<Envelope>());
                if (queue.Count == 0) _waitingPairs.Add(queue);
                queue.Enqueue(envelope);
                break;
        }
    }

    /// <summary>The next message, or false when there is none.</summary>
    public bool TryTake(out Envelope envelope)
    {
        switch (order)
        {
            case DeliveryOrder.AsSent:
                return _asSent.TryDequeue(out envelope);
            case DeliveryOrder.Arbitrary:
                if (!TryTakeAny(_arbitrary, out envelope)) return false;
                return true;
            default:
                envelope = default;
                if (!TryTakeAny(_waitingPairs, out var queue)) return false;
                envelope = queue.Dequeue();
                if (queue.Count > 0) _waitingPairs.Add(queue);
                return true;
        }
    }

    private bool TryTakeAny<TItem>(List<TItem> items,
        [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TItem item)
    {
        item = default;
        if (items.Count == 0) return false;
        var place = _random.NextInt(items.Count);
        item = items[place];
        items[place] = items[^1];
        items.RemoveAt(items.Count - 1);
        return true;
    }
}
