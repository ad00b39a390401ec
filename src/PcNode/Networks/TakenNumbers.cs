using System.Globalization;
using System.Numerics;
using PcActors.Graphs;

namespace PcNode.Networks;

/// <summary>Which whole numbers a data leaf takes that is an index, or a class.</summary>
/// <param name="First">The least of them.</param>
/// <param name="Last">The largest.</param>
/// <param name="What">What they are.</param>
internal sealed record TakenNumbers(long First, long Last, string What)
{
    /// <summary>A number besides: that of what counts for nothing.</summary>
    private long? Besides { get; init; }

    /// <summary>What every reader of a data leaf takes, through operators that change no number; null where there is
    /// no bound.</summary>
    public static TakenNumbers? Of<T>(Graph<T> graph, Vertex<T> leaf)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TakenNumbers? taken = null;
        var waiting = new Queue<int>([graph.Find(leaf.Name).Id]);
        while (waiting.TryDequeue(out var id))
        {
            foreach (var edge in graph.Consumers(id))
            {
                var function = graph.Vertices[edge.To].Function!;
                if (function.OperatorType is "Identity" or "Cast" or "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten"
                    && edge.Slot == 0)
                    waiting.Enqueue(edge.To);
                if (OfReader(graph, edge) is { } other) taken = taken?.And(other) ?? other;
            }
        }
        return taken;
    }

    /// <summary>Whether a number is one of them.</summary>
    public bool Contains<T>(T number)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (number >= T.CreateChecked(First) && number <= T.CreateChecked(Last))
        || (Besides is { } besides && number == T.CreateChecked(besides));

    /// <summary>For example <c>[-20, 19], each an index of a table</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{First}, {Last}]")
        + (Besides is { } besides ? string.Create(CultureInfo.InvariantCulture, $" or {besides}") : "") + $", {What}";

    private static TakenNumbers? OfReader<T>(Graph<T> graph, Edge edge)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var function = graph.Vertices[edge.To].Function!;
        if (edge.Slot != 1) return null;
        var first = graph.InputShapes(edge.To)[0];
        switch (function.OperatorType)
        {
            case "Gather":
                var extent = first[(int)function.Attributes.Integer("axis", 0)];
                return new TakenNumbers(-extent, extent - 1, "each an index of a table");
            case "SoftmaxCrossEntropyLoss" or "NegativeLogLikelihoodLoss":
                return new TakenNumbers(0, first[1] - 1, "each the number of a class")
                {
                    Besides = function.Attributes.Has("ignore_index") ? function.Attributes.Integer("ignore_index", 0)
                        : null,
                };
            default:
                return null;
        }
    }

    private TakenNumbers And(TakenNumbers other) => this with
    {
        First = Math.Max(First, other.First),
        Last = Math.Min(Last, other.Last),
        Besides = Besides == other.Besides ? Besides : null,
    };
}
