using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Optimizers;
using PcActors.Tensors;

namespace PcActors.Runs;

/// <summary>The second derivatives of one sample's free energy in all values that inference moves: how fast and how
/// steadily it can settle is in their eigenvalues.</summary>
/// <remarks>By central differences of the gradient, which vertices give; exact up to rounding where F is quadratic. Of
/// small networks in float64: with N numbers that move, 2 N timesteps are run.</remarks>
public sealed class ValueHessian
{
    private ValueHessian(IReadOnlyList<string> vertices, double[,] elements) =>
        (Vertices, Elements) = (vertices, elements);

    /// <summary>The vertex that each row is of: a latent vertex or a free leaf, in graph order, its units
    /// row-major.</summary>
    public IReadOnlyList<string> Vertices { get; }

    /// <summary>d2F / dx_i dx_j, symmetric.</summary>
    public double[,] Elements { get; }

    /// <summary>The Hessian at given values, or at the forward initialisation.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="options">How it runs: latents, energies and loss are of them.</param>
    /// <param name="batch">Inputs and target, of one micro-batch.</param>
    /// <param name="sample">Which of its samples.</param>
    /// <param name="values">Values of latent vertices and free leaves by name, for the
    /// whole batch; null for the forward initialisation, and there 0 for free leaves.</param>
    /// <param name="snapshot">Where parameters are from; null for initial values.</param>
    /// <exception cref="ArgumentException">The options do not fit the graph; nothing moves; there is no such
    /// sample.</exception>
    public static ValueHessian At<T>(
        Graph<T> graph, NetworkOptions options, Batch<T> batch, int sample = 0,
        IReadOnlyDictionary<string, Tensor<T>>? values = null, NetworkSnapshot<T>? snapshot = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (options.Rule.LearnsAtLevel)
            throw new ArgumentException($"under the rule '{options.Rule.Name}' values do not settle; il's do");
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, batch.Size);
        var gradient = new Gradient<T>(graph, options, batch, values, snapshot);
        // About the cube root of the unit roundoff: truncation and rounding are alike there.
        var step = Unsafe.SizeOf<T>() == sizeof(double) ? 1.0 / (1 << 17) : 1.0 / (1 << 8);
        var places = gradient.PlacesOf(sample);
        var elements = new double[places.Count, places.Count];
        for (var i = 0; i < places.Count; i++)
        {
            ref var moved = ref gradient.Value(places[i]);
            var (at, h) = (moved, T.CreateChecked(step * Math.Max(1, Math.Abs(double.CreateTruncating(moved)))));
            moved = at + h;
            var (up, above) = (double.CreateTruncating(moved), gradient.At(places));
            moved = at - h;
            var (down, below) = (double.CreateTruncating(moved), gradient.At(places));
            moved = at;
            for (var j = 0; j < places.Count; j++) elements[i, j] = (above[j] - below[j]) / (up - down);
        }
        for (var i = 0; i < places.Count; i++)
        {
            for (var j = 0; j < i; j++)
                elements[i, j] = elements[j, i] = (elements[i, j] + elements[j, i]) / 2;
        }
        return new ValueHessian([.. places.Select(p => gradient.NameOf(p))], elements);
    }

    /// <summary>dF/dx: how far values move in one timestep of gradient descent with a rate of 1.</summary>
    private sealed class Gradient<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Graph<T> _graph;
        private readonly LocalRun<T> _run;
        private readonly int[] _moving;
        private readonly Dictionary<int, Clamp<T>[]> _clamps = [];
        private readonly int _samples;

        public Gradient(Graph<T> graph, NetworkOptions options, Batch<T> batch,
            IReadOnlyDictionary<string, Tensor<T>>? values, NetworkSnapshot<T>? snapshot)
        {
            var plan = NetworkPlan<T>.Of(graph, options with
            {
                Where = new InProcess(),
                Recording = null,
                Clock = Clock.Lockstep,
                Rule = LearningRule.Il(1, 1),
                Codings = [.. options.Codings.Select(c => c with { InferenceRate = null })],
                Optimizer = new Sgd(1),
                MicroBatches = 1,
            }, null);
            new BatchForm<T>(graph, options.Loss, 1, options.Clamped).Require(batch);
            (_graph, _samples) = (plan.Graph, batch.Size);
            _run = new LocalRun<T>(plan, snapshot?.States);
            _moving =
            [
                .. _graph.Vertices.Where(v => (v.IsLatent || v.IsFree) && !options.Clamped.Contains(v.Name))
                    .Select(v => v.Id),
            ];
            if (_moving.Length == 0)
                throw new ArgumentException("no vertex is latent and no data leaf is free: no value moves");
            if (values is null) _run.Do(new Prediction<T>(batch));
            foreach (var id in _moving)
            {
                var start = values is null
                    ? _run.Vertices[id].Values![0]
                    : values.GetValueOrDefault(_graph.Vertices[id].Name)
                        ?? throw new ArgumentException($"the value of '{_graph.Vertices[id].Name}' is missing");
                _clamps[id] = [new Clamp<T>(start.Clone(), new Tensor<T>(start.Shape))];
            }
            for (var place = 0; place < batch.Clamped.Count; place++)
                _clamps.TryAdd(batch.Clamped[place], [new Clamp<T>(batch.Inputs[place])]);
            _clamps[_graph.RootId] = [new Clamp<T>(batch.Target)];
        }

        /// <summary>A number that moves.</summary>
        public ref T Value((int Vertex, int Unit) place) =>
            ref _clamps[place.Vertex][0].Value!.Writable[place.Unit];

        public string NameOf((int Vertex, int Unit) place) => _graph.Vertices[place.Vertex].Name;

        /// <summary>A sample's numbers that move.</summary>
        public List<(int Vertex, int Unit)> PlacesOf(int sample)
        {
            var places = new List<(int Vertex, int Unit)>();
            foreach (var id in _moving)
            {
                var units = _graph.Vertices[id].Shape.Length / _samples;
                for (var unit = 0; unit < units; unit++) places.Add((id, (sample * units) + unit));
            }
            return places;
        }

        public double[] At(List<(int Vertex, int Unit)> places)
        {
            var moved = _run.Do(new InferenceJob<T>(_clamps, _moving, _samples)).Values;
            return [.. places.Select(p => double.CreateTruncating(Value(p) - moved[p.Vertex].Span[p.Unit]))];
        }
    }
}
