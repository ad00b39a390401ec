using PcActors.Graphs;

namespace PcActors.Tests.Graphs;

/// <summary>What properties over random graphs rest on: that everything worth testing occurs, and often.</summary>
public class RandomGraphProperties
{
    private const int Graphs = 500;

    private static readonly List<Graph<double>> Drawn = [
        .. Enumerable.Range(0, Graphs).Select(seed => RandomGraph<double>.Create((ulong)seed))];

    [Fact]
    public void Every_operator_occurs_and_in_most_of_them_with_an_error()
    {
        string[] wanted =
        [
            "MatMul", "Gemm", "Add", "Sub", "Mul", "Div", "Neg", "Tanh", "Sigmoid", "Relu", "Exp", "Softmax",
            "LogSoftmax",
            "ReduceSum", "ReduceMean", "Reshape", "Flatten", "Transpose", "Concat", "Slice", "Identity", "Gate",
        ];
        var counts = Drawn.SelectMany(g => g.Vertices.Where(v => v.Function is not null && g.RequiresError(v.Id)))
            .CountBy(v => v.Function!.OperatorType).ToDictionary();
        Assert.All(wanted,
            name =>
                Assert.True(counts.GetValueOrDefault(name) > Graphs / 20,
                    $"{name} occurs {counts.GetValueOrDefault(name)} times"));
    }

    [Fact]
    public void Skips_sharing_repeated_inputs_static_vertices_and_constants_occur()
    {
        Occurs("an edge that skips levels", g => !g.IsLevelled);
        Occurs("a chain of several identities", g => Levelling.Level(g).IdentityCount >= 3);
        Occurs("a shared parameter", g => g.Parameters.Any(p => p.Trainable && g.Consumers(p.Id).Count > 1));
        Occurs("a repeated input",
            g => g.Vertices.Any(v => g.Inputs(v.Id).Select(e => e.From).Distinct().Count() < g.Inputs(v.Id).Count));
        Occurs("a parameter behind a vertex that no data lead to",
            g => g.Vertices.Any(v => v.Function is not null && !g.DependsOnData(v.Id) && g.RequiresError(v.Id)));
        Occurs("a constant", g => g.Parameters.Any(p => !p.Trainable));
        Occurs("a vertex that needs no error",
            g => g.Vertices.Any(v => v.Function is not null && !g.RequiresError(v.Id)));
        Occurs("data read at several levels",
            g => g.DataLeaves.Any(d => g.Consumers(d.Id).Select(e => g.Level(e.To)).Distinct().Count() > 1));
        Occurs("several data leaves", g => g.DataLeaves.Count() > 1);
    }

    [Fact]
    public void The_same_seed_gives_the_same_graph()
    {
        var again = RandomGraph<double>.Create(17);
        Assert.Equal(Drawn[17].Vertices.Select(v => v.ToString()), again.Vertices.Select(v => v.ToString()));
        Assert.Equal(Drawn[17].Edges, again.Edges);
    }

    private static void Occurs(string what, Func<Graph<double>, bool> holds)
    {
        var count = Drawn.Count(holds);
        Assert.True(count >= Graphs / 20, $"{what} occurs in {count} of {Graphs} graphs");
    }
}
