using System.Numerics;

namespace PcActors.Tests.Graphs;

/// <content>Operators that reduce along axes or lay elements out anew.</content>
internal sealed partial class RandomGraph<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Entry? AlongAxis()
    {
        if (Pick(e => e.Shape.Rank > 0) is not { } x) return null;
        x = Bounded(x, 4);
        var axis = ("axis", (object?)(_random.NextInt(2 * x.Shape.Rank) - x.Shape.Rank));
        return Chance(0.6)
            ? new Entry(Apply("Softmax", [x.Node], axis), 1)
            : new Entry(Apply("LogSoftmax", [x.Node], axis), (2 * x.Bound) + 4);
    }

    private Entry? Reduce()
    {
        if (Pick(e => e.Shape.Rank > 0) is not { } x) return null;
        x = Bounded(x, 4);
        var axes = Enumerable.Range(0, x.Shape.Rank).Where(_ => Chance(0.6))
            .Select(a => Chance(0.5) ? a : a - x.Shape.Rank).ToArray();
        var attributes = new (string, object?)[] { ("axes", axes.Length == 0 ? null : axes),
            ("keepdims", Chance(0.5)) };
        return Chance(0.5)
            ? new Entry(Apply("ReduceSum", [x.Node], attributes), x.Bound * x.Shape.Length)
            : new Entry(Apply("ReduceMean", [x.Node], attributes), x.Bound);
    }

    private Entry Reshape()
    {
        var x = Pick();
        var divisors = Enumerable.Range(1, x.Shape.Length).Where(d => x.Shape.Length % d == 0).ToList();
        var first = divisors[_random.NextInt(divisors.Count)];
        var shape = _random.NextInt(3) switch
        {
            0 => new[] { -1 },
            1 => [first, -1],
            _ => new[] { -1, first },
        };
        return new Entry(Apply("Reshape", [x.Node], ("shape", shape)), x.Bound);
    }

    private Entry Flatten()
    {
        var x = Pick();
        return new Entry(Apply("Flatten", [x.Node], ("axis", _random.NextInt(x.Shape.Rank + 1))), x.Bound);
    }

    private Entry? Transpose()
    {
        if (Pick(e => e.Shape.Rank > 1) is not { } x) return null;
        var permutation = Enumerable.Range(0, x.Shape.Rank).ToArray();
        _random.Shuffle<int>(permutation);
        return new Entry(Apply("Transpose", [x.Node], ("perm", permutation)), x.Bound);
    }

    private Entry? Concat()
    {
        if (Pick(e => e.Shape.Rank is > 0 and <= MaxRank) is not { } x) return null;
        var axis = _random.NextInt(x.Shape.Rank);
        var others = new List<Entry>();
        for (var count = 1 + _random.NextInt(2); count > 0; count--)
        {
            // The vertex itself always fits: a repeated input.
            others.Add(Pick(e => e.Shape.Rank == x.Shape.Rank && e.Shape.With(axis, 1).Equals(x.Shape.With(axis, 1)))!);
        }
        if (x.Shape.Length + others.Sum(e => e.Shape.Length) > MaxElements) return null;
        return new Entry(Apply("Concat", [x.Node, .. others.Select(e => e.Node)], ("axis", axis)),
            Math.Max(x.Bound, others.Max(e => e.Bound)));
    }

    private Entry? Slice()
    {
        if (Pick(e => e.Shape.Rank > 0 && e.Shape.Dimensions.ContainsAnyExceptInRange(0, 1)) is not { } x) return null;
        var axis = Enumerable.Range(0, x.Shape.Rank).First(a => x.Shape[a] > 1);
        var extent = x.Shape[axis];
        var start = _random.NextInt(extent);
        var (end, step) = Chance(0.3)
            ? (-extent - 1, -1 - _random.NextInt(2))
            : (start + 1 + _random.NextInt(extent - start), 1 + _random.NextInt(2));
        var attributes = new (string, object?)[]
        {
            ("starts", new[] { start }), ("ends", new[] { end }), ("axes", new[] { axis }), ("steps", new[] { step }),
        };
        return new Entry(Apply("Slice", [x.Node], attributes), x.Bound);
    }
}
