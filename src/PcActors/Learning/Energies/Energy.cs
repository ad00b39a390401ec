using System.Numerics;
using PcActors.Learning.Descriptions;

namespace PcActors.Learning.Energies;

/// <summary>The energy E(x, mu) of a vertex that holds a value x where its inputs predict mu, and its derivatives:
/// dE/dmu is pulled back to the inputs, dE/dx moves the value.</summary>
public abstract class Energy : IDescribed
{
    /// <summary>Creates an energy.</summary>
    /// <param name="values">The values of its hyperparameters.</param>
    protected Energy(Values values) => Values = values;

    /// <summary>E = 1/2 |mu - x|^2.</summary>
    public static Energy UnitGaussian { get; } = Energies.Gaussian.Description.Create();

    /// <summary>The name of its description.</summary>
    public string Name => Values.Kind;

    /// <inheritdoc/>
    public Values Values { get; }

    /// <summary>Whether it depends on mu - x alone, so that dE/dx = -dE/dmu.</summary>
    public virtual bool DependsOnDistance => true;

    /// <summary>The value at which the forward initialisation puts the vertex, where E has its least; the default is
    /// the prediction.</summary>
    /// <param name="terms">Its prediction is read, its value set.</param>
    public virtual void Initialise<T>(EnergyTerms<T> terms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => terms.Prediction.CopyTo(terms.Value);

    /// <summary>Each sample's energy, and the derivatives.</summary>
    public abstract void Evaluate<T>(EnergyTerms<T> terms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Each unit's precision Pi at equal values: E = 1/2 Pi |mu - x|^2. An oracle
    /// of linear networks.</summary>
    /// <exception cref="NotSupportedException">The energy is no Gaussian.</exception>
    internal virtual double Precision => throw new NotSupportedException($"{Name} has no precision");
}

/// <summary>What an energy is evaluated from, and where to: one vertex on one micro-batch, row-major, samples along the
/// outermost axis.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct EnergyTerms<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>x.</summary>
    public Span<T> Value { get; init; }

    /// <summary>mu.</summary>
    public ReadOnlySpan<T> Prediction { get; init; }

    /// <summary>mu - x, which <see cref="Energy.Evaluate"/> turns into dE/dmu.</summary>
    public Span<T> Error { get; init; }

    /// <summary>Receives dE/dx where that is not -dE/dmu.</summary>
    public Span<T> ValueGradient { get; init; }

    /// <summary>Receives E of each sample.</summary>
    public Span<double> Energies { get; init; }

    /// <summary>Extent of the last axis: of a distribution over classes, the classes.</summary>
    public int LastExtent { get; init; }

    /// <summary>ln Pi of each unit, or one for all, where it is a vertex of its own; otherwise empty.</summary>
    public ReadOnlySpan<T> LogPrecision { get; init; }

    /// <summary>Elements of one sample.</summary>
    public int SampleLength => Prediction.Length / Math.Max(Energies.Length, 1);

    /// <summary>The part of a span that is one sample's.</summary>
    public Span<T> Sample(Span<T> span, int sample) => span.Slice(sample * SampleLength, SampleLength);

    /// <summary>The part of a span that is one sample's.</summary>
    public ReadOnlySpan<T> Sample(ReadOnlySpan<T> span, int sample) =>
        span.Slice(sample * SampleLength, SampleLength);
}
