using System.Numerics;
using System.Reflection;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Cluster.Wire;

/// <summary>What must hold of a record that has come from another node, beyond the types of its fields. A
/// check is a method here that takes the record.</summary>
internal static class Soundness
{
    // Micro-batches or timesteps.
    private const int Most = 1_000_000;

    private static readonly MethodInfo[] Checks = typeof(Soundness).GetMethods(
        BindingFlags.Static | BindingFlags.NonPublic);

    /// <summary>The check of a type of records; null when there is none.</summary>
    public static Action<TValue>? Of<TValue>()
    {
        var type = typeof(TValue);
        foreach (var check in Checks.Where(c => c.Name == nameof(Require)))
        {
            var checkedType = check.GetParameters()[0].ParameterType;
            if (checkedType == type) return check.CreateDelegate<Action<TValue>>();
            if (type.IsGenericType && checkedType.IsGenericType
                && checkedType.GetGenericTypeDefinition() == type.GetGenericTypeDefinition())
                return check.MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Action<TValue>>();
        }
        return null;
    }

    /// <summary>Whether a vertex is one: a function that predicts its shape from its inputs, a parameter with a value
    /// of its shape, or data.</summary>
    /// <exception cref="WireException">It is none.</exception>
    public static void RequireFit<T>(
        string name, VertexKind kind, Shape shape, Tensor<T>? value, ElementaryFunction<T>? function,
        ReadOnlySpan<Shape> inputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if ((function is not null) != (kind == VertexKind.Function)
            || (value is not null) != (kind == VertexKind.Parameter))
            throw new WireException($"the vertex '{name}' lacks what a vertex of its kind has, or has what none has");
        if (value is not null && !value.Shape.Equals(shape))
            throw new WireException($"the parameter '{name}' has a value of shape {value.Shape}; {shape} is wanted");
        if (function is null)
        {
            if (inputs.Length > 0) throw new WireException($"the leaf '{name}' has inputs");
            return;
        }
        if (inputs.Length < function.MinInputs || inputs.Length > function.MaxInputs)
            throw new WireException(
                $"the vertex '{name}' has {inputs.Length} inputs, and {function.OperatorType} takes another number");
        var inferred = function.InferShape(inputs);
        if (!inferred.Equals(shape))
            throw new WireException($"the vertex '{name}' should be {shape} and predicts {inferred}");
    }

    private static void RequireOne(string rule, params ReadOnlySpan<object?> choices)
    {
        var count = 0;
        foreach (var choice in choices) count += choice is null ? 0 : 1;
        if (count != 1) throw new WireException($"{rule}, and {count} of these have come");
    }

    private static void Require<T>(PullBack<T> error)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RequireOne("a pull-back is whole, a product or a sum", error.Whole, error.Factors, error.Sum);

    private static void Require<T>(DoneForm<T> done)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RequireOne("work has one result", done.Step, done.Prediction, done.Counts, done.Inference);

    // The products of other factors may have as many elements as are wanted, and mean something else.
    private static void Require<T>(FactoredProduct<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (m, k) = Extents(product.Left.Length, product.LeftRows, product.TransposeLeft);
        var (depth, n) = Extents(product.Right.Length, product.RightRows, product.TransposeRight);
        if (k != depth || (long)m * n != product.Shape.Length)
            throw new WireException($"factors [{m}, {k}] and [{depth}, {n}] have no product of shape {product.Shape}");
    }

    private static (int Rows, int Columns) Extents(int length, int rows, bool transposed)
    {
        if (rows < 0 || (rows == 0 ? length != 0 : length % rows != 0))
            throw new WireException($"{length} elements have no {rows} rows");
        var columns = rows == 0 ? 0 : length / rows;
        return transposed ? (columns, rows) : (rows, columns);
    }

    private static void Require<T>(SumParts<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (sum.Terms.Count is 0 or > FactoredSum<T>.MaxTerms)
            throw new WireException($"a sum of {sum.Terms.Count} products");
        var shape = sum.Terms[0].Shape;
        if (sum.Terms.Any(t => !t.Shape.Equals(shape)) || (sum.Start is { } start && !start.Shape.Equals(shape)))
            throw new WireException("a sum of terms of different shapes");
    }

    private static void Require<T>(ParameterSnapshot<T> state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (state.Updates < 0 || state.OptimizerState.Any(t => !t.Shape.Equals(state.Value.Shape)))
            throw new WireException($"a state that does not fit a parameter of shape {state.Value.Shape}");
    }

    // Arrays and loops are as long as these say.
    private static void Require(VertexOptions options)
    {
        if (options.MicroBatches is < 1 or > Most)
            throw new WireException($"there are {options.MicroBatches} micro-batches; 1 to {Most} are possible");
        if (options.InferenceSteps is < 0 or > Most)
            throw new WireException($"there are {options.InferenceSteps} timesteps; 0 to {Most} are possible");
        if (options.SettlingSteps is < 1 or > Most)
            throw new WireException($"there are {options.SettlingSteps} timesteps; 1 to {Most} are possible");
        if (options.Clock == Clock.Wavefront && !options.Rule.FitsWavefront)
            throw new WireException($"the rule '{options.Rule.Name}' does not run under the wavefront clock");
    }

    private static void Require<T>(VertexPlan<T> plan)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var vertex = plan.Description;
        if (plan.Inputs.Count != vertex.Inputs.Count || plan.Consumers.Count != vertex.Consumers.Count)
            throw new WireException($"the vertex '{vertex.Name}' has neighbours without a place");
        RequireFit(vertex.Name, vertex.Kind, vertex.Shape, vertex.Start?.Value, vertex.Function,
            [.. vertex.Inputs.Select(i => i.Shape)]);
    }

    private static void Require<T>(RunVertex<T> planned)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var slot = 0; slot < planned.Inputs.Count; slot++)
        {
            var edge = planned.Inputs[slot];
            if (edge.To != planned.Vertex.Id || edge.Slot != slot)
                throw new WireException(
                    $"the vertex '{planned.Vertex.Name}' has an edge {edge.Number} to another vertex or slot");
        }
    }

    private static void Require(RunTerms terms)
    {
        if (terms.Vertices < 1 || terms.Nodes < 1 || terms.MinNodes < 1 || terms.Step < 0
            || terms.Retries.MaxRetries < 0)
            throw new WireException(
                $"there is no run of {terms.Vertices} vertices on {terms.Nodes} nodes from step {terms.Step}");
        if (terms.Retries.Timeout <= TimeSpan.Zero)
            throw new WireException($"{terms.Retries.Timeout} is no time to wait");
        // Placing counts a vertex's work on a micro-batch there and back.
        if (2L * terms.Vertices * terms.Options.MicroBatches > Array.MaxLength)
            throw new WireException(
                $"{terms.Options.MicroBatches} micro-batches of {terms.Vertices} vertices fit no memory");
        if (terms.Patience <= TimeSpan.Zero) throw new WireException($"{terms.Patience} is no time to wait");
    }

    private static void Require<T>(Work<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (work.Kind == WorkKind.Step && work.Target is null) throw new WireException("a step without a target");
        if (work.Kind == WorkKind.Inference && work.Inference is null)
            throw new WireException("an inference of which nobody says what is clamped and read");
    }
}
