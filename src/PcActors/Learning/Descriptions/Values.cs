using System.Globalization;
using PcActors.Functions;

namespace PcActors.Learning.Descriptions;

/// <summary>The values of all hyperparameters of an optimizer, a loss or a rule, by name. Immutable.</summary>
public sealed class Values : IEquatable<Values>
{
    private readonly string _text;

    internal Values(string kind, Attributes attributes)
    {
        (Kind, Attributes) = (kind, attributes);
        _text = string.Create(CultureInfo.InvariantCulture,
            $"{kind}:{string.Join(',', attributes.Names.Select(name => $"{name}={Format(attributes[name])}"))}");
    }

    /// <summary>The name of the description.</summary>
    public string Kind { get; }

    /// <summary>The values as they travel and are written down.</summary>
    public Attributes Attributes { get; }

    /// <summary>A number.</summary>
    public double Number(string name) => (double)Of(name);

    /// <summary>A whole number.</summary>
    public int Whole(string name) => (int)(long)Of(name);

    /// <summary>A flag.</summary>
    public bool Flag(string name) => (long)Of(name) != 0;

    /// <summary>A text.</summary>
    public string Text(string name) => (string)Of(name);

    /// <summary>The same values but for some.</summary>
    public Values With(params ReadOnlySpan<(string Name, object? Value)> others)
    {
        var all = Attributes.Names.ToDictionary(name => name, name => (object?)Attributes[name]);
        foreach (var (name, value) in others) all[name] = value;
        return new Values(Kind, Attributes.Of([.. all.Select(value => (value.Key, value.Value))]));
    }

    /// <inheritdoc/>
    public bool Equals(Values? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Values);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    /// <summary>The name and every value, in ordinal order of their names. The same text means the same bits.</summary>
    public override string ToString() => _text;

    private static string Format(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private object Of(string name) =>
        Attributes[name]
            ?? throw new InvalidOperationException($"there is no hyperparameter '{name}'; describe it first");
}

/// <summary>What is made from a <see cref="Description{TKind}"/>, and can be made again from its values.</summary>
public interface IDescribed
{
    /// <summary>The name of its description, and the values that it was made with.</summary>
    Values Values { get; }
}
