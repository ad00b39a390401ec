using PcActors.Learning.Descriptions;

namespace PcActors.Learning.Schedules;

/// <summary>How the learning rate changes as a run goes on: a factor of it for each training step. It holds numbers
/// only, and depends on nothing but the step's number, which is the run's, so that a run that is resumed goes on where
/// it was.</summary>
/// <remarks>A factor's bits decide those of the weights: it must be the same on every platform, so nothing may call a
/// mathematical function of the platform.</remarks>
public abstract class Schedule : IDescribed
{
    /// <summary>Creates a schedule.</summary>
    /// <param name="values">The values of its hyperparameters.</param>
    protected Schedule(Values values) => Values = values;

    /// <summary>The factor is 1 at every step.</summary>
    public static Schedule Constant { get; } = Schedules.Constant.Description.Create();

    /// <summary>The name of its description.</summary>
    public string Name => Values.Kind;

    /// <inheritdoc/>
    public Values Values { get; }

    /// <summary>What it lacks, a hyperparameter's name; null when it has all. <see cref="Over"/> gives it.</summary>
    public virtual string? Lacks => null;

    /// <summary>The factor of the learning rate.</summary>
    /// <param name="step">The training step, from 1.</param>
    public abstract double FactorAt(long step);

    /// <summary>The schedule for a run of so many steps, where it lacks that number; else itself.</summary>
    /// <param name="steps">Training steps of the whole run.</param>
    /// <exception cref="ArgumentException">It does not fit a run of that length.</exception>
    public virtual Schedule Over(long steps) => this;
}
