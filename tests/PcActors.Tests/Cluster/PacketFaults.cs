using PcActors.Tensors;

namespace PcActors.Tests.Cluster;

/// <summary>Of a hundred packets one is lost, one doubled, and one sent after its successor.</summary>
internal sealed class PacketFaults
{
    private readonly SeededRandom _random = new(3, "packets");
    private readonly Dictionary<string, object> _late = [];
    private readonly Lock _lock = new();

    public int Count { get; private set; }

    public IEnumerable<object> Pass(string end, object packet)
    {
        lock (_lock)
        {
            if (_late.Remove(end, out var late)) return [packet, late];
            var fate = _random.NextInt(100);
            if (fate > 2) return [packet];
            Count++;
            if (fate == 0) return [];
            if (fate == 1) return [packet, packet];
            _late[end] = packet;
            return [];
        }
    }
}
