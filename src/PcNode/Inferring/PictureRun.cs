using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Training;
using PcNode.Drawing;
using PcNode.Networks;

namespace PcNode.Inferring;

/// <summary>A trained network and the arrays that it was trained on.</summary>
internal sealed class PictureRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _network;
    private readonly IReadOnlyList<string> _images;
    private readonly FedArrays<T> _arrays;
    private readonly Batch<T> _fed;
    private readonly List<string> _names;
    private readonly List<string> _labels;
    private readonly double _black;
    private readonly double _white;

    public PictureRun(
        Network<T> network, BuiltNetwork<T> built, Feed feed, IReadOnlyList<string> images, Dataset<T> data)
    {
        (_network, _images, Data) = (network, images, data);
        // Batches as in training.
        var clamped = feed.Inputs.Keys.Where(n => built.Graph.Find(n) is not { Kind: VertexKind.Data, IsFree: false })
            .ToList();
        _fed = new Batch<T>(built.Graph, network.Loss, network.NewBatch().MicroBatches, clamped);
        _arrays = new FedArrays<T>(feed, built.Graph, _fed, data);
        _names = [.. _fed.Clamped.Select(id => built.Graph.Vertices[id].Name)];
        bool AreClasses(string array) => data.ClassCount > 0 && SampleArray<T>.IsTarget(data, array);
        _labels = [.. feed.Inputs.Where(i => AreClasses(i.Value)).Select(i => i.Key)];
        if (AreClasses(feed.Target)) _labels.Add(built.Graph.Root.Name);
        (_black, _white) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var element in data.Features.Span)
        {
            var value = double.CreateTruncating(element);
            (_black, _white) = (Math.Min(_black, value), Math.Max(_white, value));
        }
        if (_white <= _black) _white = _black + 1;
    }

    public Dataset<T> Data { get; }

    public int Batch => _fed.Size;

    /// <summary>Images for the classes from one on, over and over.</summary>
    public async Task<Tensor<T>> GenerateAsync(int firstClass)
    {
        Fill(row => row % Data.Count);
        var clamps = Clamps();
        foreach (var name in _labels) WriteClasses(clamps[name].Value!, firstClass);
        foreach (var image in _images) clamps.Remove(image);
        return await ReadAsync(clamps).ConfigureAwait(false);
    }

    /// <summary>Samples, their first halves, and the whole as it is recalled from these.</summary>
    public async Task<(Tensor<T> Whole, Tensor<T> Shown, Tensor<T> Recalled)> RecallAsync(int first)
    {
        Fill(row => (first + row) % Data.Count);
        var clamps = Clamps();
        var whole = clamps[_images[^1]].Value!.Clone();
        var (mask, start, shown) = (new Tensor<T>(whole.Shape), new Tensor<T>(whole.Shape), whole.Clone());
        var plane = Data.SampleShape.Rank == 3 ? Data.SampleShape[1] * Data.SampleShape[2] : Data.SampleShape.Length;
        for (var i = 0; i < whole.Length; i++)
        {
            if (i % plane < plane / 2) (mask.Writable[i], start.Writable[i]) = (T.One, whole.Span[i]);
            else shown.Writable[i] = T.CreateTruncating(_black);
        }
        foreach (var image in _images)
        {
            var shape = clamps[image].Value!.Shape;
            clamps[image] = new Clamp<T>(start.Reshape(shape), mask.Reshape(shape));
        }
        var recalled = (await ReadAsync(clamps).ConfigureAwait(false)).Clone();
        for (var i = 0; i < whole.Length; i++)
        {
            if (mask.Span[i] != T.Zero) recalled.Writable[i] = whole.Span[i];
        }
        return (whole, shown, recalled);
    }

    public Picture PictureOf(Tensor<T> images, int row) =>
        Picture.Of(Row(images, row), Data.SampleShape, _black, _white);

    /// <summary>The mean squared error of an image; what lies beyond the data's range counts as its end.</summary>
    public double ErrorOf(Tensor<T> whole, Tensor<T> recalled, int row)
    {
        var (a, b, sum) = (Row(whole, row).ToArray(), Row(recalled, row).ToArray(), 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            var found = Math.Clamp(double.CreateTruncating(b[i]), _black, _white);
            sum += Math.Pow((double.CreateTruncating(a[i]) - found) / (_white - _black), 2);
        }
        return sum / a.Length;
    }

    private ReadOnlySpan<T> Row(Tensor<T> images, int row) =>
        images.Span.Slice(row * Data.SampleShape.Length, Data.SampleShape.Length);

    private async Task<Tensor<T>> ReadAsync(Dictionary<string, Clamp<T>> clamps)
    {
        var inference = await _network.InferAsync(clamps, [_images[^1]]).ConfigureAwait(false);
        return inference.Values[_images[^1]];
    }

    private void WriteClasses(Tensor<T> labels, int first)
    {
        var length = labels.Length / Batch;
        var encoding = length == Data.ClassCount ? TargetEncoding.OneHot : TargetEncoding.ClassIndex;
        for (var row = 0; row < Batch; row++)
            Targets.Write(encoding, (first + row) % Data.ClassCount, row, Data.ClassCount, labels.Writable);
    }

    private void Fill(Func<int, int> sampleOf) =>
        _arrays.Fill([.. Enumerable.Range(0, Batch).Select(sampleOf)], _fed);

    private Dictionary<string, Clamp<T>> Clamps()
    {
        var clamps = _names.Index().ToDictionary(n => n.Item, n => new Clamp<T>(_fed.Inputs[n.Index]),
            StringComparer.Ordinal);
        clamps.Add(_network.Graph.Root.Name, new Clamp<T>(_fed.Target));
        return clamps;
    }
}
