using System.Globalization;
using System.Numerics;
using PcActors.Functions;

namespace PcActors.Graphs;

/// <summary>Cuts the batch into shards, and gives each shard a replica of every vertex whose
/// value depends on data.</summary>
/// <remarks>Data leaves stay one for the whole batch: a Slice beside them takes each shard, and a Concat
/// joins the replicas' outputs to one root. Parameters, and what is computed from them alone, are shared; they sum the
/// errors of their consumers in all replicas, in the order of the replicas. What a replica reads several times, such as
/// the weights of an unrolled network, it reads through a Sum of its own, so that it sums the errors itself: that work
/// is then spread over the replicas, too. A sum over samples gets other parentheses thereby, so the number of replicas,
/// like that of micro-batches, is a property of the network.</remarks>
internal static class Replication
{
    /// <summary>Replicas that read a parameter themselves. Of more, each group of so many reads it
    /// through an identity, which sums the group's errors, and so on: a tree.</summary>
    public const int FanIn = 8;

    /// <summary>The graph for a batch of several shards.</summary>
    /// <param name="graph">A graph for one shard, not levelled yet; its outermost axes are those of the shard.</param>
    /// <param name="replicas">Shards, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no replicas.</exception>
    /// <exception cref="GraphException">A data leaf or the root is a scalar, which has no
    /// axis of samples; or there is a cycle.</exception>
    public static Graph<T> Replicate<T>(Graph<T> graph, int replicas)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        if (replicas > 1) GraphValidation.RequireAcyclic(graph, "a graph of replicas", "give 1 replica");
        return replicas == 1 ? graph : new Replicas<T>(graph, replicas).Build();
    }

    /// <summary>A graph of replicas in the making.</summary>
    private sealed class Replicas<T>(Graph<T> graph, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly GraphBuilder<T> _builder = new();
        private readonly HashSet<string> _names = graph.Vertices.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);

        // What each replica reads for a vertex of the original graph.
        private readonly Node<T>[][] _read = new Node<T>[graph.Vertices.Count][];

        public Graph<T> Build()
        {
            foreach (var vertex in graph.DataLeaves.Append(graph.Root).Where(v => v.Shape.Rank == 0))
                throw new GraphException(
                    $"the vertex '{vertex.Name}' is a scalar: it has no axis of samples, so there can be no replicas",
                    vertex.Name);
            foreach (var vertex in graph.Vertices)
            {
                if (vertex.Kind == VertexKind.Data) _read[vertex.Id] = Shards(vertex);
                else if (!graph.DependsOnData(vertex.Id)) _read[vertex.Id] = Shared(vertex);
                else _read[vertex.Id] = new Node<T>[count];
            }
            // One replica after the other: what belongs together is together in the order of vertices, too.
            for (var replica = 0; replica < count; replica++)
            {
                foreach (var vertex in graph.Vertices.Where(
                    v => v.Kind == VertexKind.Function && graph.DependsOnData(v.Id)))
                    _read[vertex.Id][replica] = _builder.Apply(vertex.Function!, Inputs(vertex, replica),
                        NewName(vertex, $"{replica}")).LatentIf(vertex.IsLatent);
            }
            if (!graph.DependsOnData(graph.RootId))
                throw new GraphException("no data lead to the root, so there are no samples for replicas",
                    graph.Root.Name);
            return _builder.Build(
                _builder.Apply("Concat", _read[graph.RootId], Attributes.Of(("axis", 0)), graph.Root.Name));
        }

        private Node<T>[] Inputs(Vertex<T> vertex, int replica) =>
            [.. graph.Inputs(vertex.Id).Select(e => _read[e.From][replica])];

        private Node<T>[] Shards(Vertex<T> leaf)
        {
            var rows = leaf.Shape[0];
            var whole = _builder.Data(leaf.Name, leaf.Shape.With(0, checked(rows * count)), leaf.IsFree);
            var shards = new Node<T>[count];
            for (var r = 0; r < count; r++)
                shards[r] = whole.Slice(0, r * rows, (r + 1) * rows, 1, NewName(leaf, $"{r}"));
            return shards;
        }

        /// <summary>A vertex that all replicas have in common.</summary>
        private Node<T>[] Shared(Vertex<T> vertex)
        {
            var node = vertex.Kind == VertexKind.Parameter
                ? _builder.Parameter(vertex.Name, vertex.Initial!, vertex.Trainable, vertex.Block)
                : _builder.Apply(vertex.Function!, Inputs(vertex, 0), vertex.Name).LatentIf(vertex.IsLatent);
            var read = new Node<T>[count];
            Array.Fill(read, node);
            var readers = graph.Consumers(vertex.Id).Count(e => graph.CarriesError(e) && graph.DependsOnData(e.To));
            if (readers == 0) return read;
            Branch(node, vertex, read, 0, count);
            for (var r = 0; readers > 1 && r < count; r++)
                read[r] = read[r].Apply("Sum", [], null, NewName(vertex, $"{r}"));
            return read;
        }

        /// <summary>Puts identities between a vertex and some of its replicas, so that no more than
        /// <see cref="FanIn"/> read it.</summary>
        private void Branch(Node<T> node, Vertex<T> vertex, Node<T>[] read, int first, int end)
        {
            if (end - first <= FanIn) return;
            // Groups of equal depth: as many replicas in each as a full subtree has.
            var size = FanIn;
            while (size * FanIn < end - first) size *= FanIn;
            for (var start = first; start < end; start += size)
            {
                var last = Math.Min(start + size, end) - 1;
                var branch = node.Identity(NewName(vertex, $"{start}-{last}"));
                Array.Fill(read, branch, start, last + 1 - start);
                Branch(branch, vertex, read, start, last + 1);
            }
        }

        private string NewName(Vertex<T> vertex, FormattableString which)
        {
            var name = $"{vertex.Name}@{which.ToString(CultureInfo.InvariantCulture)}";
            while (!_names.Add(name)) name += "@";
            return name;
        }
    }
}
