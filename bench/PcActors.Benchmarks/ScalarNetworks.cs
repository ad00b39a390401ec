using System.Globalization;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Benchmarks;

/// <summary>Networks of many vertices with one number each, in which nearly all time goes to messages.</summary>
internal static class ScalarNetworks
{
    // One sample with one feature: the loss wants a batch axis.
    private static readonly Shape One = new(1, 1);

    /// <summary>A lattice: in each row every cell takes tanh of the weighted sum of two
    /// neighbours in the row before; the last row is summed.</summary>
    /// <param name="vertices">About how many vertices.</param>
    public static Graph<float> Lattice(int vertices)
    {
        const int Width = 20;
        const int VerticesPerCell = 6;
        var builder = new GraphBuilder<float>();
        var input = builder.Data("input", One);
        var row = new Node<float>[Width];
        for (var cell = 0; cell < Width; cell++) row[cell] = input * Weight(builder, "first", 0, cell);
        var rows = Math.Max((vertices - (3 * Width)) / (VerticesPerCell * Width), 1);
        for (var number = 1; number <= rows; number++)
        {
            var next = new Node<float>[Width];
            for (var cell = 0; cell < Width; cell++)
            {
                var own = row[cell] * Weight(builder, "own", number, cell);
                var neighbour = row[(cell + 1) % Width] * Weight(builder, "neighbour", number, cell);
                next[cell] = (own + neighbour).Tanh();
            }
            row = next;
        }
        return builder.Build(row.Aggregate((a, b) => a + b));
    }

    /// <summary>A chain: a product with a weight of its own and a tanh, over and over.</summary>
    /// <param name="vertices">About how many vertices.</param>
    public static Graph<float> Chain(int vertices)
    {
        var builder = new GraphBuilder<float>();
        var link = builder.Data("input", One);
        for (var number = 0; number < vertices / 3; number++) link = (link * Weight(builder, "link", number, 0)).Tanh();
        return builder.Build(link);
    }

    /// <summary>Z-IL on actors.</summary>
    public static Network<float> Start(Graph<float> graph) => Network<float>.StartAsync(
        graph,
        new NetworkOptions
        {
            Loss = Loss.SquaredError,
            Optimizer = new Sgd(0.01),
            StepTimeout = TimeSpan.FromMinutes(10)
        })
        .GetAwaiter().GetResult();

    /// <summary>One sample.</summary>
    public static Batch<float> Fill(Batch<float> batch)
    {
        batch.Inputs[0].Writable.Fill(0.5f);
        batch.Target.Writable.Fill(1);
        return batch;
    }

    private static Node<float> Weight(GraphBuilder<float> builder, string kind, int row, int cell) => builder.Parameter(
        string.Create(CultureInfo.InvariantCulture, $"{kind}{row}.{cell}"), Tensor<float>.From(One, [0.5f]));
}
