using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Tests.Graphs;

/// <summary>Draws small directed acyclic graphs that can be trained: the same one for the same seed.</summary>
/// <remarks>There are skip connections, diamonds, repeated inputs, parameters that several
/// vertices share, and parameters that reach the root through vertices that no data lead to. Values keep within bounds,
/// so that nothing overflows.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed partial class RandomGraph<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaxElements = 48;
    private const int MaxRank = 4;

    private readonly SeededRandom _random;
    private readonly GraphBuilder<T> _builder = new();
    private readonly List<Entry> _pool = [];
    private readonly HashSet<string> _read = [];
    private readonly bool _smooth;
    private readonly int _batch;
    private int _parameters;

    private RandomGraph(ulong seed, bool smooth)
    {
        _random = new SeededRandom(seed, "graph");
        _smooth = smooth;
        _batch = 1 + _random.NextInt(3);
    }

    /// <summary>The graph of a seed. Its root is a matrix, so that every loss fits.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="smooth">Whether kinks and steps, at which a finite difference fails, are left out.</param>
    public static Graph<T> Create(ulong seed, bool smooth = false)
    {
        var graph = new RandomGraph<T>(seed, smooth);
        graph.AddLeaves();
        var size = 4 + graph._random.NextInt(20);
        for (var tries = 0; tries < 6 * size && graph._pool.Count < size; tries++) graph.AddOperator();
        return graph._builder.Build(graph.Join());
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private double Uniform(double bound) => bound * ((2 * _random.NextDouble()) - 1);

    private void AddLeaves()
    {
        for (var leaves = 1 + _random.NextInt(2); leaves > 0; leaves--)
        {
            var shape = Chance(0.75)
                ? new Shape(_batch, 1 + _random.NextInt(4))
                : new Shape(_batch, 1 + _random.NextInt(3), 1 + _random.NextInt(3));
            _pool.Add(new Entry(_builder.Data($"data{leaves}", shape), 1));
        }
        for (var parameters = 1 + _random.NextInt(3); parameters > 0; parameters--)
        {
            var rank = _random.NextInt(3);
            var shape = new int[rank];
            for (var axis = 0; axis < rank; axis++) shape[axis] = 1 + _random.NextInt(4);
            _pool.Add(Parameter(new Shape(shape), trainable: Chance(0.8)));
        }
    }

    private Entry Parameter(Shape shape, bool trainable)
    {
        var initial = new Tensor<T>(shape);
        foreach (ref var element in initial.Writable) element = T.CreateChecked((float)Uniform(1));
        return new Entry(_builder.Parameter($"{(trainable ? "theta" : "constant")}{++_parameters}", initial, trainable),
            1);
    }

    /// <summary>Everything that nothing reads yet flows into one root.</summary>
    private Node<T> Join()
    {
        var classes = 2 + _random.NextInt(3);
        var loose = _pool.Where(e => !_read.Contains(e.Node.Name)).ToArray();
        _random.Shuffle<Entry>(loose);
        var sum = Project(_pool[0], classes, trainable: true);
        foreach (var entry in loose)
        {
            // The first data leaf, which has been projected already, may be among them.
            if (_read.Contains(entry.Node.Name)) continue;
            var term = entry.Node.Shape.Length % _batch == 0 && Chance(0.7)
                ? Project(entry, classes, trainable: Chance(0.7))
                : Apply("ReduceSum", [Bounded(entry, 4).Node], ("keepdims", 0L));
            sum = Chance(0.5) ? Apply("Add", [sum, term]) : Apply("Sub", [term, sum]);
        }
        return _random.NextInt(6) switch
        {
            0 => Apply("Tanh", [sum]),
            1 => Apply("LogSoftmax", [sum]),
            2 => Apply("Identity", [sum]),
            _ => sum,
        };
    }

    /// <summary>[batch, classes] from anything whose length is a multiple of the batch.</summary>
    private Node<T> Project(Entry entry, int classes, bool trainable)
    {
        var bounded = Bounded(entry, 4).Node;
        var width = bounded.Shape.Length / _batch;
        var matrix = bounded.Shape.Rank == 2 && bounded.Shape[0] == _batch
            ? bounded
            : Apply("Reshape", [bounded], ("shape", new[] { _batch, width }));
        return Apply("MatMul", [matrix, Parameter(new Shape(width, classes), trainable).Node]);
    }

    /// <summary>A vertex and a bound of its values' magnitude.</summary>
    private sealed record Entry(Node<T> Node, double Bound)
    {
        public Shape Shape => Node.Shape;
    }
}
