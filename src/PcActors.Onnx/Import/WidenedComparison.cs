using System.Globalization;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>Compares what a widened graph predicts for the first and the last of drawn samples with what the
/// model's own graph predicts for each alone.</summary>
/// <param name="wide">The widened graph.</param>
/// <param name="single">The model's own, for one sample.</param>
/// <param name="isWhole">Whether an input takes whole numbers.</param>
internal sealed class WidenedComparison(Graph<double> wide, Graph<double> single, Func<string, bool> isWhole)
{
    // Sums may be cut otherwise, and what is left of a difference has the rounding of what it was made of; what mixes
    // samples is no rounding.
    private const double Tolerance = 1e-9;

    // Of one draw, nothing may be known: a logarithm of what is negative, or a unit that is at rest for both samples.
    private const int Draws = 4;

    /// <summary>What differs, or that nothing could be seen; null when samples are kept apart.</summary>
    public string? Difference()
    {
        var samples = wide.Root.Shape is { Rank: > 0 } shape ? shape[0] : 0;
        if (single.Root.Shape is not { Rank: > 0 } own || own[0] != 1 || !wide.Root.Shape.Equals(own.With(0, samples)))
            return $"the output is {single.Root.Shape} for one sample and {wide.Root.Shape} for {samples}";
        try
        {
            var isShown = false;
            for (var draw = 0; draw < Draws && !isShown; draw++)
            {
                var leaves = wide.DataLeaves.ToDictionary(v => v.Name, v => Draw(v, draw), StringComparer.Ordinal);
                var together = Forward(wide, v => leaves[v.Name]);
                foreach (var sample in new[] { 0, samples - 1 })
                {
                    var alone = Forward(single, v => Alone(leaves[v.Name], v.Shape, sample));
                    if (Difference(together.Rows(sample, 1).Span, alone.Span) is { } difference) return difference;
                }
                isShown = DependsOnSample(together.Rows(0, 1).Span, together.Rows(samples - 1, 1).Span);
            }
            return isShown ? null : "it cannot be shown to keep samples apart: for drawn samples, "
                + "predictions are no finite numbers, or all the same";
        }
        catch (IndexException wrong)
        {
            return $"it cannot be shown to keep samples apart: for drawn samples, {wrong.Message}";
        }
    }

    private static string? Difference(ReadOnlySpan<double> together, ReadOnlySpan<double> alone)
    {
        var largest = 0.0;
        foreach (var element in alone)
        {
            if (double.IsFinite(element)) largest = Math.Max(largest, Math.Abs(element));
        }
        for (var i = 0; i < alone.Length; i++)
        {
            var (found, wanted) = (together[i], alone[i]);
            var agrees = double.IsFinite(found) && double.IsFinite(wanted)
                ? Math.Abs(found - wanted) <= Tolerance * largest : found.Equals(wanted);
            if (!agrees)
                return string.Create(CultureInfo.InvariantCulture,
                    $"the prediction for a sample depends on those beside it: {found:G6}, and alone {wanted:G6}");
        }
        return null;
    }

    private static bool DependsOnSample(ReadOnlySpan<double> first, ReadOnlySpan<double> last)
    {
        for (var i = 0; i < first.Length; i++)
        {
            if (double.IsFinite(first[i]) && double.IsFinite(last[i]) && first[i] != last[i]) return true;
        }
        return false;
    }

    // Inputs that are not of samples are the same in both graphs.
    private static Tensor<double> Alone(Tensor<double> leaf, Shape shape, int sample) =>
        leaf.Shape.Equals(shape) ? leaf : leaf.Rows(sample, 1);

    private Tensor<double> Draw(Vertex<double> leaf, int draw)
    {
        var random = new SeededRandom((ulong)draw, $"widening {leaf.Name}");
        var drawn = new Tensor<double>(leaf.Shape);
        var areWhole = isWhole(leaf.Name);
        foreach (ref var element in drawn.Writable)
        {
            element = areWhole ? random.NextUInt64() & 1 : random.NextGaussian();
            if (draw % 2 == 1) element = Math.Abs(element);
        }
        return drawn;
    }

    // A scale that begins at 0 would hide what training shows: what learns is moved, in both graphs alike.
    private static Tensor<double> Parameter(Vertex<double> vertex)
    {
        if (!vertex.Trainable) return vertex.Initial!;
        var random = new SeededRandom(0, $"moves {vertex.Name}");
        var moved = vertex.Initial!.Clone();
        foreach (ref var element in moved.Writable) element += random.NextGaussian() / Math.Sqrt(moved.Length);
        return moved;
    }

    private static Tensor<double> Forward(Graph<double> graph, Func<Vertex<double>, Tensor<double>> leaf)
    {
        var values = new Tensor<double>?[graph.Vertices.Count];
        var readers = new int[values.Length];
        foreach (var vertex in graph.Vertices)
        {
            readers[vertex.Id] = graph.Consumers(vertex.Id).Count;
            values[vertex.Id] = vertex.Kind switch
            {
                VertexKind.Data => leaf(vertex),
                VertexKind.Parameter => Parameter(vertex),
                _ => Predict(vertex),
            };
            foreach (var edge in graph.Inputs(vertex.Id))
            {
                if (--readers[edge.From] == 0) values[edge.From] = null;
            }
        }
        return values[graph.RootId]!;

        Tensor<double> Predict(Vertex<double> vertex)
        {
            var function = vertex.Function!;
            var edges = graph.Inputs(vertex.Id);
            if (function.IsDrawn) function = function.Drawn(null);
            else if (edges.Any(e => graph.Running(e.From) is not null)) function = function.ForUse;
            var result = new Tensor<double>(vertex.Shape);
            function.Predict([.. edges.Select(e => values[e.From]!)], result);
            return result;
        }
    }
}
