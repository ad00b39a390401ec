using PcActors.Cluster.Wire;

namespace PcActors.Tests.Cluster;

/// <summary>Says of errors that they are from another vertex, one that the other end knows.</summary>
internal sealed class Forger
{
    private readonly Dictionary<string, int> _known = [];
    private readonly Lock _lock = new();

    public int Count { get; private set; }

    public IEnumerable<object> Pass(string end, object packet)
    {
        lock (_lock)
        {
            if (packet is not LinkFrame frame) return [packet];
            var forged = new List<Parcel>();
            foreach (var parcel in frame.Parcels)
            {
                forged.Add(parcel);
                if (parcel.Manifest != "error" && parcel.Manifest != "value") continue;
                if (_known.TryGetValue(end, out var other) && other != parcel.From)
                {
                    forged[^1] = parcel with { From = other };
                    Count++;
                }
                else
                {
                    _known[end] = parcel.From;
                }
            }
            return [new LinkFrame(frame.Number, forged)];
        }
    }
}
