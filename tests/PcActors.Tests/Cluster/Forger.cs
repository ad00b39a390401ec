using Google.Protobuf;
using PcActors.Cluster.Wire.Schema;

namespace PcActors.Tests.Cluster;

/// <summary>Says of errors that they are from another vertex, one that the other end knows.</summary>
internal sealed class Forger
{
    private readonly Dictionary<string, int> _known = [];
    private readonly Lock _lock = new();

    public int Count { get; private set; }

    public IEnumerable<IMessage> Pass(string end, IMessage packet)
    {
        lock (_lock)
        {
            if (packet is not LinkFrame frame) return [packet];
            var forged = new LinkFrame { Number = frame.Number };
            foreach (var parcel in frame.Parcels)
            {
                forged.Parcels.Add(parcel.Clone());
                if (parcel.Manifest != "error" && parcel.Manifest != "value") continue;
                if (_known.TryGetValue(end, out var other) && other != parcel.From)
                {
                    forged.Parcels[^1].From = other;
                    Count++;
                }
                else
                {
                    _known[end] = parcel.From;
                }
            }
            return [forged];
        }
    }
}
