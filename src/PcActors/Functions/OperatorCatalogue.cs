using System.Numerics;

namespace PcActors.Functions;

/// <summary>The operators that a graph can be built from, by their ONNX names.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public static class OperatorCatalogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A new operator is one file and one line here.
    private static readonly Dictionary<string, Func<Attributes, ElementaryFunction<T>>> Constructors = new(StringComparer.Ordinal)
    {
        ["Tanh"] = _ => new Tanh<T>(),
    };

    /// <summary>The names of all operators, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Constructors.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The function of an operator with its attributes.</summary>
    /// <exception cref="NotSupportedException">There is no such operator; the message lists those that there are.</exception>
    /// <exception cref="AttributeException">An attribute is missing or wrong.</exception>
    public static ElementaryFunction<T> Create(string operatorType, Attributes attributes) =>
        Constructors.TryGetValue(operatorType, out var constructor)
            ? constructor(attributes)
            : throw new NotSupportedException(
                $"the operator '{operatorType}' is not supported; supported are {string.Join(", ", Names)}");
}
