using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Training;

/// <summary>A network that learns nothing: the class that it predicts is a sample's first feature, its
/// losses are 1, 2, 3, ..., and its parameters count its steps.</summary>
internal sealed class ScriptedNetwork(Graph<float> graph, Loss loss) : INetwork<float>
{
    private Task _previous = Task.CompletedTask;
    private int _underWay;

    public Graph<float> Graph => graph;

    /// <summary>The first features of every training batch, in order.</summary>
    public List<float[]> Seen { get; } = [];

    /// <summary>Steps that have been begun and have not ended.</summary>
    public int UnderWay => _underWay;

    /// <summary>The step that fails, from 1.</summary>
    public int FailsAt { get; init; } = int.MaxValue;

    /// <summary>Called at each prediction.</summary>
    public Action? Predicts { get; init; }

    /// <summary>How many of a prediction's first samples are classified wrongly after so many steps.</summary>
    public Func<int, int> WrongAfter { get; init; } = _ => 0;

    public Graph<float> RunGraph => Graph;

    public Loss Loss => loss;

    public Batch<float> NewBatch() => new(graph, loss, 1);

    public Task<Inference<float>> InferAsync(
        IReadOnlyDictionary<string, Clamp<float>> clamps, IReadOnlyList<string> reads) =>
        throw new NotSupportedException();

    public Task<StepResult> StepAsync(Batch<float> batch)
    {
        Seen.Add(FirstFeatures(batch));
        Interlocked.Increment(ref _underWay);
        var step = Step(_previous, batch, Seen.Count);
        _previous = step;
        return step;
    }

    public Task<Tensor<float>> PredictAsync(Batch<float> batch)
    {
        Predicts?.Invoke();
        var prediction = new Tensor<float>(graph.Root.Shape);
        var classes = prediction.Shape[-1];
        var features = FirstFeatures(batch);
        for (var sample = 0; sample < features.Length; sample++)
        {
            var shift = sample < WrongAfter(Seen.Count) ? 1 : 0;
            prediction.Writable[(sample * classes) + (((int)features[sample] + shift) % classes)] = 1;
        }
        return Task.FromResult(prediction);
    }

    public Task<IReadOnlyList<NamedTensor<float>>> ParametersAsync() =>
        Task.FromResult<IReadOnlyList<NamedTensor<float>>>([]);

    public Task<NetworkSnapshot<float>> SnapshotAsync() =>
        Task.FromResult(
            new NetworkSnapshot<float>(
                Seen.Count, graph.Parameters.ToDictionary(p => p.Name, p => StateOf(p.Shape)), new(0, 0)));

    public Task<MessageCounts> CountMessagesAsync() => Task.FromResult(new MessageCounts(0, 0));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Every parameter's elements are the number of steps.</summary>
    private ParameterSnapshot<float> StateOf(Shape shape)
    {
        var value = new Tensor<float>(shape);
        value.Writable.Fill(Seen.Count);
        return new(value, Seen.Count, []);
    }

    private async Task<StepResult> Step(Task previous, Batch<float> batch, int number)
    {
        float[] before = [.. batch.Inputs[0].Span, .. batch.Target.Span];
        await previous.ContinueWith(_ => { }, TaskScheduler.Default);
        await Task.Yield();
        float[] after = [.. batch.Inputs[0].Span, .. batch.Target.Span];
        Interlocked.Decrement(ref _underWay);
        // Whoever refills a batch before its step has ended trains on something else.
        Assert.Equal<float>(before, after);
        return number < FailsAt ? new StepResult(number, number, 1) : throw new DivergedException(number, "somewhere");
    }

    private static float[] FirstFeatures(Batch<float> batch)
    {
        var input = batch.Inputs[0];
        return [.. Enumerable.Range(0, batch.Size).Select(n => input.Span[n * (input.Length / batch.Size)])];
    }
}
