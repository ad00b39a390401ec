using PcActors.Cluster.Links;
using PcActors.Learning;

namespace PcActors.Cluster.Hosting;

/// <summary>Collects what the nodes of an epoch have counted on their links.</summary>
/// <param name="workers">Nodes besides the coordinator's.</param>
internal sealed class TrafficBook(int workers)
{
    private readonly List<LinkMeter> _own = [];
    private readonly List<(LinkCounterCollection Collection, Dictionary<int, IReadOnlyList<LinkCounters>> Reports)> _open = [];

    /// <summary>The counters of the coordinator's own link to a worker.</summary>
    public LinkMeter OwnMeter(int worker)
    {
        var meter = new LinkMeter(0, worker);
        _own.Add(meter);
        return meter;
    }

    /// <summary>Somebody wants to know; the workers are asked.</summary>
    public void Open(LinkCounterCollection collection) => _open.Add((collection, []));

    /// <summary>A worker's answer. Links keep the order of questions and answers, so it is the answer to the oldest question.</summary>
    public void Enter(LinkCountersReport report)
    {
        var entry = _open.Find(o => !o.Reports.ContainsKey(report.Index));
        if (entry.Collection is null) return;
        entry.Reports.Add(report.Index, report.Links);
        if (entry.Reports.Count < workers) return;
        _open.Remove(entry);
        entry.Collection.Complete([.. _own.Select(m => m.Read()), .. entry.Reports.OrderBy(r => r.Key).SelectMany(r => r.Value)]);
    }

    /// <summary>The epoch ends.</summary>
    public void Fail()
    {
        foreach (var (collection, _) in _open) collection.Fail(new RunFailedException("the graph is placed anew; nothing has been counted yet"));
        _open.Clear();
    }
}
