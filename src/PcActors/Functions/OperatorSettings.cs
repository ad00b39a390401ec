
namespace PcActors.Functions;

/// <summary>An operator's attributes as its function reads them, each under the name and the kind under which it is described;
/// what is not set has its default. They have been checked.</summary>
public sealed class OperatorSettings
{
    /// <summary>The attribute, of every operator with two optional inputs or more, that lists those that are left out before others.</summary>
    internal const string Absent = "absent";

    private readonly long[] _absent;

    internal OperatorSettings(Operator described, Attributes attributes)
    {
        (Operator, Attributes) = (described, attributes);
        // An attribute that nobody reads would be a silent change of meaning.
        foreach (var name in attributes.Names)
        {
            if (described.Find(name) is null && !(name == Absent && described.Optional.Length > 1))
                throw new AttributeException($"it has no attribute '{name}'; {Known}");
        }
        foreach (var attribute in described.Attributes) attribute.Check(attributes[attribute.Name]);
        _absent = attributes.Integers(Absent) ?? [];
        foreach (var position in _absent)
        {
            if (described.Optional.Contains(position)) continue;
            throw new AttributeException(
                $"absent is [{string.Join(", ", _absent)}]; optional are the inputs {described.Optional[0]} to {described.Optional[^1]}");
        }
    }

    /// <summary>The operator.</summary>
    public Operator Operator { get; }

    /// <summary>The attributes that are set.</summary>
    public Attributes Attributes { get; }

    /// <summary>How few inputs there must be.</summary>
    internal int MinInputs => Operator.MinInputs;

    /// <summary>How many there can be.</summary>
    internal int MaxInputs => Operator.MaxInputs - _absent.Length;

    private string Known => Operator.Attributes.Count == 0
        ? "it has none"
        : $"it knows {string.Join(", ", Operator.Attributes.Select(attribute => attribute.Name))}";

    /// <summary>Whether the attribute is set.</summary>
    public bool Has(string name) => Attributes.Has(name);

    /// <summary>A whole number.</summary>
    public long Integer(string name) => (long)Value(name)!;

    /// <summary>An axis, or another whole number that an <see cref="int"/> holds.</summary>
    public int Axis(string name) => (int)Integer(name);

    /// <summary>A flag.</summary>
    public bool Flag(string name) => Integer(name) != 0;

    /// <summary>A floating-point number.</summary>
    public double Float(string name) => (double)Value(name)!;

    /// <summary>A text.</summary>
    public string Text(string name) => (string)Value(name)!;

    /// <summary>Which of an attribute's choices its text is, from 0.</summary>
    public int Choice(string name) => Operator.Find(name)!.Choices.ToList().IndexOf(Text(name));

    /// <summary>Whole numbers, or null when they are not set.</summary>
    public long[]? Integers(string name) => (long[]?)Value(name);

    /// <summary>Axes or extents, or null when they are not set.</summary>
    public int[]? Extents(string name) => Integers(name) is { } numbers ? Array.ConvertAll(numbers, number => (int)number) : null;

    /// <summary>Floating-point numbers, or null when they are not set.</summary>
    public double[]? Floats(string name) => (double[]?)Value(name);

    /// <summary>Which of the function's inputs, from 0, stands at a position in ONNX's list; out of reach when it is left out.</summary>
    public int Place(int position) => _absent.Contains(position) ? int.MaxValue : position - _absent.Count(other => other < position);

    private object? Value(string name) => Attributes[name] is { } value
        ? value
        : Operator.Find(name) is { } known
            ? known.Default
            : throw new InvalidOperationException($"{Operator.Name} reads the attribute '{name}', which its description lacks");
}
