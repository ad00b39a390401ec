namespace PcActors.Functions;

/// <summary>An attribute of an operator: its kind, what it may be, and what it is when it is not set.</summary>
public sealed record OperatorAttribute
{
    private readonly Type _type;
    private readonly long _least = long.MinValue;
    private readonly long _most = long.MaxValue;

    private OperatorAttribute(string name, Type type) => (Name, _type) = (name, type);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its value when it is not set: a <see cref="long"/>, a <see cref="double"/> or a <see cref="string"/>;
    /// null when there is none.</summary>
    public object? Default { get; private init; }

    /// <summary>Whether it must be set.</summary>
    public bool IsRequired { get; private init; }

    /// <summary>The texts that it may be; empty when it may be any.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>Whether it is a list.</summary>
    public bool IsList => _type.IsArray;

    /// <summary>Whether it is a whole number, or a list of them.</summary>
    public bool IsInteger => _type == typeof(long) || _type == typeof(long[]);

    /// <summary>Whether it is one floating-point number.</summary>
    internal bool IsFloat => _type == typeof(double);

    /// <summary>The same, but it must be set.</summary>
    public OperatorAttribute Required => this with { IsRequired = true };

    /// <summary>A whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="otherwise">Its value when it is not set; null: it has none.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="most">The most that it may be.</param>
    public static OperatorAttribute Integer(string name, long? otherwise = null, long least = long.MinValue,
        long most = long.MaxValue) =>
        new(name, typeof(long), least, most) { Default = otherwise };

    /// <summary>An axis: a whole number, negative to count from the last.</summary>
    public static OperatorAttribute Axis(string name, int? otherwise = null) =>
        Integer(name, otherwise, int.MinValue, int.MaxValue);

    /// <summary>A number that is 0 for false.</summary>
    public static OperatorAttribute Flag(string name, bool otherwise = false) => Integer(name, otherwise ? 1 : 0);

    /// <summary>A floating-point number.</summary>
    public static OperatorAttribute Float(string name, double otherwise) =>
        new(name, typeof(double)) { Default = otherwise };

    /// <summary>A text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="choices">What it may be, the default first; none when it may be
    /// anything, and has no default.</param>
    public static OperatorAttribute Text(string name, params string[] choices) =>
        new(name, typeof(string)) { Default = choices.FirstOrDefault(), Choices = choices };

    /// <summary>Whole numbers, without a default.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="least">The least that each may be.</param>
    /// <param name="most">The most that each may be.</param>
    public static OperatorAttribute Integers(string name, long least = long.MinValue, long most = long.MaxValue) =>
        new(name, typeof(long[]), least, most);

    /// <summary>Extents, or other counts: whole numbers below 2^31, without a default.</summary>
    public static OperatorAttribute Extents(string name, int least = 0) => Integers(name, least, int.MaxValue);

    /// <summary>Axes, negative to count from the last, without a default.</summary>
    public static OperatorAttribute Axes(string name) => Integers(name, int.MinValue, int.MaxValue);

    /// <summary>Floating-point numbers, without a default.</summary>
    public static OperatorAttribute Floats(string name) => new(name, typeof(double[]));

    private OperatorAttribute(string name, Type type, long least, long most)
        : this(name, type) => (_least, _most) = (least, most);

    /// <summary>Refuses a value, or that there is none.</summary>
    /// <exception cref="AttributeException">It is missing, of another kind, or out of range.</exception>
    internal void Check(object? value)
    {
        switch (value)
        {
            case null when IsRequired:
                throw new AttributeException($"the attribute '{Name}' is missing");
            case null:
                return;
            case var other when other.GetType() != _type:
                var (found, wanted) = (Attributes.KindOf(other.GetType()), Attributes.KindOf(_type));
                throw new AttributeException($"the attribute '{Name}' is {found}; {wanted} is wanted");
            case string text when Choices.Count > 0 && !Choices.Contains(text, StringComparer.Ordinal):
                throw new AttributeException(
                    $"the attribute '{Name}' is '{text}'; it can be {string.Join(", ", Choices)}");
            case long number when !IsInRange(number):
                throw new AttributeException($"{Name} is {number}; it must be {Range}");
            case long[] numbers when !Array.TrueForAll(numbers, IsInRange):
                throw new AttributeException($"{Name} is [{string.Join(", ", numbers)}]; each must be {Range}");
        }
    }

    private string Range => (_least, _most) switch
    {
        (1, _) when _most > 2 => $"positive: at least 1{Bound}",
        _ when _most - _least == 1 => $"{_least} or {_most}",
        _ => $"at least {_least}{Bound}",
    };

    private string Bound => _most switch
    {
        long.MaxValue => "",
        int.MaxValue => " and below 2^31",
        _ => $" and at most {_most}",
    };

    private bool IsInRange(long number) => number >= _least && number <= _most;
}
