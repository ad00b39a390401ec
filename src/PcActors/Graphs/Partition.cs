using System.Numerics;

namespace PcActors.Graphs;

/// <summary>Splits dense and convolutional layers by output units into blocks, each a vertex with
/// weights of its own.</summary>
/// <remarks>An actor is serial: a wide layer in one vertex leaves a core idle. A block computes
/// its share of the units, which are a convolution's channels, through the layer's bias and activation, and a Concat
/// joins the blocks where the whole is read. A convolution with groups stays whole. Each unit's value has
/// the same bits as in the whole layer. The error of the layer's input is a sum over blocks, so its rounding depends on
/// their number: the partition is a property of the network, and never of the machine.</remarks>
public static class Partition
{
    /// <summary>Splits every layer into its <see cref="DefaultBlocks"/>.</summary>
    public const int Automatic = 0;

    private const int BlocksOfWideLayers = 2;
    private const int WideLayerWeights = 16_384;

    // A block gathers the columns of the whole input: below so many channels, and so much work,
    // that is most of what it does.
    private const int WideConvolutionChannels = 32;
    private const long WideConvolutionOperations = 1 << 20;

    /// <summary>Blocks of a dense layer when none are asked for: a function of the layer's extents alone.</summary>
    /// <param name="inputs">Input features.</param>
    /// <param name="units">Output units.</param>
    public static int DefaultBlocks(int inputs, int units) =>
        (long)inputs * units >= WideLayerWeights && units % BlocksOfWideLayers == 0 ? BlocksOfWideLayers : 1;

    /// <summary>Blocks of a convolution when none are asked for: a function of the layer's extents alone.</summary>
    /// <param name="operations">Floating-point operations of its prediction for one sample; a multiply-add counts as
    /// two.</param>
    /// <param name="channels">Output channels.</param>
    public static int DefaultConvolutionBlocks(long operations, int channels) =>
        operations >= WideConvolutionOperations && channels >= WideConvolutionChannels
            && channels % BlocksOfWideLayers == 0
            ? BlocksOfWideLayers
            : 1;

    /// <summary>The graph with its dense and convolutional layers split.</summary>
    /// <param name="graph">A graph that is not levelled yet.</param>
    /// <param name="blocks">Blocks a layer, at most one a unit; <see cref="Automatic"/> for
    /// the default, 1 for none.</param>
    /// <remarks>What is latent or free stays so; of a layer's inner vertices each block does. A graph with cycles
    /// stays whole.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The number of blocks is negative.</exception>
    /// <exception cref="GraphException">Blocks are asked for, and the graph has a cycle.</exception>
    public static Graph<T> Split<T>(Graph<T> graph, int blocks = Automatic)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        if (blocks > 1)
            GraphValidation.RequireAcyclic(graph, "a partition into blocks", "its layers stay whole with 1 block");
        if (graph.HasCycles) return graph;
        var layers = new Dictionary<int, (SplittableLayer<T> Layer, int Blocks)>();
        foreach (var vertex in graph.Vertices)
        {
            if (SplittableLayer<T>.Find(graph, vertex) is not { } layer) continue;
            var count = blocks == Automatic ? DefaultBlocks(layer) : Math.Min(blocks, layer.Units);
            if (count > 1) layers.Add(layer.Stages[^1].Id, (layer, count));
        }
        if (layers.Count == 0) return graph;

        var inside = layers.Values.SelectMany(l => l.Layer.Stages.Select(s => s.Id).Concat(l.Layer.ParameterIds))
            .ToHashSet();
        var builder = new GraphBuilder<T>();
        var nodes = new Node<T>[graph.Vertices.Count];
        foreach (var vertex in graph.Vertices)
        {
            if (layers.TryGetValue(vertex.Id, out var split))
                nodes[vertex.Id] = SplitLayer(graph, builder, nodes, split.Layer, split.Blocks);
            else if (!inside.Contains(vertex.Id)) nodes[vertex.Id] = Copy(graph, builder, nodes, vertex);
        }
        return builder.Build(nodes[graph.RootId]);
    }

    private static int DefaultBlocks<T>(SplittableLayer<T> layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => layer.IsConvolution
        ? DefaultConvolutionBlocks(layer.OperationsPerSample, layer.Units)
        : DefaultBlocks(layer.Terms, layer.Units);

    private static Node<T> Copy<T>(Graph<T> graph, GraphBuilder<T> builder, Node<T>[] nodes, Vertex<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => vertex.Kind switch
        {
            VertexKind.Data => builder.Data(vertex.Name, vertex.Shape, vertex.IsFree),
            VertexKind.Parameter => builder.Parameter(vertex.Name, vertex.Initial!, vertex.Trainable, vertex.Block),
            _ => builder.Apply(vertex.Function!, [.. graph.Inputs(vertex.Id).Select(e => nodes[e.From])], vertex.Name)
                .LatentIf(vertex.IsLatent),
        };

    private static Node<T> SplitLayer<T>(Graph<T> graph, GraphBuilder<T> builder, Node<T>[] nodes,
        SplittableLayer<T> layer, int blocks)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = new Node<T>[blocks];
        var last = layer.Stages[^1];
        for (var block = 0; block < blocks; block++)
        {
            var start = (int)((long)layer.Units * block / blocks);
            var count = (int)((long)layer.Units * (block + 1) / blocks) - start;
            foreach (var stage in layer.Stages)
            {
                var inputs = graph.Inputs(stage.Id).Select(e => layer.UnitAxis(e.From) switch
                {
                    { } axis => BlockOf(builder, graph.Vertices[e.From], axis, start, count, block),
                    null when layer.Stages.Any(s => s.Id == e.From) => parts[block],
                    null => nodes[e.From],
                });
                parts[block] = builder.Apply(stage.Function!, [.. inputs], $"{stage.Name}/{block}")
                    .LatentIf(stage.IsLatent && stage.Id != last.Id);
            }
        }
        return builder.Apply("Concat", parts, Functions.Attributes.Of(("axis", layer.ValueAxis)), last.Name)
            .LatentIf(last.IsLatent);
    }

    private static Node<T> BlockOf<T>(GraphBuilder<T> builder, Vertex<T> parameter, int axis, int start, int count,
        int block)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var corner = new int[parameter.Shape.Rank];
        corner[axis] = start;
        return ParameterBlocks.Cut(builder, parameter, $"{parameter.Name}/{block}", parameter.Shape.With(axis, count),
            corner);
    }
}
