using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>The paper's inference learning written down as it stands there, with all values in one place:
/// eps = mu - x, dx = gamma (eps - sum of pull-backs), and after T steps dtheta = -alpha sum of pull-backs.</summary>
internal sealed class InferenceReference
{
    private readonly Graph<double> _graph;
    private readonly Tensor<double>[] _x;
    private readonly Tensor<double>[] _mu;
    private readonly Tensor<double>[] _eps;
    private readonly Loss _loss;
    private readonly Batch<double> _batch;

    public InferenceReference(Graph<double> graph, Loss loss, Batch<double> batch)
    {
        (_graph, _loss, _batch) = (graph, loss, batch);
        _x = [.. graph.Vertices.Select(v => v.Initial?.Clone() ?? new Tensor<double>(v.Shape))];
        _mu = [.. graph.Vertices.Select(v => new Tensor<double>(v.Shape))];
        _eps = [.. graph.Vertices.Select(v => new Tensor<double>(v.Shape))];
        for (var leaf = 0; leaf < batch.Clamped.Count; leaf++) _x[batch.Clamped[leaf]] = batch.Input(leaf, 0);
        foreach (var vertex in graph.Vertices.Where(v => v.Function is not null))
        {
            Predict(vertex);
            _mu[vertex.Id].Span.CopyTo(_x[vertex.Id].Writable);
        }
    }

    /// <summary>The sum of pull-backs at each parameter after some steps of inference, by name: dL /
    /// dtheta as IL has it.</summary>
    public Dictionary<string, double[]> Gradients(int steps, double rate)
    {
        UpdateErrors();
        for (var step = 0; step < steps; step++) Step(rate);
        return _graph.Parameters.Where(p => _graph.RequiresError(p.Id))
            .ToDictionary(p => p.Name, p => Array.ConvertAll(SumOfPullBacks(p.Id), sum => sum / _batch.Size));
    }

    /// <summary>dL / dtheta by backpropagation, by name: at values that have not moved.</summary>
    public Dictionary<string, double[]> Backpropagated()
    {
        UpdateErrors();
        for (var id = _graph.RootId - 1; id >= 0; id--)
        {
            if (_graph.Vertices[id].Function is not null && _graph.RequiresError(id))
                SumOfPullBacks(id).CopyTo(_eps[id].Writable);
        }
        return _graph.Parameters.Where(p => _graph.RequiresError(p.Id))
            .ToDictionary(p => p.Name, p => Array.ConvertAll(SumOfPullBacks(p.Id), sum => sum / _batch.Size));
    }

    /// <summary>The norm of the errors at each level, at times 0 to <paramref name="steps"/>.</summary>
    public double[,] ErrorNorms(int steps, double rate)
    {
        var norms = new double[_graph.Depth + 1, steps + 1];
        UpdateErrors();
        for (var time = 0; time <= steps; time++)
        {
            if (time > 0) Step(rate);
            foreach (var vertex in _graph.Vertices)
            {
                foreach (var e in _eps[vertex.Id].Span) norms[_graph.Level(vertex.Id), time] += e * e;
            }
            for (var level = 0; level <= _graph.Depth; level++) norms[level, time] = Math.Sqrt(norms[level, time]);
        }
        return norms;
    }

    private void Step(double rate)
    {
        var sums = _graph.Vertices.Select(v => SumOfPullBacks(v.Id)).ToArray();
        foreach (var vertex in _graph.Vertices.Where(
            v => v.Function is not null && v.Id != _graph.RootId && _graph.RequiresError(v.Id)))
        {
            var x = _x[vertex.Id].Writable;
            var eps = _eps[vertex.Id].Span;
            for (var i = 0; i < x.Length; i++) x[i] += rate * (eps[i] - sums[vertex.Id][i]);
        }
        foreach (var vertex in _graph.Vertices.Where(v => v.Function is not null)) Predict(vertex);
        UpdateErrors();
    }

    private void Predict(Vertex<double> vertex) => vertex.Function!.Predict(Inputs(vertex.Id), _mu[vertex.Id]);

    private Tensor<double>[] Inputs(int vertex) => [.. _graph.Inputs(vertex).Select(e => _x[e.From])];

    private void UpdateErrors()
    {
        foreach (var vertex in _graph.Vertices.Where(v => v.Function is not null && _graph.RequiresError(v.Id)))
        {
            var mu = _mu[vertex.Id].Span;
            var x = _x[vertex.Id].Span;
            var eps = _eps[vertex.Id].Writable;
            for (var i = 0; i < eps.Length; i++) eps[i] = mu[i] - x[i];
        }
        _loss.Evaluate(
            _mu[_graph.RootId], _batch.TargetOf(0), new double[_batch.Size], _eps[_graph.RootId]);
    }

    private double[] SumOfPullBacks(int vertex)
    {
        var sum = new double[_graph.Vertices[vertex].Shape.Length];
        foreach (var edge in _graph.Consumers(vertex).Where(_graph.CarriesError))
        {
            var part = new Tensor<double>(_graph.Vertices[vertex].Shape);
            _graph.Vertices[edge.To].Function!.PullBack(edge.Slot, Inputs(edge.To), _mu[edge.To], _eps[edge.To], part);
            for (var i = 0; i < sum.Length; i++) sum[i] += part.Span[i];
        }
        return sum;
    }
}
