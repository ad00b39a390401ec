using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Reference;
using PcActors.Learning.Vertices;
using PcActors.Tensors;

namespace PcActors.Runs;

/// <summary>What one training step looks like level by level: where the energy has come
/// to, how large errors and updates are, and how far the updates' directions are from backpropagation's.</summary>
/// <remarks>An instrument, no part of a network that learns: it runs the vertices and their coordinator in one place,
/// and looks at all of them. Updates are those of plain gradient descent, over its rate: dF/dtheta where inference has
/// ended, mean over the batch; where parameters learn at every timestep, the sum over these, at the optimizer's
/// rate.</remarks>
public sealed class Diagnosis
{
    private Diagnosis(double loss, InferenceRecord? inference, IReadOnlyList<LevelDiagnosis> levels, double? cosine) =>
        (Loss, Inference, Levels, Cosine) = (loss, inference, levels, cosine);

    /// <summary>The loss at the forward initialisation, mean over the batch.</summary>
    public double Loss { get; }

    /// <summary>The course of inference, with the energies of all vertices; null under Z-IL.</summary>
    public InferenceRecord? Inference { get; }

    /// <summary>By level of the graph that runs, the root's, 0, first.</summary>
    public IReadOnlyList<LevelDiagnosis> Levels { get; }

    /// <summary>The cosine between the whole update and backpropagation's, over all parameters at once; null where one
    /// of them is 0, or the graph has a cycle.</summary>
    public double? Cosine { get; }

    /// <summary>Makes one training step and looks at it.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="options">How it runs; where, and whether it is recorded, has no say.</param>
    /// <param name="batch">Inputs and target.</param>
    /// <param name="snapshot">What it goes on from; null for initial values.</param>
    /// <exception cref="ArgumentException">The options do not fit the graph, or one another.</exception>
    /// <exception cref="RunFailedException">Inference has diverged, or the loss is not finite.</exception>
    public static Diagnosis Of<T>(
        Graph<T> graph, NetworkOptions options, Batch<T> batch, NetworkSnapshot<T>? snapshot = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        snapshot?.RequireFit(graph, options);
        var restored = snapshot?.States.ToDictionary(
            s => s.Key, s => new ParameterSnapshot<T>(s.Value.Value, 0, []), StringComparer.Ordinal);
        var plan = NetworkPlan<T>.Of(graph, options with
        {
            Where = new InProcess(),
            Recording = null,
            Clock = Clock.Lockstep,
            Optimizer = GradientRecorder.Description.Create(("learningRate", options.Optimizer.LearningRate)),
        }, null);
        new BatchForm<T>(graph, options.Loss, options.MicroBatches, options.Clamped).Require(batch);
        var run = new LocalRun<T>(plan, restored);
        var result = run.Do(new TrainingStep<T>(batch, WithEnergies: true));
        var updates = run.Do(new StateCollection<T>()).States
            .ToDictionary(s => plan.Graph.Vertices[s.Key].Name, s => s.Value, StringComparer.Ordinal);
        var reference = !HasReference(graph, options) ? null : Backpropagated(graph, plan.Options, batch, restored);
        var sums = new Sums(plan.Graph.Depth + 1);
        foreach (var energy in result.Inference?.ByVertex ?? [])
        {
            if (energy.Time == result.Inference!.FreeEnergies.Count - 1)
                sums.Energy[plan.Graph.Level(energy.Vertex)] += energy.Energy;
        }
        foreach (var vertex in run.Vertices.OfType<InferenceState<T>>())
        {
            foreach (var error in vertex.Errors)
                sums.Errors[plan.Graph.Level(vertex.Description.Id)] += Dot(error, error) / batch.Size;
        }
        foreach (var vertex in plan.Graph.Vertices.Where(v => v.IsLatent || v.IsFree || v.Id == plan.Graph.RootId))
            sums.Names[plan.Graph.Level(vertex.Id)].Add(vertex.Name);
        foreach (var parameter in plan.Graph.Parameters.Where(p => plan.Graph.RequiresError(p.Id)))
        {
            sums.Names[plan.Graph.Level(parameter.Id)].Add(parameter.Name);
            var (update, other) = (updates[parameter.Name].OptimizerState[0], reference?.Invoke(parameter.Name));
            sums.Add(plan.Graph.Level(parameter.Id), Dot(update, update), other is null ? 0 : Dot(other, other),
                other is null ? 0 : Dot(update, other));
        }
        return new Diagnosis(result.Loss, result.Inference, sums.Result(), sums.Cosine());
    }

    /// <summary>Backpropagation's gradients, by name of the parameter; null of one that it does not reach.</summary>
    /// <summary>Whether backpropagation makes an update of the same step: not where the graph has a cycle, and not
    /// where a latent vertex is clamped, which backpropagation does not know.</summary>
    public static bool HasReference<T>(Graph<T> graph, NetworkOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        !graph.HasCycles && options.Clamped.All(name => graph.Find(name).Kind == VertexKind.Data);

    private static Func<string, Tensor<T>?> Backpropagated<T>(Graph<T> graph, NetworkOptions options, Batch<T> batch,
        IReadOnlyDictionary<string, ParameterSnapshot<T>>? restored)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        graph = Latents.None.Mark(graph);
        if (!graph.RequiresError(graph.RootId)) return _ => null;
        var reference = new Backpropagation<T>(graph, options.Loss, options.Optimizer, options.MicroBatches, restored,
            options.Seed);
        reference.Step(batch);
        return name => graph.Find(name) is var parameter && graph.RequiresError(parameter.Id)
            ? reference.Snapshot(parameter.Id).OptimizerState[0]
            : null;
    }

    private static double Dot<T>(Tensor<T> left, Tensor<T> right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
            sum += double.CreateTruncating(left.Span[i]) * double.CreateTruncating(right.Span[i]);
        return sum;
    }

    /// <summary>Sums by level: energies, squares and products.</summary>
    private sealed class Sums(int count)
    {
        private readonly double[] _updates = new double[count];
        private readonly double[] _references = new double[count];
        private readonly double[] _products = new double[count];

        public double[] Energy { get; } = new double[count];

        public double[] Errors { get; } = new double[count];

        public List<string>[] Names { get; } = [.. Enumerable.Range(0, count).Select(_ => new List<string>())];

        public void Add(int level, double update, double reference, double product)
        {
            _updates[level] += update;
            _references[level] += reference;
            _products[level] += product;
        }

        public double? Cosine() => Cosine(_updates.Sum(), _references.Sum(), _products.Sum());

        public IReadOnlyList<LevelDiagnosis> Result() =>
        [
            .. Enumerable.Range(0, count).Select(level => new LevelDiagnosis(
                level, Energy[level], Math.Sqrt(Errors[level]), Math.Sqrt(_updates[level]),
                Math.Sqrt(_references[level]), Cosine(_updates[level], _references[level], _products[level]))
            {
                Vertices = Names[level],
            }),
        ];

        private static double? Cosine(double update, double reference, double product) =>
            update > 0 && reference > 0 ? product / Math.Sqrt(update) / Math.Sqrt(reference) : null;
    }
}

/// <summary>One level of a training step.</summary>
/// <param name="Level">Of the graph that runs: the root's is 0.</param>
/// <param name="Energy">Of its latent vertices, at level 0 the loss, where inference has ended: mean over the
/// batch.</param>
/// <param name="ErrorNorm">Of the errors of its latent vertices and the root, as they last acted: root of the mean
/// square over samples. Under Z-IL of all vertices, each at its time.</param>
/// <param name="UpdateNorm">Of the update of its parameters; 0 where it has none.</param>
/// <param name="BackpropagationNorm">Of backpropagation's.</param>
/// <param name="Cosine">Between the two; null where one of them is 0.</param>
public sealed record LevelDiagnosis(
    int Level, double Energy, double ErrorNorm, double UpdateNorm, double BackpropagationNorm, double? Cosine)
{
    /// <summary>What is at the level: names of its latent vertices and free leaves, of the root, and of its parameters
    /// that learn.</summary>
    public IReadOnlyList<string> Vertices { get; init; } = [];
}
