using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>A graph's prediction and loss as a function of its parameters: nothing but the functions,
/// one after the other.</summary>
internal sealed class ForwardPass(Graph<double> graph, Loss loss, Batch<double> batch)
{
    private readonly Tensor<double>[] _values = [
        .. graph.Vertices.Select(v => v.Initial?.Clone() ?? new Tensor<double>(v.Shape))];

    /// <summary>The parameters' values, for writing.</summary>
    public Tensor<double> Parameter(int vertex) => _values[vertex];

    /// <summary>The loss, mean over the batch.</summary>
    public double Loss()
    {
        var sum = 0.0;
        for (var micro = 0; micro < batch.MicroBatches; micro++)
        {
            for (var leaf = 0; leaf < batch.Clamped.Count; leaf++)
                _values[batch.Clamped[leaf]] = batch.Input(leaf, micro);
            foreach (var vertex in graph.Vertices.Where(v => v.Function is not null))
                vertex.Function!.Predict([.. graph.Inputs(vertex.Id).Select(e => _values[e.From])], _values[vertex.Id]);
            sum += IndependentLoss.Of(loss, _values[graph.RootId], batch.TargetOf(micro)) / batch.Size;
        }
        return sum;
    }
}
