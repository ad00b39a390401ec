using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>In which form an error travels along an edge, and what that is in bytes and in work: known
/// from the graph alone.</summary>
/// <param name="Terms">Products that are still to be carried out; 0 when the error is whole.</param>
/// <param name="IsSum">Whether it is a sum of products, of an identity that passes errors on.</param>
/// <param name="Bytes">Of all its tensors.</param>
/// <param name="Operations">Floating-point operations that are left to the receiver.</param>
internal readonly record struct ErrorForm(int Terms, bool IsSum, long Bytes, long Operations)
{
    /// <summary>The forms of a graph's errors: one for each of a vertex's input slots, by vertex. Slots
    /// without errors have none.</summary>
    /// <param name="graph">The graph that runs.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="clock">The clock: only under the wavefront do identities pass errors on
    /// without carrying sums out.</param>
    public static ErrorForm[][] Of<T>(Graph<T> graph, LearningRule rule, Clock clock)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var forms = new ErrorForm[graph.Vertices.Count][];
        for (var id = forms.Length - 1; id >= 0; id--)
        {
            var inputs = graph.Inputs(id);
            forms[id] = inputs.Count == 0 ? [] : new ErrorForm[inputs.Count];
            var joined = clock == Clock.Wavefront && PassesErrors(graph, id) ? Join(Received(graph, id, forms)) : null;
            for (var slot = 0; slot < inputs.Count; slot++)
            {
                if (!graph.CarriesError(inputs[slot])) continue;
                forms[id][slot] = joined ?? Own(graph, id, inputs[slot], rule.KeepsFactors);
            }
        }
        return forms;
    }

    /// <summary>The forms of the errors that come to a vertex, in canonical order.</summary>
    public static IReadOnlyList<ErrorForm> Received<T>(Graph<T> graph, int vertex, ErrorForm[][] forms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. graph.Consumers(vertex).Where(graph.CarriesError).Select(e => forms[e.To][e.Slot])];

    /// <summary>Whether a vertex passes errors on as they came, if they can be joined: see
    /// <see cref="WavefrontState{T}"/>.</summary>
    public static bool PassesErrors<T>(Graph<T> graph, int vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        graph.Inputs(vertex) is [var first, ..]
            && PassesErrors(graph.Vertices[vertex].Function, graph.DependsOnData(vertex), graph.CarriesError(first));

    /// <summary>Whether a vertex with a function passes errors on as they came.</summary>
    /// <param name="function">The function.</param>
    /// <param name="dependsOnData">Whether the vertex's value differs between micro-batches.</param>
    /// <param name="carriesError">Whether an error goes back to its first input.</param>
    public static bool PassesErrors<T>(ElementaryFunction<T>? function, bool dependsOnData, bool carriesError)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        !dependsOnData && function is Identity<T> && carriesError;

    /// <summary>Whether a pull-back travels as two factors, whose product the receiver carries out.</summary>
    /// <param name="function">The vertex's function.</param>
    /// <param name="slot">To which input.</param>
    /// <param name="shapes">The inputs' shapes.</param>
    /// <param name="dependsOnData">Whether that input depends on data: if so, the product
    /// is on the wave's path.</param>
    public static bool IsFactored<T>(
        ElementaryFunction<T> function, int slot, ReadOnlySpan<Shape> shapes, bool dependsOnData)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        !dependsOnData && !function.PassesError(slot, shapes) && function.CanFactor(slot, shapes);

    /// <summary>What <see cref="FactoredSum{T}.Join"/> makes of errors; null when the sum is carried out.</summary>
    public static ErrorForm? Join(IReadOnlyList<ErrorForm> errors)
    {
        if (errors.Count == 1) return errors[0];
        var sum = errors[0];
        foreach (var next in errors.Skip(1))
        {
            if (next.Terms != 1 || next.IsSum || sum.Terms == FactoredSum<float>.MaxTerms) return null;
            sum = new ErrorForm(sum.Terms + 1, true, sum.Bytes + next.Bytes, sum.Operations + next.Operations);
        }
        return sum;
    }

    private static ErrorForm Own<T>(Graph<T> graph, int vertex, Edge edge, bool factors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var function = graph.Vertices[vertex].Function!;
        var shapes = graph.InputShapes(vertex);
        long elements = shapes[edge.Slot].Length;
        if (!factors
            || !IsFactored(function, edge.Slot, shapes, graph.DependsOnData(edge.From) || graph.Moves(edge.From)))
            return new ErrorForm(0, false, elements * Unsafe.SizeOf<T>(), 0);
        // The factors of a product's pull-back are the other operand and the error.
        var shape = graph.Vertices[vertex].Shape;
        elements = (long)shapes[1 - edge.Slot].Length + shape.Length;
        return new ErrorForm(1, false, elements * Unsafe.SizeOf<T>(), function.PullBackCost(edge.Slot, shapes, shape));
    }
}
