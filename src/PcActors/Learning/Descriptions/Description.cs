using PcActors.Functions;

namespace PcActors.Learning.Descriptions;

/// <summary>All about an optimizer, a loss or a rule that is not mathematics, said once: its name, what
/// it is made with, and how it is made. Messages between nodes, the headers of traces, the digests of checkpoints and
/// the command line follow from it.</summary>
/// <typeparam name="TKind"><see cref="Optimizers.Optimizer"/>, <see cref="Losses.Loss"/> or
/// <see cref="LearningRule"/>.</typeparam>
public sealed record Description<TKind>
    where TKind : class, IDescribed
{
    private readonly Func<Values, TKind> _make;

    /// <summary>Describes.</summary>
    /// <param name="name">The name, in lower case, with hyphens between words: <c>squared-error</c>.</param>
    /// <param name="help">One line of help.</param>
    /// <param name="make">Makes one from the values of all hyperparameters, which have been checked.</param>
    /// <param name="hyperparameters">What it is made with.</param>
    public Description(string name, string help, Func<Values, TKind> make,
        params IReadOnlyList<Hyperparameter> hyperparameters) =>
        (Name, Help, _make, Hyperparameters) = (name, help, make, hyperparameters);

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>One line of help.</summary>
    public string Help { get; }

    /// <summary>What it is made with.</summary>
    public IReadOnlyList<Hyperparameter> Hyperparameters { get; }

    /// <summary>One with some values given, and the defaults of all others.</summary>
    /// <exception cref="ArgumentException">There is no such hyperparameter, or a value is out of its range.</exception>
    public TKind Create(params ReadOnlySpan<(string Name, object? Value)> given) => _make(Complete(given));

    /// <summary>One as it was: every value is given.</summary>
    /// <exception cref="ArgumentException">A value is missing, of no hyperparameter, or out of range.</exception>
    public TKind Restore(Attributes values)
    {
        foreach (var known in Hyperparameters)
        {
            if (!values.Has(known.Name)) throw new ArgumentException($"{Name} lacks its {known.Name}");
        }
        return Create([.. values.Names.Select(name => (name, values[name]))]);
    }

    /// <summary>The values of all hyperparameters, of which some are given.</summary>
    /// <exception cref="ArgumentException">There is no such hyperparameter, or a value is out of its range.</exception>
    public Values Complete(params ReadOnlySpan<(string Name, object? Value)> given)
    {
        var attributes = Attributes.Of(given);
        foreach (var name in attributes.Names) Find(name).Check(attributes[name]!);
        return new Values(Name,
            Attributes.Of(
                [.. Hyperparameters.Select(
                    known => (known.Name, (object?)(attributes[known.Name] ?? known.Default)))]));
    }

    /// <summary>The hyperparameter that a person spells so, <c>weightDecay</c> or <c>weight-decay</c>; null when there
    /// is none.</summary>
    internal Hyperparameter? Spelled(string name) => Hyperparameters.FirstOrDefault(known => known.Name == name)
        ?? Hyperparameters.FirstOrDefault(known => known.Hyphenated == name);

    /// <summary>The hyperparameter of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public Hyperparameter Find(string name) =>
        Hyperparameters.FirstOrDefault(known => known.Name == name) ?? throw new ArgumentException(
        $"{Name} has no {name}; it has "
        + $"{(Hyperparameters.Count == 0 ? "none" : string.Join(", ", Hyperparameters.Select(known => known.Name)))}");
}
