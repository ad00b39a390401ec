using System.Globalization;

namespace PcActors.Learning.Descriptions;

/// <summary>A number, a flag or a text that an optimizer, a loss or a rule is made with: its name, its kind, its
/// default, what it may be.</summary>
public sealed record Hyperparameter
{
    private readonly NumberRange? _range;

    private Hyperparameter(string name, object otherwise, string help, NumberRange? range = null) =>
        (Name, Default, Help, _range) = (name, otherwise, help, range);

    /// <summary>Its name, in camel case: <c>weightDecay</c>.</summary>
    public string Name { get; }

    /// <summary>Its name as options are spelled, and as a person may spell it: <c>weight-decay</c>.</summary>
    internal string Hyphenated =>
        string.Concat(Name.Select(c => char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}"));

    /// <summary>Its value when none is given: a <see cref="long"/> (a flag's is 0 or 1), a <see cref="double"/> or a
    /// <see cref="string"/>.</summary>
    public object Default { get; }

    /// <summary>One line of help.</summary>
    public string Help { get; }

    /// <summary>Whether it is true or false.</summary>
    public bool IsFlag { get; private init; }

    /// <summary>What it may be, in words that complete "... must be".</summary>
    public string Accepted =>
        IsFlag ? "true or false" : Default is string ? "a text" : $"{_range}";

    /// <summary>A number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="otherwise">Its default.</param>
    /// <param name="range">What it may be.</param>
    /// <param name="help">One line of help.</param>
    public static Hyperparameter Number(string name, double otherwise, NumberRange range, string help) =>
        new(name, otherwise, help, range);

    /// <summary>A whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="otherwise">Its default.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="help">One line of help.</param>
    /// <param name="most">The most that it may be.</param>
    public static Hyperparameter Whole(string name, long otherwise, long least, string help, int most = 1_000_000) =>
        new(name, otherwise, help, NumberRange.Whole(least, most));

    /// <summary>A flag.</summary>
    public static Hyperparameter Flag(string name, bool otherwise, string help) =>
        new(name, otherwise ? 1L : 0L, help) { IsFlag = true };

    /// <summary>A text.</summary>
    public static Hyperparameter Text(string name, string otherwise, string help) => new(name, otherwise, help);

    /// <summary>A value as text: the shortest that reads as the same value.</summary>
    public string Format(object value) => value switch
    {
        long flag when IsFlag => flag == 0 ? "false" : "true",
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    /// <summary>The value that a text stands for.</summary>
    /// <exception cref="ArgumentException">It stands for none that this may have.</exception>
    public object Read(string text)
    {
        object? value = Default switch
        {
            _ when IsFlag => text switch { "true" => 1L, "false" => 0L, _ => null },
            long =>
                long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                    ? whole
                    : null,
            double =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
            _ => text,
        };
        return value is not null && Fits(value)
            ? value
            : throw new ArgumentException($"{Name} is '{text}'; it must be {Accepted}");
    }

    /// <summary>Refuses a value that this may not have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It may not have the value.</exception>
    internal void Check(object value)
    {
        if (!Fits(value)) throw new ArgumentOutOfRangeException(Name, value, $"{Name} must be {Accepted}");
    }

    private bool Fits(object value) => value.GetType() == Default.GetType() && value switch
    {
        long flag when IsFlag => flag is 0 or 1,
        long whole => _range!.Contains(whole),
        double number => _range!.Contains(number),
        _ => true,
    };
}

/// <summary>The finite numbers between two ends.</summary>
public sealed record NumberRange
{
    private readonly double _least;
    private readonly bool _includesLeast;
    private readonly double _most;
    private readonly bool _includesMost;
    private readonly string _words;

    private NumberRange(double least, bool includesLeast, double most, bool includesMost, string words) =>
        (_least, _includesLeast, _most, _includesMost, _words) = (least, includesLeast, most, includesMost, words);

    /// <summary>Above 0.</summary>
    public static NumberRange Positive { get; } = new(0, false, double.MaxValue, true, "a positive, finite number");

    /// <summary>0 and above.</summary>
    public static NumberRange NonNegative { get; } = new(0, true, double.MaxValue, true, "a finite number from 0");

    /// <summary>[0, 1).</summary>
    public static NumberRange Fraction { get; } = new(0, true, 1, false, "a number from 0 to less than 1");

    /// <summary>From a number to another, both included.</summary>
    public static NumberRange Between(double least, double most) =>
        new(least, true, most, true, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));

    internal static NumberRange Whole(long least, long most) =>
        new(least, true, most, true,
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    /// <summary>Whether the number is one of them.</summary>
    public bool Contains(double number) =>
        (_includesLeast ? number >= _least : number > _least) && (_includesMost ? number <= _most : number < _most);

    /// <inheritdoc/>
    public override string ToString() => _words;
}
