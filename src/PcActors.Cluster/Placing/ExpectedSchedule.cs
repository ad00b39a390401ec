using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;

namespace PcActors.Cluster.Placing;

/// <summary>How a training step of Z-IL's wave would go if messages took no time and each node did one
/// thing at a time: what waiting for each other costs at least.</summary>
/// <param name="Utilisation">Part of the step's time in which a node works, on average over
/// nodes by their capacity.</param>
/// <param name="MostBusy">Nodes that work at the same time, at most.</param>
/// <param name="AverageBusy">Nodes that work at the same time, on average.</param>
/// <param name="Stretch">The step's time in parts of what it would be if all nodes worked
/// all the time: 1 at best.</param>
internal sealed record ExpectedSchedule(double Stretch, double Utilisation, int MostBusy, double AverageBusy)
{
    /// <summary>Plays a step through.</summary>
    /// <param name="graph">The graph as it runs.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="plan">Where its vertices are.</param>
    public static ExpectedSchedule Of<T>(Graph<T> graph, VertexOptions options, PlacementPlan plan)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Of(graph, options.MicroBatches, RunFigures.Of(graph, options), plan.Places,
            [.. plan.Nodes.Select(n => n.Share)]);

    internal static ExpectedSchedule Of<T>(Graph<T> graph, int microBatches, RunFigures figures,
        IReadOnlyList<int> places, double[] shares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new ScheduleRun<T>(graph, microBatches, figures, places, shares).Run();

    /// <summary>A piece of work is a vertex's forward or backward part for one micro-batch.</summary>
    private sealed class ScheduleRun<T>(Graph<T> graph, int microBatches, RunFigures figures, IReadOnlyList<int> places,
        double[] shares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int[] _missing = new int[2 * microBatches * graph.Vertices.Count];
        private readonly Queue<int>[] _ready = [.. shares.Select(_ => new Queue<int>())];
        private readonly bool[] _isBusy = new bool[shares.Length];
        private readonly PriorityQueue<int, (double Time, int Work)> _running = new();
        private double _done;
        private double _now;
        private int _busy;

        public ExpectedSchedule Run()
        {
            for (var id = 0; id < graph.Vertices.Count; id++)
            {
                var errors = graph.RequiresError(id) ? graph.Consumers(id).Count(Carries) : 0;
                for (var m = 0; m < microBatches; m++)
                {
                    _missing[PieceOf(id, m, isBack: false)] = graph.Inputs(id).Count(e => !e.IsRecurrent);
                    _missing[PieceOf(id, m, isBack: true)] = errors + (id == graph.RootId ? 1 : 0);
                }
            }
            // Of what closes a cycle the first sweep waits for nothing.
            foreach (var leaf in graph.Vertices.Where(v => graph.Inputs(v.Id).All(e => e.IsRecurrent)))
            {
                for (var m = 0; m < microBatches; m++) Ready(PieceOf(leaf.Id, m, isBack: false));
            }
            var (worked, most, capacity) = (0.0, 0, 0.0);
            while (true)
            {
                // What takes no time may give work to a node that was looked at before.
                while (Enumerable.Range(0, _ready.Length).Any(node => !_isBusy[node] && _ready[node].Count > 0))
                {
                    for (var node = 0; node < _ready.Length; node++) Begin(node);
                }
                most = Math.Max(most, _busy);
                if (!_running.TryDequeue(out var piece, out var at)) break;
                worked += (at.Time - _now) * _busy;
                for (var node = 0; node < _isBusy.Length; node++)
                    capacity += _isBusy[node] ? (at.Time - _now) * shares[node] : 0;
                _now = at.Time;
                _isBusy[places[VertexOf(piece)]] = false;
                _busy--;
                Finish(piece);
            }
            return new ExpectedSchedule(_now / _done, capacity / _now, most, worked / _now);
        }

        private int PieceOf(int vertex, int microBatch, bool isBack) =>
            (((microBatch * graph.Vertices.Count) + vertex) * 2) + (isBack ? 1 : 0);

        private int VertexOf(int piece) => piece / 2 % graph.Vertices.Count;

        private void Ready(int piece) => _ready[places[VertexOf(piece)]].Enqueue(piece);

        private void Begin(int node)
        {
            while (!_isBusy[node] && _ready[node].TryDequeue(out var piece))
            {
                var work = TimeOf(piece);
                _done += work;
                var time = work / shares[node];
                if (time == 0)
                {
                    Finish(piece);
                    continue;
                }
                _isBusy[node] = true;
                _busy++;
                _running.Enqueue(piece, (_now + time, piece));
            }
        }

        private double TimeOf(int piece)
        {
            var (vertex, work) = (VertexOf(piece), figures.Work[VertexOf(piece)]);
            // What no data leads to is predicted once.
            var isRepeated = piece / 2 >= graph.Vertices.Count && !graph.DependsOnData(vertex);
            if (piece % 2 == 0)
                return (isRepeated ? 0 : work.Forward)
                    + (graph.Vertices[vertex].Kind == VertexKind.Function ? work.Once / (2 * microBatches) : 0);
            return work.Backward
                + (work.Once / (graph.Vertices[vertex].Kind == VertexKind.Function ? 2 * microBatches : microBatches));
        }

        private void Finish(int piece)
        {
            var vertex = VertexOf(piece);
            var microBatch = piece / 2 / graph.Vertices.Count;
            if (piece % 2 == 0)
            {
                foreach (var edge in graph.Consumers(vertex).Where(e => !e.IsRecurrent))
                    Arrive(PieceOf(edge.To, microBatch, isBack: false));
                if (vertex == graph.RootId && graph.RequiresError(vertex))
                    Arrive(PieceOf(vertex, microBatch, isBack: true));
                return;
            }
            foreach (var edge in graph.Inputs(vertex).Where(Carries))
                Arrive(PieceOf(edge.From, microBatch, isBack: true));
        }

        private bool Carries(Edge edge) => graph.CarriesError(edge) && !edge.IsRecurrent;

        private void Arrive(int piece)
        {
            if (--_missing[piece] == 0) Ready(piece);
        }
    }
}
