using MathNet.Numerics.Differentiation;
using PcActors.Graphs;
using PcActors.Onnx;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Tests.Onnx;

/// <summary>Nodes that the import composes of other operators: their derivatives, and how many vertices they
/// become.</summary>
public class Expansions
{
    private const double Tolerance = 1e-8;
    private const double Step = 1e-3;

    public static TheoryData<string> Cases => [.. ExpansionCase.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_pulled_back_through_all_of_it_is_the_derivative(string name)
    {
        var example = ExpansionCase.All.Single(c => c.Name == name);
        var model = example.Build(example.Extents).Model;
        foreach (var output in model.Outputs)
        {
            var graph = OnnxImport.ToGraph<double>(model, new OnnxImportOptions { Output = output.Name }).Graph;
            var leaves = graph.Vertices.Where(v => v.Function is null).ToDictionary(v => v.Id, v => Value(v, name));
            var values = Forward(graph, leaves);
            var error = Draw(values[graph.RootId].Shape, $"{name} {output.Name} error");
            var pulled = Backward(graph, values, error);
            foreach (var (id, pull) in pulled.Where(p => graph.Vertices[p.Key].Function is null))
                AssertNear(Differences(graph, leaves, id, error), pull, $"{name}: {graph.Vertices[id].Name}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Vertices_and_levels_are_linear_in_every_extent(string name)
    {
        var example = ExpansionCase.All.Single(c => c.Name == name);
        for (var axis = 0; axis < example.Extents.Length; axis++)
        {
            var sizes = ((int[])[1, 2, 4]).Select(factor => Size(example, axis, factor)).ToArray();
            Assert.True(sizes[2].Vertices - sizes[1].Vertices <= 2 * (sizes[1].Vertices - sizes[0].Vertices),
                $"vertices along extent {axis}: {string.Join(", ", sizes)}");
            Assert.True(sizes[2].Levels - sizes[1].Levels <= 2 * (sizes[1].Levels - sizes[0].Levels),
                $"levels along extent {axis}: {string.Join(", ", sizes)}");
        }
    }

    /// <summary>Of the levelled graph.</summary>
    private static (int Vertices, int Levels) Size(ExpansionCase example, int axis, int factor)
    {
        int[] extents = [.. example.Extents.Select((e, i) => i == axis ? e * factor : e)];
        var model = example.Build(extents).Model;
        var options = new OnnxImportOptions { Output = model.Outputs[0].Name };
        var graph = Levelling.Level(OnnxImport.ToGraph<double>(model, options).Graph);
        return (graph.Vertices.Count, graph.Vertices.Max(v => graph.Level(v.Id)));
    }

    private static Tensor<double> Value(Vertex<double> leaf, string seed) =>
        leaf.Initial ?? Draw(leaf.Shape, $"{seed} {leaf.Name}");

    private static Tensor<double> Draw(Shape shape, string seed)
    {
        var random = new SeededRandom(11, seed);
        var tensor = new Tensor<double>(shape);
        for (var i = 0; i < tensor.Length; i++) tensor.Writable[i] = (2 * random.NextDouble()) - 1;
        return tensor;
    }

    private static Tensor<double>[] Forward(Graph<double> graph, Dictionary<int, Tensor<double>> leaves)
    {
        var values = new Tensor<double>[graph.Vertices.Count];
        foreach (var vertex in graph.Vertices)
        {
            values[vertex.Id] = leaves.GetValueOrDefault(vertex.Id) ?? new Tensor<double>(vertex.Shape);
            vertex.Function?.Predict(Inputs(graph, values, vertex), values[vertex.Id]);
        }
        return values;
    }

    private static Tensor<double>[] Inputs(Graph<double> graph, Tensor<double>[] values, Vertex<double> vertex) =>
        [.. graph.Inputs(vertex.Id).Select(e => values[e.From])];

    private static Dictionary<int, Tensor<double>> Backward(
        Graph<double> graph, Tensor<double>[] values, Tensor<double> error)
    {
        var errors = new Dictionary<int, Tensor<double>> { [graph.RootId] = error };
        foreach (var vertex in graph.Vertices.Reverse().Where(v => v.Function is not null))
        {
            if (!errors.TryGetValue(vertex.Id, out var own)) continue;
            var inputs = Inputs(graph, values, vertex);
            foreach (var (slot, edge) in graph.Inputs(vertex.Id).Index())
            {
                if (!vertex.Function!.IsDifferentiable(slot)) continue;
                var pulled = new Tensor<double>(values[edge.From].Shape);
                vertex.Function.PullBack(slot, inputs, values[vertex.Id], own, pulled);
                if (errors.TryGetValue(edge.From, out var sum))
                    TensorPrimitives.Add(sum.Span, pulled.Span, sum.Writable);
                else errors[edge.From] = pulled;
            }
        }
        return errors;
    }

    /// <summary>The derivative of &lt;error, root&gt; by each element of a leaf.</summary>
    private static double[] Differences(
        Graph<double> graph, Dictionary<int, Tensor<double>> leaves, int leaf, Tensor<double> error)
    {
        var moved = new Dictionary<int, Tensor<double>>(leaves) { [leaf] = leaves[leaf].Clone() };
        var derivative = new NumericalDerivative(5, 2) { StepType = StepType.Absolute, StepSize = Step };
        var at = leaves[leaf].Span.ToArray();
        return [.. at.Select((_, i) => derivative.EvaluatePartialDerivative(Project, at, i, 1))];

        double Project(double[] x)
        {
            x.CopyTo(moved[leaf].Writable);
            return TensorPrimitives.Dot(error.Span, Forward(graph, moved)[graph.RootId].Span);
        }
    }

    private static void AssertNear(double[] expected, Tensor<double> found, string what)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var near = Math.Abs(expected[i] - found.Span[i]) <= Tolerance * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(near, $"{what}: element {i} is {found.Span[i]:R}; {expected[i]:R} is right");
        }
    }
}
