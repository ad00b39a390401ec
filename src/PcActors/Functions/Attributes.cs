using System.Collections.Frozen;
using System.Globalization;

namespace PcActors.Functions;

/// <summary>An operator's attributes: names and values, as ONNX has them. Immutable.</summary>
/// <remarks>A value is a <see cref="long"/>, a <see cref="double"/>, a <see cref="string"/>, or an array of one of these.
/// Inputs that ONNX wants constant (Reshape's shape, Slice's starts) are attributes here, under the input's name. Two more
/// are not ONNX's: element_type, the type that it gives to elements which T holds ("float", "int64", "bool"), and absent, the
/// positions of optional inputs that are left out before others that are not.</remarks>
public sealed class Attributes
{
    private readonly FrozenDictionary<string, object> _values;

    private Attributes(FrozenDictionary<string, object> values) => _values = values;

    /// <summary>No attributes: every one has its default.</summary>
    public static Attributes Empty { get; } = new(FrozenDictionary<string, object>.Empty);

    /// <summary>The names that are set.</summary>
    public IEnumerable<string> Names => _values.Keys.Order(StringComparer.Ordinal);

    /// <summary>Attributes from names and values; integers and floats are widened, absent (null) values are left out.</summary>
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

    /// <summary>An integer that must be set.</summary>
    /// <exception cref="AttributeException">It is not.</exception>
    public long RequiredInteger(string name) =>
        Has(name) ? Integer(name, 0) : throw new AttributeException($"the attribute '{name}' is missing");

    /// <summary>An axis: an integer, negative to count from the last.</summary>
    /// <exception cref="AttributeException">It is beyond what any shape has.</exception>
    public int Axis(string name, int otherwise) => ToAxis(name, Integer(name, otherwise));

    /// <summary>An axis that must be set.</summary>
    /// <exception cref="AttributeException">It is not, or is beyond what any shape has.</exception>
    public int RequiredAxis(string name) => ToAxis(name, RequiredInteger(name));

    /// <summary>A list of axes, or null when it is not set.</summary>
    /// <exception cref="AttributeException">One is beyond what any shape has.</exception>
    public int[]? Axes(string name) => Integers(name) is { } axes ? Array.ConvertAll(axes, axis => ToAxis(name, axis)) : null;

    /// <summary>A flag: an integer, 0 for false.</summary>
    public bool Flag(string name, bool otherwise) => Integer(name, otherwise ? 1 : 0) != 0;

    /// <summary>A floating-point number.</summary>
    public double Float(string name, double otherwise) => Get(name, otherwise);

    /// <summary>A text.</summary>
    public string Text(string name, string otherwise) => Get(name, otherwise);

    /// <summary>A list of integers, or null when it is not set.</summary>
    public long[]? Integers(string name) => Get<long[]?>(name, null);

    /// <summary>A list of integers that must be set.</summary>
    /// <exception cref="AttributeException">It is not.</exception>
    public long[] RequiredIntegers(string name) =>
        Integers(name) ?? throw new AttributeException($"the attribute '{name}' is missing");

    /// <summary>A list of floating-point numbers, or null when it is not set.</summary>
    public double[]? Floats(string name) => Get<double[]?>(name, null);

    private TValue Get<TValue>(string name, TValue otherwise) => _values.GetValueOrDefault(name) switch
    {
        null => otherwise,
        TValue value => value,
        var other => throw new AttributeException(
            string.Create(CultureInfo.InvariantCulture, $"the attribute '{name}' is a {other.GetType().Name}; a {typeof(TValue).Name} is wanted")),
    };

    private static int ToAxis(string name, long axis) => axis is >= int.MinValue and <= int.MaxValue
        ? (int)axis
        : throw new AttributeException(string.Create(CultureInfo.InvariantCulture, $"the attribute '{name}' is {axis}, which is no axis"));

    private static object Widen(string name, object value) => value switch
    {
        long or double or string or long[] or double[] or string[] => value,
        bool flag => flag ? 1L : 0L,
        int number => (long)number,
        float number => (double)number,
        int[] numbers => Array.ConvertAll(numbers, n => (long)n),
        float[] numbers => Array.ConvertAll(numbers, n => (double)n),
        _ => throw new AttributeException($"the attribute '{name}' has a value of type {value.GetType().Name}, which no attribute can have"),
    };
}
