using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Training;

/// <summary>Fills batches with a data set's arrays, as a feed says, after making sure that they fit.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class FedArrays<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SampleArray<T>[] _inputs;
    private readonly SampleArray<T>? _target;

    /// <summary>The arrays of a network.</summary>
    /// <param name="feed">Who gets what.</param>
    /// <param name="graph">The network, as batches are made for it.</param>
    /// <param name="batch">One of its batches.</param>
    /// <param name="data">What the arrays are of.</param>
    /// <param name="isForUse">Whether nothing is learnt from them, so that classes may be missing.</param>
    /// <exception cref="DataException">An array does not fit, or is missing.</exception>
    /// <exception cref="ArgumentException">The feed names a vertex that gets no array.</exception>
    public FedArrays(Feed feed, Graph<T> graph, Batch<T> batch, Dataset<T> data, bool isForUse = false)
        : this(feed, graph, batch, data, batch.Samples)
    {
        _target = batch.TakesTarget ? FedTarget<T>.Of(feed, graph.Root, batch, data, isForUse) : null;
        if (!batch.TakesTarget) return;
        if (batch.Loss.TakesClassesFor(graph.Root.Shape))
            Classes = PredictedClasses<T>.OfTarget(graph.Root.Shape, batch);
        else if (data.ClassCount > 0 && SampleArray<T>.IsTarget(data, feed.Target)
            && batch.Target.Length / batch.Samples > 1) Classes = PredictedClasses<T>.OfOneHot(batch);
        PredictsFeatures = IsFeatures(feed.Target, data);
        TakesFeatures |= PredictsFeatures;
    }

    private FedArrays(Feed feed, Graph<T> graph, Batch<T> batch, Dataset<T> data, int size)
    {
        var clamped = batch.Clamped.Select(id => graph.Vertices[id]).ToList();
        foreach (var name in feed.Inputs.Keys)
        {
            var vertex = graph.Find(name);
            if (clamped.Contains(vertex)) continue;
            throw new ArgumentException(vertex.Id == graph.RootId
                ? $"the vertex '{name}' is the root; what it gets is the feed's target"
                : vertex is { Kind: VertexKind.Data, IsFree: true }
                    ? $"the data leaf '{name}' is free in training, and gets no array"
                    : $"the vertex '{name}' is not clamped in training, and gets no array");
        }
        foreach (var (vertex, tensor) in clamped.Zip(batch.Inputs))
        {
            if (tensor.Shape.Rank > 0 && tensor.Shape[0] == size) continue;
            throw new DataException(data.Name, "an array of a row for each sample",
                $"{Words(vertex)} has the shape {tensor.Shape} for {size} samples");
        }
        var names = clamped.ConvertAll(vertex => ArrayOf(feed, clamped, vertex, data));
        _inputs = [.. clamped.Select((vertex, place) => SampleArray<T>.Of(data, names[place],
            Words(vertex), vertex.Shape, batch.Inputs[place].Length / size))];
        TakesFeatures = names.Exists(name => IsFeatures(name, data));
    }

    /// <summary>The arrays of a network's inputs alone: nothing is asked of the target.</summary>
    /// <exception cref="DataException">An array does not fit, or is missing.</exception>
    /// <exception cref="ArgumentException">The feed names a vertex that gets no array.</exception>
    public static FedArrays<T> OfInputs(Feed feed, Graph<T> graph, Batch<T> batch, Dataset<T> data) =>
        new(feed, graph, batch, data,
            batch.Inputs is [{ Shape: { Rank: > 0 } shape }, ..] ? shape[0] : batch.Samples);

    /// <summary>Whether anything is fed the data set's features.</summary>
    public bool TakesFeatures { get; }

    /// <summary>Whether the root is fed the data set's features.</summary>
    public bool PredictsFeatures { get; }

    /// <summary>The classes that the root is fed, so that an accuracy can be measured; null where it is fed
    /// none.</summary>
    public PredictedClasses<T>? Classes { get; }

    /// <summary>Fills a batch.</summary>
    /// <param name="samples">As many numbers of samples as the batch has rows.</param>
    /// <param name="batch">Receives them; one like that which the arrays were made for.</param>
    public void Fill(ReadOnlySpan<int> samples, Batch<T> batch)
    {
        for (var place = 0; place < _inputs.Length; place++) Fill(samples, _inputs[place], batch.Inputs[place]);
        if (_target is not null) Fill(samples, _target, batch.Target);
    }

    private static void Fill(ReadOnlySpan<int> samples, SampleArray<T> array, Tensor<T> tensor)
    {
        var rows = tensor.Writable;
        var length = tensor.Length / samples.Length;
        for (var row = 0; row < samples.Length; row++)
            array.Write(samples[row], rows.Slice(row * length, length));
    }

    private static bool IsFeatures(string name, Dataset<T> data) =>
        name == Feed.Features || name == data.FeaturesName;

    private static string ArrayOf(Feed feed, List<Vertex<T>> clamped, Vertex<T> vertex, Dataset<T> data)
    {
        var leaves = clamped.Count(v => v.Kind == VertexKind.Data);
        var array = feed.ArrayOf(vertex.Name, leaves);
        if (feed.Inputs.ContainsKey(vertex.Name) || array == Feed.Features
            || SampleArray<T>.Find(data, array) is not null) return array;
        throw vertex.Kind == VertexKind.Data && feed.Inputs.Count == 0
            ? new DataException(data.Name, $"one input a sample, and the network has {leaves} data leaves",
                "say which array each of them gets")
            : new DataException(data.Name, $"no array for {Words(vertex)}", "say which one it gets, or let it be free");
    }

    private static string Words(Vertex<T> vertex) =>
        $"the network's {(vertex.Kind == VertexKind.Data ? "data leaf" : "vertex")} '{vertex.Name}'";
}
