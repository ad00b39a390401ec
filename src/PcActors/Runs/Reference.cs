using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Instruments;
using PcActors.Learning.Protocol;
using PcActors.Learning.Reference;
using PcActors.Tensors;

namespace PcActors.Runs;

/// <summary>Backpropagation in this process, sequential and without messages: what Z-IL is compared
/// with. It runs the graph before levelling, and a call returns when the work is done.</summary>
public sealed class Reference : NetworkPlace
{
    /// <inheritdoc/>
    internal override Graph<T> RunGraphOf<T>(Graph<T> graph, NetworkOptions options) => graph.Bare();

    /// <inheritdoc/>
    internal override Task<IRun> StartAsync<T>(NetworkPlan<T> plan, CancellationToken cancellation)
    {
        if (plan.Options.Recording is not null)
            throw new ArgumentException(
                "the reference sends no messages, so there is nothing to record; run the network on actors");
        if (!plan.Options.Rule.RestsBehindWave)
        {
            throw new ArgumentException(
                $"the reference makes backpropagation's update, which is Z-IL's; the rule '{plan.Options.Rule.Name}' "
                + "makes another");
        }
        return Task.FromResult<IRun>(new Run<T>(plan));
    }

    private sealed class Run<T>(NetworkPlan<T> plan) : IRun
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Lock _lock = new();
        private readonly Backpropagation<T> _reference = new(
            plan.Graph, plan.Options.Loss, plan.Options.Optimizer, plan.Options.MicroBatches, plan.Snapshot?.States,
            plan.Options.Seed, plan.Step, plan.Options.Schedule);
        private StepId _current = new(1, plan.Step);
        private RunFailedException? _failure;

        public Task<TResult> DoAsync<TResult>(Job<TResult> job)
        {
            lock (_lock)
            {
                try
                {
                    if (_failure is null) Do(job);
                }
                catch (RunFailedException e)
                {
                    _failure = e;
                }
                catch (Exception e)
                {
                    _failure = RunFailedException.OfVertex(_reference.AtHand, isBetween: false, _current, e);
                }
                if (_failure is not null) job.Fail(_failure);
            }
            return job.Task;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private void Do(Job job)
        {
            switch (job)
            {
                case TrainingStep<T> step:
                    _current = new StepId(1, _current.Step + 1);
                    var loss = _reference.Step(step.Batch);
                    if (!double.IsFinite(loss))
                        throw new DivergedException(_current.Step, _reference.FirstNotFinite(step.Batch));
                    step.Complete(new StepResult(_current.Step, loss, 1));
                    break;
                case Prediction<T> prediction:
                    _current = _current with { Prediction = _current.Prediction + 1 };
                    var parts = new Tensor<T>[prediction.Batch.MicroBatches];
                    for (var micro = 0; micro < parts.Length; micro++)
                        parts[micro] = _reference.Predict(prediction.Batch, micro).Clone();
                    prediction.Complete(Tensor<T>.Stack(parts));
                    break;
                case ParameterCollection<T> collection:
                    collection.Complete(
                        plan.Graph.Parameters.ToDictionary(v => v.Id, v => _reference.Parameter(v.Id).Clone()));
                    break;
                case StateCollection<T> collection:
                    collection.Complete(new RunState<T>(
                        _current.Step, plan.Graph.Parameters.ToDictionary(v => v.Id, v => _reference.Snapshot(v.Id)),
                        new MessageCounts(0, 0)));
                    break;
                case CounterCollection collection:
                    collection.Complete(new MessageCounts(0, 0));
                    break;
            }
        }
    }
}
