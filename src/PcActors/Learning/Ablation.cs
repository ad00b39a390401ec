namespace PcActors.Learning;

/// <summary>Z-IL with one of its conditions left out. Without any one of them the update is not
/// backpropagation's.</summary>
/// <remarks>All of them run the full dynamics under lockstep: vertices do not rest behind the wave.</remarks>
public sealed record Ablation
{
    /// <summary>The inference rate that <see cref="OfInferenceRate"/> takes when none is given.</summary>
    public const double DefaultRate = 0.5;

    private static readonly LearningRule FullDynamics = LearningRule.Zil with { RestsBehindWave = false };

    private Ablation(string name, string description, LearningRule rule) =>
        (Name, Description, Rule) = (name, description, rule with { Name = $"zil without {name}" });

    /// <summary>Without C1: values start beside their predictions.</summary>
    public static Ablation ForwardInitialisation { get; } = new(
        "forward-init", "values start beside their predictions, so that errors stand before the target is clamped (C1)",
        FullDynamics with { ForwardInitialisation = false });

    /// <summary>Without C2: parameters learn after the last timestep.</summary>
    public static Ablation UpdateTime { get; } = new(
        "update-time", "parameters learn from the errors that stand after the last timestep (C2)",
        FullDynamics with { LearnsAtLevel = false });

    /// <summary>Without levelling: the original graph runs, on which paths of different lengths meet.</summary>
    public static Ablation Levelling { get; } = new(
        "levelling", "the graph runs without identity vertices, so that errors of one vertex arrive at different times",
        FullDynamics)
    {
        IsLevelled = false,
    };

    /// <summary>The names, in the order of the conditions.</summary>
    public static IReadOnlyList<string> Names { get; } = ["forward-init", "update-time", "inference-rate", "levelling"];

    /// <summary>What is left out, as the command line calls it.</summary>
    public string Name { get; }

    /// <summary>What happens instead, in words.</summary>
    public string Description { get; }

    /// <summary>The rule that remains.</summary>
    public LearningRule Rule { get; }

    /// <summary>Whether the graph is levelled.</summary>
    public bool IsLevelled { get; private init; } = true;

    /// <summary>Without C3: gamma is not 1.</summary>
    /// <param name="rate">gamma, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive and finite.</exception>
    public static Ablation OfInferenceRate(double rate = DefaultRate)
    {
        if (!(rate > 0 && double.IsFinite(rate)))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "the inference rate must be positive and finite");
        return new(
            "inference-rate", FormattableString.Invariant($"the inference rate is {rate} (C3)"),
            FullDynamics with { InferenceRate = rate });
    }

    /// <summary>The ablation of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="rate">gamma, for inference-rate.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Ablation Parse(string name, double rate = DefaultRate) => name switch
    {
        "forward-init" => ForwardInitialisation,
        "update-time" => UpdateTime,
        "inference-rate" => OfInferenceRate(rate),
        "levelling" => Levelling,
        _ => throw new ArgumentException(
            $"unknown ablation '{name}'; known are {string.Join(", ", Names)}", nameof(name)),
    };
}
