using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Descriptions;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning;

/// <summary>How a network infers and when it learns: the conditions that it meets, and the dynamics of
/// values. Z-IL is the rule that meets all three conditions; IL and the ablations leave some of them out. A rule that
/// derives from this one may have dynamics of its own.</summary>
public record LearningRule : IDescribed
{
    private readonly Values _values;

    /// <summary>Creates a rule.</summary>
    /// <param name="values">The values of its hyperparameters, of which <see cref="Conditions"/> are some.</param>
    protected LearningRule(Values values)
    {
        _values = values;
        Name = values.Text("name");
        ForwardInitialisation = values.Flag("forwardInitialisation");
        LearnsAtLevel = values.Flag("learnsAtLevel");
        InferenceRate = values.Number("inferenceRate");
        InferenceSteps = values.Whole("inferenceSteps");
        RestsBehindWave = values.Flag("restsBehindWave");
        InitialNoise = values.Number("initialNoise");
    }

    /// <summary>What Z-IL is made with.</summary>
    public static Description<LearningRule> ZilDescription { get; } = new(
        "zil", "zero-divergence inference learning: backpropagation's update, bit for bit",
        values => new LearningRule(values),
        Conditions("zil", learnsAtLevel: true, restsBehindWave: true));

    /// <summary>What IL is made with.</summary>
    public static Description<LearningRule> IlDescription { get; } = new(
        "il", "inference learning, ordinary predictive coding", values => new LearningRule(values),
        Conditions("il", rate: 0.2, steps: 20));

    /// <summary>Zero-divergence inference learning: backpropagation's update, bit for bit,
    /// on a levelled graph.</summary>
    public static LearningRule Zil { get; } = ZilDescription.Create();

    /// <summary>What messages call it: <c>zil</c>, <c>zil without levelling</c>.</summary>
    public string Name { get; init; }

    /// <summary>Condition C1: every value starts at its prediction, so that every error but the
    /// root's starts at 0.</summary>
    public bool ForwardInitialisation { get; init; }

    /// <summary>Condition C2: a parameter at level l learns from the error that arrives at
    /// time l. Otherwise it learns from the errors that stand after the last timestep.</summary>
    public bool LearnsAtLevel { get; init; }

    /// <summary>Condition C3 is a rate of 1: gamma in dx = gamma (eps - sum of pull-backs).</summary>
    public double InferenceRate { get; init; }

    /// <summary>T, the timesteps of inference; 0 for as many as the graph is deep.</summary>
    public int InferenceSteps { get; init; }

    /// <summary>Whether a vertex acts only when the wave passes it. What it would do afterwards
    /// cannot reach learning.</summary>
    public bool RestsBehindWave { get; init; }

    /// <summary>Standard deviation of a value's displacement from its prediction where C1 is left out.</summary>
    public double InitialNoise { get; init; }

    /// <inheritdoc/>
    public Values Values => _values.With(
        ("name", Name), ("forwardInitialisation", ForwardInitialisation), ("learnsAtLevel", LearnsAtLevel),
        ("inferenceRate", InferenceRate),
        ("inferenceSteps", InferenceSteps), ("restsBehindWave", RestsBehindWave), ("initialNoise", InitialNoise));

    /// <summary>How many tensors of the value's shape its dynamics keep at a vertex, for each micro-batch. They
    /// start each step at 0.</summary>
    public virtual int StateTensors => 0;

    /// <summary>Whether the wavefront clock can carry it out: vertices rest behind the wave, and the
    /// dynamics are these here.</summary>
    public bool FitsWavefront => RestsBehindWave && GetType() == typeof(LearningRule);

    /// <summary>Whether its dynamics may draw something at random.</summary>
    internal bool DrawsAtRandom => !ForwardInitialisation || GetType() != typeof(LearningRule);

    /// <summary>Inference learning, ordinary predictive coding: T steps of inference, then learning.</summary>
    /// <param name="steps">T, at least 1.</param>
    /// <param name="rate">gamma, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static LearningRule Il(int steps, double rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return IlDescription.Create(("inferenceSteps", steps), ("inferenceRate", rate));
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    /// <summary>T on a graph of a given depth.</summary>
    public int StepsOn(int depth) => InferenceSteps > 0 ? InferenceSteps : depth;

    /// <summary>A graph as it runs under the rule: levelled, where that is asked for or the rule asks for it.</summary>
    internal Graph<T> RunGraphOf<T>(Graph<T> graph, bool? isLevelled = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        isLevelled ?? LearnsAtLevel ? Levelling.Level(graph) : graph;

    /// <summary>The hyperparameters that every rule has, with the defaults of one.</summary>
    protected static IReadOnlyList<Hyperparameter> Conditions(
        string name, bool forwardInitialisation = true, bool learnsAtLevel = false, double rate = 1, int steps = 0,
        bool restsBehindWave = false, double initialNoise = 0.1) =>
    [
        Hyperparameter.Text("name", name, "what messages call it"),
        Hyperparameter.Flag("forwardInitialisation", forwardInitialisation,
            "every value starts at its prediction (C1)"),
        Hyperparameter.Flag("learnsAtLevel", learnsAtLevel,
            "a parameter at level l learns from the error that arrives at time l (C2)"),
        Hyperparameter.Number("inferenceRate", rate, NumberRange.Positive,
            "gamma, how far a value moves in a timestep (C3: 1)"),
        Hyperparameter.Whole("inferenceSteps", steps, Math.Min(steps, 1),
            "T, the timesteps of inference; 0 for as many as the graph is deep"),
        Hyperparameter.Flag("restsBehindWave", restsBehindWave, "a vertex acts only when the wave passes it"),
        Hyperparameter.Number("initialNoise", initialNoise, NumberRange.NonNegative,
            "displacement from the prediction without C1"),
    ];

    /// <summary>t = 0, with mu(0) known: sets the displacement, which is 0, where it is to be another.</summary>
    public virtual void Initialise<T>(VertexInference<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (ForwardInitialisation) return;
        var random = vertex.Random;
        foreach (ref var d in vertex.Displacement) d = T.CreateChecked(InitialNoise * random.NextGaussian());
    }

    /// <summary>t > 0, with the consumers' errors of t - 1 pulled back: moves the displacement. Here d = d + gamma
    /// (eps - pulled back).</summary>
    public virtual void Move<T>(VertexInference<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var step = vertex.PulledBack;
        TensorPrimitives.Subtract(vertex.Error, step, step);
        TensorPrimitives.FusedMultiplyAdd(step, T.CreateChecked(InferenceRate), vertex.Displacement,
            vertex.Displacement);
    }

    /// <summary>At any t, with mu(t) known: sets the error, which is pulled back to the inputs. Here eps =
    /// (mu(t) - mu(0)) - d: while the inputs have not moved, the bracket is exactly 0 and nothing cancels.</summary>
    public virtual void UpdateError<T>(VertexInference<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Subtract(vertex.Prediction, vertex.InitialPrediction, vertex.Error);
        TensorPrimitives.Subtract(vertex.Error, vertex.Displacement, vertex.Error);
    }
}
