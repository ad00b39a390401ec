using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Training;

/// <summary>Measures a network on a test set, batch by batch.</summary>
/// <remarks>A graph has one batch size. A micro-batch that the test set does not fill is filled up with
/// its own samples, over and over, whose further outputs are not counted. Where they come out even, moments over the
/// micro-batch are those over its samples. Else a network whose prediction for a sample depends on those beside it
/// would have another accuracy with another batch size, which is told. A free energy is one of a whole batch: there the
/// rest is left out, which is told, too.</remarks>
internal sealed class TestMeasure<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly INetwork<T> _network;
    private readonly Dataset<T> _test;
    private readonly Feed _feed;
    private readonly Batch<T> _batch;
    private readonly PaddedBatches<T> _batches;
    private readonly Action<string>? _notice;
    private readonly PredictedClasses<T>? _classes;
    private bool _hasLooked;

    /// <summary>The measure that fits a feed.</summary>
    /// <param name="network">The network.</param>
    /// <param name="test">The test set.</param>
    /// <param name="feed">Which array each vertex gets.</param>
    /// <param name="batch">A batch to fill.</param>
    /// <param name="notice">Told, once, what is not as one would think.</param>
    /// <exception cref="DataException">The data do not fit the network.</exception>
    /// <exception cref="ArgumentException">The vertex to be classified gets no labels, or cannot be free.</exception>
    public TestMeasure(INetwork<T> network, Dataset<T> test, Feed feed, Batch<T> batch, Action<string>? notice)
    {
        (_network, _test, _feed, _batch, _notice) = (network, test, feed, batch, notice);
        var arrays = new FedArrays<T>(feed, network.Graph, batch, test);
        _batches = new PaddedBatches<T>(network, batch, batch.Samples, test.Count,
            (samples, b) => arrays.Fill(samples, b));
        _classes = arrays.Classes;
        Kind = feed.Classify is { } name ? Classified(name)
            : _classes is not null ? TestMeasureKind.Accuracy
            : Settles ? TestMeasureKind.FreeEnergy
            : TestMeasureKind.PredictionLoss;
    }

    /// <summary>What is measured.</summary>
    public TestMeasureKind Kind { get; }

    // Whether the score is one of whole batches, of which a part cannot be told.
    private bool IsOfBatches => Kind == TestMeasureKind.FreeEnergy || _batch.Size != _batch.Samples;

    // Whether the prediction from the leaves alone is not what training is about.
    private bool Settles => _network.RunGraph.DataLeaves.Any(v => v.IsFree)
        || _batch.Clamped.Any(id => _network.Graph.Vertices[id].Kind != VertexKind.Data);

    /// <summary>Measures.</summary>
    public async Task<TestScore> MeasureAsync()
    {
        if (!_hasLooked) Look();
        _hasLooked = true;
        var (right, loss, counted) = (0L, 0.0, 0);
        foreach (var start in _batches.Starts)
        {
            if (IsOfBatches && start > 0 && _test.Count - start < _batch.Samples) break;
            var count = _batches.Fill(start);
            counted += count;
            switch (Kind)
            {
                case TestMeasureKind.FreeEnergy:
                    loss += (await _network.InferAsync(Clamps(), []).ConfigureAwait(false)).Record.FreeEnergy * count;
                    break;
                case TestMeasureKind.InferredAccuracy:
                    var name = _feed.Classify!;
                    var settled = await _network.InferAsync(Clamps(name), [name]).ConfigureAwait(false);
                    right += RightOf(settled.Values[name], start, count);
                    break;
                case TestMeasureKind.PredictionLoss:
                    loss += LossOf(await _network.PredictAsync(_batch).ConfigureAwait(false), count);
                    break;
                default:
                    right += RightIn(await _network.PredictAsync(_batch).ConfigureAwait(false), start, count);
                    break;
            }
        }
        return Kind switch
        {
            TestMeasureKind.Accuracy => new TestScore((double)right / counted / _classes!.Positions, double.NaN),
            TestMeasureKind.InferredAccuracy => new TestScore((double)right / counted, double.NaN),
            _ => new TestScore(double.NaN, loss / counted),
        };
    }

    private TestMeasureKind Classified(string name)
    {
        var (graph, vertex) = (_network.RunGraph, _network.RunGraph.Find(name));
        var isRoot = vertex.Id == graph.RootId;
        var array = isRoot ? _feed.Target : _feed.Inputs.GetValueOrDefault(name);
        if (array is null || !SampleArray<T>.IsTarget(_test, array))
            throw new ArgumentException(
                $"the vertex '{name}' gets no labels in training, so there is no accuracy of what it settles at");
        if (_test.ClassCount == 0)
            throw new DataException(_test.Name, $"'{name}' gets numbers, and not one class a sample",
                "the vertex that is classified gets classes");
        if (!isRoot && vertex is { IsLatent: false, IsFree: false })
            throw new ArgumentException(
                $"the data leaf '{name}' is not free outside training; make it free, and name it as clamped");
        return TestMeasureKind.InferredAccuracy;
    }

    /// <summary>All that training clamps, but for one vertex.</summary>
    private Dictionary<string, Clamp<T>> Clamps(string? but = null)
    {
        var clamps = new Dictionary<string, Clamp<T>>(StringComparer.Ordinal);
        foreach (var (place, id) in _batch.Clamped.Index())
            clamps.Add(_network.Graph.Vertices[id].Name, new Clamp<T>(_batch.Inputs[place]));
        clamps.Add(_network.Graph.Root.Name, new Clamp<T>(_batch.Target));
        if (but is not null) clamps.Remove(but);
        return clamps;
    }

    private double LossOf(Tensor<T> prediction, int count)
    {
        var losses = new double[_batch.Size];
        _network.Loss.Evaluate(prediction, _batch.Target, losses, new Tensor<T>(prediction.Shape));
        return IsOfBatches ? losses.Average() * count : losses.Take(count).Sum();
    }

    private int RightIn(Tensor<T> outputs, int start, int count)
    {
        var right = 0;
        for (var i = 0; i < count; i++)
        {
            for (var position = 0; position < _classes!.Positions; position++)
            {
                if (_classes.Predicted(outputs, i, position)
                    == _classes.Right(_test, start + i, _batch.Target, i, position)) right++;
            }
        }
        return right;
    }

    private int RightOf(Tensor<T> outputs, int start, int count)
    {
        var (right, rows) = (0, PredictedClasses<T>.OfRows(outputs));
        for (var i = 0; i < count; i++)
        {
            if (rows.Predicted(outputs, i, position: 0) == _test.Labels[start + i]) right++;
        }
        return right;
    }

    private void Look()
    {
        if (_notice is null) return;
        if (IsOfBatches && _test.Count % _batch.Samples is > 0 and var left && left < _test.Count)
            _notice(
                $"the last {left} of {_test.Count} samples do not fill a batch of {_batch.Samples}, and are left out "
                + $"of the {(Kind == TestMeasureKind.FreeEnergy ? "free energy" : "loss")}");
        if (IsOfBatches || Kind == TestMeasureKind.InferredAccuracy) return;
        if (_batches.Notice() is { } notice) _notice(notice);
    }
}
