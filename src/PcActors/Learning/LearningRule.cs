namespace PcActors.Learning;

/// <summary>How a network infers and when it learns. Z-IL is the rule that meets all three conditions; IL and the ablations
/// leave some of them out.</summary>
public sealed record LearningRule
{
    /// <summary>A short name for messages: <c>zil</c>, <c>il</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Condition C1: every value starts at its prediction, so that every error but the root's starts at 0.</summary>
    public bool ForwardInitialisation { get; init; } = true;

    /// <summary>Condition C2: a parameter at level l learns from the error that arrives at time l. Otherwise it learns from
    /// the errors that stand after the last timestep.</summary>
    public bool LearnsAtLevel { get; init; }

    /// <summary>Condition C3 is a rate of 1: gamma in dx = gamma (eps - sum of pull-backs).</summary>
    public double InferenceRate { get; init; } = 1;

    /// <summary>T, the timesteps of inference; 0 for as many as the graph is deep.</summary>
    public int InferenceSteps { get; init; }

    /// <summary>Whether a vertex acts only when the wave passes it. What it would do afterwards cannot reach learning.</summary>
    public bool RestsBehindWave { get; init; }

    /// <summary>Standard deviation of a value's displacement from its prediction where C1 is left out.</summary>
    public double InitialNoise { get; init; } = 0.1;

    /// <summary>Zero-divergence inference learning: backpropagation's update, bit for bit, on a levelled graph.</summary>
    public static LearningRule Zil { get; } = new() { Name = "zil", LearnsAtLevel = true, RestsBehindWave = true };

    /// <summary>Inference learning, ordinary predictive coding: T steps of inference, then learning.</summary>
    /// <param name="steps">T, at least 1.</param>
    /// <param name="rate">gamma, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static LearningRule Il(int steps, double rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!(rate > 0 && double.IsFinite(rate)))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "the inference rate must be positive and finite");
        return new() { Name = "il", InferenceSteps = steps, InferenceRate = rate };
    }

    /// <summary>T on a graph of a given depth.</summary>
    public int StepsOn(int depth) => InferenceSteps > 0 ? InferenceSteps : depth;
}
