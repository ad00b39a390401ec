using System.Collections.Frozen;
using System.Globalization;

namespace PcActors.Functions;

/// <summary>An operator's attributes: names and values, as ONNX has them. Immutable.</summary>
/// <remarks>A value is a <see cref="long"/>, a <see cref="double"/>, a
/// <see cref="string"/>, or an array of one of these. Inputs that ONNX wants constant (Reshape's shape, Slice's starts)
/// are attributes here, under the input's name. Three more are not ONNX's: element_type, the type that it gives to
/// elements which T holds ("float", "int64", "bool"); absent, the positions of optional inputs that are left out before
/// others that are not; and draws, the name of the vertex whose mask a Dropout:mask is.</remarks>
public sealed class Attributes
{
    private readonly FrozenDictionary<string, object> _values;

    private Attributes(FrozenDictionary<string, object> values) => _values = values;

    /// <summary>No attributes: every one has its default.</summary>
    public static Attributes Empty { get; } = new(FrozenDictionary<string, object>.Empty);

    /// <summary>Whether none is set.</summary>
    internal bool IsEmpty => _values.Count == 0;

    /// <summary>The names that are set.</summary>
    public IEnumerable<string> Names => _values.Select(pair => pair.Key).Order(StringComparer.Ordinal);

    /// <summary>Attributes from names and values; integers and floats are widened, absent (null)
    /// values are left out.</summary>
    /// <exception cref="AttributeException">A value is of a kind that no attribute has.</exception>
    public static Attributes Of(params ReadOnlySpan<(string Name, object? Value)> pairs)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            if (value is not null) values[name] = Widen(name, value);
        }
        return new Attributes(values.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>The value as it is held, or null when it is not set.</summary>
    public object? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Whether the attribute is set.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>An integer.</summary>
    public long Integer(string name, long otherwise) => Get(name, otherwise);

    /// <summary>A flag: an integer, 0 for false.</summary>
    public bool Flag(string name, bool otherwise) => Integer(name, otherwise ? 1 : 0) != 0;

    /// <summary>A floating-point number.</summary>
    public double Float(string name, double otherwise) => Get(name, otherwise);

    /// <summary>A text.</summary>
    public string Text(string name, string otherwise) => Get(name, otherwise);

    /// <summary>A list of integers, or null when it is not set.</summary>
    public long[]? Integers(string name) => Get<long[]?>(name, null);

    private TValue Get<TValue>(string name, TValue otherwise) => _values.GetValueOrDefault(name) switch
    {
        null => otherwise,
        TValue value => value,
        var other => throw new AttributeException(
            string.Create(CultureInfo.InvariantCulture,
                $"the attribute '{name}' is {KindOf(other.GetType())}; {KindOf(typeof(TValue))} is wanted")),
    };

    /// <summary>What messages call the kind of an attribute's values.</summary>
    internal static string KindOf(Type type) => type switch
    {
        _ when type == typeof(long) => "a whole number",
        _ when type == typeof(double) => "a number with a fraction",
        _ when type == typeof(string) => "a text",
        _ when type == typeof(long[]) => "a list of whole numbers",
        _ when type == typeof(double[]) => "a list of numbers with fractions",
        _ when type == typeof(string[]) => "a list of texts",
        _ => type.Name,
    };

    private static object Widen(string name, object value) => value switch
    {
        long or double or string or long[] or double[] or string[] => value,
        bool flag => flag ? 1L : 0L,
        int number => (long)number,
        float number => (double)number,
        int[] numbers => Array.ConvertAll(numbers, n => (long)n),
        float[] numbers => Array.ConvertAll(numbers, n => (double)n),
        _ => throw new AttributeException($"the attribute '{name}' has a value of type {value.GetType().Name}, which "
            + "no attribute can have"),
    };
}

/// <summary>An attribute is missing, unknown, of the wrong kind, or out of range. The message names it.</summary>
public sealed class AttributeException(string message) : Exception(message);
