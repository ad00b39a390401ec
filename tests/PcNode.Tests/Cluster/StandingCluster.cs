namespace PcNode.Tests.Cluster;

/// <summary>A cluster of processes that stands for itself: each is a worker, and the oldest
/// has the coordinator.</summary>
internal sealed class StandingCluster : IDisposable
{
    private readonly List<Node> _nodes = [];

    /// <summary>A node: its process, and HOST:PORT.</summary>
    public sealed record Node(Processes Run, string Address);

    public IReadOnlyList<Node> Nodes => _nodes;

    public string Seed => _nodes[0].Address;

    public static async Task<StandingCluster> StartAsync(int nodes)
    {
        var cluster = new StandingCluster();
        await cluster.AddAsync(1);
        await cluster.AddAsync(nodes - 1);
        return cluster;
    }

    /// <summary>Starts further nodes, all at once.</summary>
    public async Task AddAsync(int count)
    {
        string[] seed = _nodes.Count == 0 ? [] : ["--seed", Seed];
        var runs = Enumerable.Range(0, count).Select(_ => Processes.Start(["node", "--threads", "1", .. seed]))
            .ToList();
        foreach (var run in runs)
        {
            await run.SaysAsync("worker and coordinator at ");
            _nodes.Add(new Node(run, run.Error.Trim().Split(' ')[^1]));
        }
    }

    /// <summary>A run on all nodes.</summary>
    public Processes Train(int minNodes, params string[] options) =>
        Processes.Start(
            ["train", .. options, "--join", string.Join(',', _nodes.Select(n => n.Address)), "--min-nodes",
                $"{minNodes}"]);

    /// <summary>Kills a node's process, which takes no leave.</summary>
    public void Kill(Node node)
    {
        Processes.Signal(node.Run.Process.Id, "KILL");
        _nodes.Remove(node);
    }

    public void Dispose()
    {
        foreach (var node in _nodes) node.Run.Dispose();
    }
}
