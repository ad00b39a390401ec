using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Descriptions;
using PcActors.Learning.Optimizers;
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
        Tolerance = values.Number("tolerance");
        InferenceOptimizer = values.Text("inferenceOptimizer");
        _ = OptimizerOf(1);
    }

    /// <summary>What Z-IL is made with.</summary>
    public static Description<LearningRule> ZilDescription { get; } = new(
        "zil", "zero-divergence inference learning: backpropagation's update, bit for bit",
        values => new LearningRule(values),
        Conditions("zil", learnsAtLevel: true, restsBehindWave: true));

    /// <summary>What IL is made with.</summary>
    public static Description<LearningRule> IlDescription { get; } = new(
        "il", "inference learning: values settle by descent of the free energy, then parameters learn",
        values => new LearningRule(values), Conditions("il", rate: 0.2, steps: 20));

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

    /// <summary>T, the timesteps of inference, or with a <see cref="Tolerance"/> the most;
    /// 0 for as many as the graph is deep.</summary>
    public int InferenceSteps { get; init; }

    /// <summary>Inference ends when the free energy, mean over the batch, falls by less
    /// from one timestep to the next; 0 for never.</summary>
    public double Tolerance { get; init; }

    /// <summary>How values descend the free energy: <c>sgd</c>, <c>momentum</c> or <c>adam</c>. Its state starts each
    /// step at 0.</summary>
    public string InferenceOptimizer { get; init; }

    /// <summary>Whether a vertex acts only when the wave passes it. What it would do afterwards
    /// cannot reach learning.</summary>
    public bool RestsBehindWave { get; init; }

    /// <summary>Standard deviation of a value's displacement from its prediction where C1 is left out.</summary>
    public double InitialNoise { get; init; }

    /// <inheritdoc/>
    public Values Values => _values.With(
        ("name", Name), ("forwardInitialisation", ForwardInitialisation), ("learnsAtLevel", LearnsAtLevel),
        ("inferenceRate", InferenceRate),
        ("inferenceSteps", InferenceSteps), ("restsBehindWave", RestsBehindWave), ("initialNoise", InitialNoise),
        ("tolerance", Tolerance), ("inferenceOptimizer", InferenceOptimizer));

    /// <summary>How many tensors of the value's shape its dynamics keep at a vertex, for each micro-batch. They
    /// start each step at 0.</summary>
    public virtual int StateTensors => 0;

    /// <summary>Whether errors are the variables that move, and values are swept forward from them at each timestep:
    /// x = mu + e. Otherwise values are the variables, and are held.</summary>
    public virtual bool Sweeps => false;

    /// <summary>Whether parameters learn at every timestep. Otherwise they learn once, at their level or after the
    /// last.</summary>
    public virtual bool LearnsEveryTimestep => false;

    /// <summary>Whether pull-backs to parameters may travel as factors. Those are views of their owners' buffers, which
    /// change before everybody has read them while vertices keep moving.</summary>
    internal bool KeepsFactors => RestsBehindWave || (!LearnsAtLevel && !LearnsEveryTimestep);

    /// <summary>Whether the wavefront clock can carry it out: vertices rest behind the wave, and the
    /// dynamics are these here.</summary>
    public bool FitsWavefront => RestsBehindWave && GetType() == typeof(LearningRule);

    /// <summary>Whether its dynamics draw something at random.</summary>
    public virtual bool DrawsAtRandom => !ForwardInitialisation;

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

    /// <summary>A graph as it runs under the rule: levelled, where that is asked for or the rule asks for it, and with
    /// the latent vertices that are chosen. A rule that learns at levels knows no choice
    /// but every vertex; one that rests behind the wave needs none marked.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="isLevelled">Whether it is levelled; null for what the rule asks for.</param>
    /// <param name="latents">Which vertices are latent; null for those that the graph
    /// marks, or for activations where it marks none.</param>
    internal Graph<T> RunGraphOf<T>(Graph<T> graph, bool? isLevelled = null, Latents? latents = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // What rests holds no value that could move.
        if (RestsBehindWave) graph = graph.Bare();
        if (isLevelled ?? LearnsAtLevel) graph = Levelling.Level(graph, everyLevel: !RestsBehindWave);
        if (RestsBehindWave) return graph;
        if (LearnsAtLevel) return Latents.Every.Mark(graph);
        return latents is null && graph.HasLatents ? graph : (latents ?? Latents.Activations).Mark(graph);
    }

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
        Hyperparameter.Number("tolerance", 0, NumberRange.NonNegative,
            "inference ends when the free energy falls by less; 0 for never"),
        Hyperparameter.Text("inferenceOptimizer", "sgd", "how values descend: sgd, momentum or adam"),
        Hyperparameter.Number("inferenceMomentum", 0.9, NumberRange.Fraction,
            "share of the velocity, or of Adam's first moment, that is kept"),
        Hyperparameter.Number("inferenceBeta2", 0.999, NumberRange.Fraction, "decay of Adam's second moment"),
    ];

    /// <summary>t = 0, with mu(0) known: sets the displacement, which is 0, where it is to be another.</summary>
    public virtual void Initialise<T>(VertexInference<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (ForwardInitialisation) return;
        var random = vertex.Random;
        foreach (ref var d in vertex.Displacement) d = T.CreateChecked(InitialNoise * random.NextGaussian());
    }

    /// <summary>t > 0, with the consumers' errors of t - 1 pulled back: moves the displacement. Here it descends the
    /// free energy: d = d - gamma (dE/dx + pulled back), or as the optimizer of values has it.</summary>
    public virtual void Move<T>(VertexInference<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => vertex.Descend(vertex.Gradient());

    /// <summary>At any t, with mu(t) known: sets the error, which is pulled back to the inputs. Here mu - x =
    /// (mu(t) - mu(0)) - d, weighed by the vertex's energy: while the inputs have not
    /// moved, the bracket is exactly 0 and nothing cancels.</summary>
    public virtual void UpdateError<T>(VertexInference<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Sweeps)
        {
            TensorPrimitives.Negate(vertex.Displacement, vertex.Error);
        }
        else
        {
            TensorPrimitives.Subtract(vertex.Prediction, vertex.InitialPrediction, vertex.Error);
            TensorPrimitives.Subtract(vertex.Error, vertex.Displacement, vertex.Error);
        }
        vertex.Weigh();
    }

    /// <summary>What moves the values of a vertex.</summary>
    /// <param name="rate">gamma.</param>
    internal Optimizer OptimizerOf(double rate) => InferenceOptimizer switch
    {
        "sgd" => new Sgd(rate),
        "momentum" => new Momentum(rate, _values.Number("inferenceMomentum")),
        "adam" => new Adam(rate, _values.Number("inferenceMomentum"), _values.Number("inferenceBeta2")),
        _ => throw new ArgumentException(
            $"inferenceOptimizer is '{InferenceOptimizer}'; it must be sgd, momentum or adam"),
    };
}
