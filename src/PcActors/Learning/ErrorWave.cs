using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Learning;

/// <summary>How the error travels through a network in one step of inference: the norm of the error by level and time.</summary>
/// <remarks>An instrument, no part of a network that learns: it runs the vertices' own dynamics in one place, without messages,
/// and looks at all of them. Under Z-IL the error of level l stands at time l and nowhere else, and is backpropagation's; under
/// IL it spreads from the root by one level a timestep and settles.</remarks>
public sealed class ErrorWave
{
    private readonly double[] _norms;

    private ErrorWave(int levels, int times) => (Levels, Times, _norms) = (levels, times, new double[levels * times]);

    /// <summary>Levels, from the root's, 0.</summary>
    public int Levels { get; }

    /// <summary>Timesteps, from 0.</summary>
    public int Times { get; }

    /// <summary>The Euclidean norm of the errors of all function vertices at a level, as they act at a time; 0 where they rest.</summary>
    public double Norm(int level, int time) => Math.Sqrt(_norms[(level * Times) + time]);

    /// <summary>Runs the inference of one step and records its errors.</summary>
    /// <param name="graph">The graph, which is levelled here where the rule asks for it.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="loss">Sets the root's error.</param>
    /// <param name="batch">Inputs and target, of one micro-batch.</param>
    /// <exception cref="ArgumentException">The batch has several micro-batches.</exception>
    public static ErrorWave Record<T>(Graph<T> graph, LearningRule rule, Loss loss, Batch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (batch.MicroBatches != 1) throw new ArgumentException($"the batch has {batch.MicroBatches} micro-batches; one is needed", nameof(batch));
        if (rule.LearnsAtLevel) graph = Levelling.Level(graph);
        var run = new Run<T>(graph, rule, loss, batch);
        var steps = rule.StepsOn(graph.Depth);
        var wave = new ErrorWave(graph.Depth + 1, steps + 1);
        for (var time = 0; time <= steps; time++) run.Advance(time, (level, sum) => wave._norms[(level * wave.Times) + time] += sum);
        return wave;
    }

    private sealed class Run<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Graph<T> _graph;
        private readonly LearningRule _rule;
        private readonly Loss _loss;
        private readonly MicroBatchInference<T>?[] _states;
        private readonly EdgeIndex[] _errorEdges;

        public Run(Graph<T> graph, LearningRule rule, Loss loss, Batch<T> batch)
        {
            (_graph, _rule, _loss) = (graph, rule, loss);
            var values = graph.Vertices.Select(v => v.Initial).ToArray();
            foreach (var (leaf, vertex) in graph.DataLeaves.Index()) values[vertex.Id] = batch.Input(leaf, 0);
            _errorEdges = [.. graph.Vertices.Select(v => new EdgeIndex(
                [.. graph.Consumers(v.Id).Where(graph.CarriesError).Select(e => e.Number)]))];
            _states = new MicroBatchInference<T>?[graph.Vertices.Count];
            foreach (var vertex in graph.Vertices.Where(v => v.Function is not null))
            {
                var state = new MicroBatchInference<T>(VertexDescription<T>.Of(graph, vertex.Id), rule, _errorEdges[vertex.Id].Count);
                var inputs = graph.Inputs(vertex.Id);
                for (var slot = 0; slot < inputs.Count; slot++) state.TakeInput(slot, values[inputs[slot].From]!, 0);
                state.Initialise((ulong)vertex.Id);
                values[vertex.Id] = state.Value;
                _states[vertex.Id] = state;
            }
            _states[graph.RootId]!.Target = new ClampTarget<T>(default, 0, batch.TargetOf(0), batch.Size);
        }

        public void Advance(int time, Action<int, double> record)
        {
            var active = _graph.Vertices.Where(v => IsActive(v, time)).ToList();
            if (time > 0)
            {
                foreach (var vertex in active.Where(v => v.Id != _graph.RootId)) _states[vertex.Id]!.Move();
            }
            var moved = !_rule.RestsBehindWave && time > 0;
            var errors = active.ConvertAll(v => _states[v.Id]!.UpdateError(_loss, moved));
            for (var i = 0; i < active.Count; i++)
            {
                record(_graph.Level(active[i].Id), SquaredNorm(errors[i]));
                PullBack(active[i].Id, errors[i], time + 1);
            }
        }

        private bool IsActive(Vertex<T> vertex, int time) => _states[vertex.Id] is not null && _graph.RequiresError(vertex.Id)
            && (!_rule.RestsBehindWave || _graph.Level(vertex.Id) == time);

        private void PullBack(int vertex, Tensor<T> error, int time)
        {
            var inputs = _graph.Inputs(vertex);
            for (var slot = 0; slot < inputs.Count; slot++)
            {
                var edge = inputs[slot];
                if (_states[edge.From] is not { } receiver || !_graph.CarriesError(edge)) continue;
                receiver.TakeError(_errorEdges[edge.From].Find(edge.Number), _states[vertex]!.Evaluation.PullBack(slot, error), time);
            }
        }

        private static double SquaredNorm(Tensor<T> error)
        {
            var sum = 0.0;
            foreach (var element in error.Span)
            {
                var e = double.CreateTruncating(element);
                sum += e * e;
            }
            return sum;
        }
    }
}
