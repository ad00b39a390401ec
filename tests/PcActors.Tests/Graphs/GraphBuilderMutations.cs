using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Tests.Graphs;

/// <summary>Graphs that are wrong in one place: the error names the vertex and says what was found there.</summary>
public class GraphBuilderMutations
{
    private static readonly Shape Matrix = new(2, 3);

    [Fact]
    public void No_vertices() => Refused(null, b => b.Build(), "no vertices");

    [Fact]
    public void A_cycle() => Refused(
        "a",
        builder =>
        {
            builder.Data("x", Matrix);
            builder.Declare("a", "Add", ["x", "c"]);
            builder.Declare("b", "Tanh", ["a"]);
            builder.Declare("c", "Neg", ["b"]);
            builder.Declare("out", "Tanh", ["c"]);
            builder.Build();
        },
        "cycle", "'a'", "a -> b -> c -> a");

    [Fact]
    public void A_vertex_that_reads_itself() => Refused(
        "a",
        builder =>
        {
            builder.Data("x", Matrix);
            builder.Declare("a", "Add", ["x", "a"]);
            builder.Build();
        },
        "cycle", "a -> a");

    [Fact]
    public void A_missing_input() => Refused(
        "a",
        builder =>
        {
            builder.Data("x", Matrix);
            builder.Declare("a", "Add", ["x", "nowhere"]);
            builder.Build();
        },
        "'nowhere'");

    [Fact]
    public void Shapes_that_do_not_fit_as_they_are_applied() =>
        Refused("product", b => b.Data("x", Matrix).MatMul(b.Data("y", Matrix), "product"), "[2, 3]", "MatMul");

    [Fact]
    public void Shapes_that_do_not_fit_as_they_are_declared() => Refused(
        "product",
        builder =>
        {
            builder.Declare("product", "MatMul", ["x", "y"]);
            builder.Data("x", Matrix);
            builder.Data("y", Matrix);
            builder.Build();
        },
        "[2, 3]", "MatMul");

    [Fact]
    public void Several_roots() => Refused(
        "second",
        builder =>
        {
            var x = builder.Data("x", Matrix);
            x.Tanh("first");
            x.Relu("second");
            builder.Build();
        },
        "2 roots", "'first'", "'second'");

    [Fact]
    public void A_vertex_that_does_not_reach_the_root() => Refused(
        "loose",
        builder =>
        {
            var x = builder.Data("x", Matrix);
            x.Relu("loose");
            builder.Build(x.Tanh("out"));
        },
        "does not reach the root 'out'");

    [Fact]
    public void A_parameter_that_nothing_reads() => Refused(
        "theta",
        builder =>
        {
            builder.Parameter("theta", new Tensor<double>(Matrix));
            builder.Build(builder.Data("x", Matrix).Tanh("out"));
        },
        "does not reach the root 'out'");

    [Fact]
    public void A_root_that_another_vertex_reads() => Refused(
        "inner",
        builder =>
        {
            var inner = builder.Data("x", Matrix).Tanh("inner");
            inner.Relu("out");
            builder.Build(inner);
        },
        "cannot be the root", "'out' reads it");

    [Fact]
    public void A_root_of_another_graph() => Refused(
        "stranger",
        builder =>
        {
            var stranger = new GraphBuilder<double>().Data("y", Matrix).Tanh("stranger");
            builder.Data("x", Matrix).Tanh("out");
            builder.Build(stranger);
        },
        "another graph");

    [Fact]
    public void A_root_that_is_a_leaf() => Refused("x", builder => builder.Build(builder.Data("x", Matrix)), "leaf");

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_name(string name) => Refused(null, builder => builder.Data(name, Matrix), "empty name");

    [Fact]
    public void A_name_that_is_taken() => Refused(
        "x",
        builder =>
        {
            builder.Data("x", Matrix);
            builder.Parameter("x", new Tensor<double>(Matrix));
        },
        "'x'", "unique");

    [Fact]
    public void Too_few_inputs_and_too_many()
    {
        Refused("sum", b => b.Apply("Add", [b.Data("x", Matrix)], name: "sum"), "has 1 inputs", "takes 2");
        Refused(
            "tanh",
            builder =>
            {
                builder.Data("x", Matrix);
                builder.Declare("tanh", "Tanh", ["x", "x"]);
                builder.Build();
            },
            "has 2 inputs", "takes 1");
        Refused("gemm", b => b.Apply("Gemm", [b.Data("x", Matrix)], name: "gemm"), "takes 2 to 3");
        Refused("concat", b => b.Apply("Concat", [], Attributes.Of(("axis", 0)), "concat"), "at least 1");
    }

    [Fact]
    public void An_unknown_operator() =>
    Refused("odd", b => b.Apply("Tahn", [b.Data("x", Matrix)], name: "odd"), "'Tahn'", "Tanh");

    [Fact]
    public void An_unknown_attribute() =>
        Refused("odd", b => b.Apply("Softmax", [b.Data("x", Matrix)], Attributes.Of(("axes", 1)), "odd"), "'axes'");

    [Fact]
    public void A_vertex_of_another_graph() =>
        Refused("sum", b => b.Data("x", Matrix).Add(new GraphBuilder<double>().Data("stranger", Matrix), "sum"),
            "'stranger'", "another graph");

    [Fact]
    public void A_dense_layer_on_something_that_is_no_matrix() =>
        Refused("layer", b => b.Data("x", new Shape(2, 3, 4)).Dense("layer", 5), "'layer'", "[2, 3, 4]");

    [Fact]
    public void A_vertex_that_a_graph_does_not_have()
    {
        var builder = new GraphBuilder<double>();
        var graph = builder.Build(builder.Data("x", Matrix).Tanh());
        var refusal = Assert.Throws<GraphException>(() => graph.Find("nowhere"));
        Assert.Contains("'nowhere'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_vertex_leaves_the_builder_as_it_was()
    {
        var builder = new GraphBuilder<double>();
        var x = builder.Data("x", Matrix);
        Assert.Throws<GraphException>(() => x.MatMul(x, "product"));
        var graph = builder.Build(x.Multiply(x, "product"));
        Assert.Equal(2, graph.Vertices.Count);
    }

    private static void Refused(string? vertex, Action<GraphBuilder<double>> build, params string[] words)
    {
        var refusal = Assert.Throws<GraphException>(() => build(new GraphBuilder<double>()));
        Assert.Equal(vertex, refusal.Vertex);
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', refusal.Message);
        if (vertex is not null) Assert.Contains($"'{vertex}'", refusal.Message, StringComparison.Ordinal);
    }
}
