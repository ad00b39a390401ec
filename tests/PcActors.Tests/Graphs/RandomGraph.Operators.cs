using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Tests.Graphs;

/// <content>The operators and how their inputs are chosen.</content>
internal sealed partial class RandomGraph<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private void AddOperator()
    {
        var added = _random.NextInt(22) switch
        {
            0 or 1 => MatMul(),
            2 or 3 => Gemm(),
            4 or 5 => Binary("Add", (a, b) => a + b),
            6 => Binary("Sub", (a, b) => a + b),
            7 or 8 => Binary("Mul", (a, b) => a * b),
            9 => Divide(),
            10 => Unary("Neg", x => x),
            11 => Unary("Tanh", _ => 1),
            12 => Unary("Sigmoid", _ => 1),
            13 => _smooth ? null : Unary("Relu", x => x),
            14 => Unary("Exp", Math.Exp, limit: 2),
            15 => AlongAxis(),
            16 => Reduce(),
            17 => Chance(0.5) ? Reshape() : Flatten(),
            18 => Transpose(),
            19 => Concat(),
            20 => Slice(),
            _ => Chance(0.5) || _smooth ? Unary("Identity", x => x) : Gate(),
        };
        if (added is not null) _pool.Add(added);
    }

    private Entry Pick() =>
        Chance(0.5) ? _pool[^(1 + _random.NextInt(Math.Min(4, _pool.Count)))] : _pool[_random.NextInt(_pool.Count)];

    private Entry? Pick(Func<Entry, bool> fits)
    {
        var fitting = _pool.Where(fits).ToList();
        return fitting.Count == 0 ? null : fitting[_random.NextInt(fitting.Count)];
    }

    private Entry Bounded(Entry entry, double limit)
    {
        if (entry.Bound <= limit) return entry;
        var bounded = new Entry(Apply(Chance(0.7) ? "Tanh" : "Sigmoid", [entry.Node]), 1);
        _pool.Add(bounded);
        return bounded;
    }

    private Node<T> Apply(string operatorType, Node<T>[] inputs, params (string Name, object? Value)[] attributes)
    {
        foreach (var input in inputs) _read.Add(input.Name);
        return _builder.Apply(operatorType, inputs, Attributes.Of(attributes));
    }

    private Entry Unary(string operatorType, Func<double, double> bound, double limit = 20)
    {
        var x = Bounded(Pick(), limit);
        return new Entry(Apply(operatorType, [x.Node]), bound(x.Bound));
    }

    private Entry? Binary(string operatorType, Func<double, double, double> bound)
    {
        var x = Bounded(Pick(), 4);
        // Now and then x + x or x * x.
        var y = Chance(0.2) ? x : Pick(e => Broadcasts(x.Shape, e.Shape));
        if (y is null) return null;
        y = Bounded(y, 4);
        return new Entry(Apply(operatorType, Chance(0.5) ? [x.Node, y.Node] : [y.Node, x.Node]),
            bound(x.Bound, y.Bound));
    }

    private Entry? Divide()
    {
        var x = Bounded(Pick(), 4);
        if (Pick(e => Broadcasts(x.Shape, e.Shape)) is not { } y) return null;
        var denominator = Apply("Exp", [Apply("Tanh", [y.Node])]);
        return new Entry(Apply("Div", [x.Node, denominator]), x.Bound * Math.E);
    }

    private Entry? MatMul()
    {
        if (Pick(e => e.Shape.Rank is 2 or 3) is not { } a) return null;
        a = Bounded(a, 4);
        var k = a.Shape[^1];
        var b = Chance(0.4) ? Pick(e => e.Shape.Rank == 2 && e.Shape[0] == k) : null;
        b = Bounded(b ?? Parameter(new Shape(k, 1 + _random.NextInt(4)), trainable: Chance(0.85)), 4);
        return new Entry(Apply("MatMul", [a.Node, b.Node]), k * a.Bound * b.Bound);
    }

    private Entry? Gemm()
    {
        if (Pick(e => e.Shape.Rank == 2) is not { } a) return null;
        a = Bounded(a, 4);
        var (transA, transB) = (Chance(0.3), Chance(0.3));
        var (m, k) = transA ? (a.Shape[1], a.Shape[0]) : (a.Shape[0], a.Shape[1]);
        var b = Chance(0.4) ? Pick(e => e.Shape.Rank == 2 && e.Shape[transB ? 1 : 0] == k) : null;
        var units = 1 + _random.NextInt(4);
        b = Bounded(b ?? Parameter(transB ? new Shape(units, k) : new Shape(k, units), trainable: Chance(0.85)), 4);
        var product = new Shape(m, b.Shape[transB ? 0 : 1]);
        Entry? c = null;
        if (Chance(0.6))
        {
            c = (Chance(0.4)
                ? Pick(e => Broadcasts(e.Shape, product) && Shape.Broadcast(e.Shape, product).Equals(product))
                : null)
                ?? Parameter(new Shape(product[1]), trainable: true);
        }
        var attributes = new (string, object?)[]
        {
            ("transA", transA), ("transB", transB), ("alpha", Chance(0.3) ? 0.5 : null),
            ("beta", Chance(0.3) ? -0.75 : null),
        };
        return new Entry(
            Apply("Gemm", c is null ? [a.Node, b.Node] : [a.Node, b.Node, c.Node], attributes),
            (k * a.Bound * b.Bound) + (c?.Bound ?? 0));
    }

    private Entry Gate()
    {
        var x = Pick();
        var condition = Pick(e => e.Shape.Equals(x.Shape))!;
        _read.Add(x.Node.Name);
        _read.Add(condition.Node.Name);
        return new Entry(_builder.Apply(new Gate<T>(), [x.Node, condition.Node]), x.Bound);
    }

    private static bool Broadcasts(Shape a, Shape b)
    {
        for (var axis = 1; axis <= Math.Min(a.Rank, b.Rank); axis++)
        {
            if (a[^axis] != b[^axis] && a[^axis] != 1 && b[^axis] != 1) return false;
        }
        return Shape.Broadcast(a, b).Length <= MaxElements;
    }
}
