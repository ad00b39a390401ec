using PcActors.Functions;
using PcActors.Learning;
using PcActors.Learning.Descriptions;
using PcActors.Learning.Energies;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Rules;
using PcActors.Learning.Schedules;

namespace PcActors.Extensions;

/// <summary>The optimizers, schedules, losses and rules that there are. Operators have a catalogue of their own,
/// <see cref="OperatorCatalogue"/>.</summary>
/// <remarks>Register what is one's own at start, before a run begins, in every process
/// that shares in the run.</remarks>
public static class Catalogues
{
    /// <summary>Optimizers. A new one is one file and one line here.</summary>
    public static Catalogue<Optimizer> Optimizers { get; } = new("optimizer", Sgd.Description, Momentum.Description,
        Adam.Description, AdamW.Description);

    /// <summary>Schedules of the learning rate. A new one is one file and one line here.</summary>
    public static Catalogue<Schedule> Schedules { get; } = new("schedule", Constant.Description,
        WarmUp.Description, StepDecay.Description, Cosine.Description);

    /// <summary>Losses. A new one is one file and one line here.</summary>
    public static Catalogue<Loss> Losses { get; } = new("loss", SquaredError.Description, CrossEntropy.Description,
        CrossEntropy.OfAxis1, OutputLoss.Description);

    /// <summary>Rules. A new one is one file and one line here.</summary>
    public static Catalogue<LearningRule> Rules { get; } = new("rule", LearningRule.ZilDescription,
        LearningRule.IlDescription, IncrementalCoding.Description, ErrorCoding.Description,
        AugmentedLagrangian.Description, LangevinSampling.Description);

    /// <summary>Energies. A new one is one file and one line here.</summary>
    public static Catalogue<Energy> Energies { get; } = new("energy", Gaussian.Description, Laplace.Description,
        Bernoulli.Description, Categorical.Description);

    /// <summary>Makes an operator known.</summary>
    /// <exception cref="ArgumentException">Its name is another's, or its class is no function.</exception>
    public static void Register(Operator described) => OperatorCatalogue.Register(described);

    /// <summary>Makes an optimizer known.</summary>
    /// <exception cref="ArgumentException">Its name is another's.</exception>
    public static void Register(Description<Optimizer> optimizer) => Optimizers.Register(optimizer);

    /// <summary>Makes a schedule known.</summary>
    /// <exception cref="ArgumentException">Its name is another's.</exception>
    public static void Register(Description<Schedule> schedule) => Schedules.Register(schedule);

    /// <summary>Makes a loss known.</summary>
    /// <exception cref="ArgumentException">Its name is another's.</exception>
    public static void Register(Description<Loss> loss) => Losses.Register(loss);

    /// <summary>Makes an energy known.</summary>
    /// <exception cref="ArgumentException">Its name is another's.</exception>
    public static void Register(Description<Energy> energy) => Energies.Register(energy);

    /// <summary>Makes a rule known.</summary>
    /// <exception cref="ArgumentException">Its name is another's.</exception>
    public static void Register(Description<LearningRule> rule) => Rules.Register(rule);
}
